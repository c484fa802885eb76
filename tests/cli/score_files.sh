#!/bin/sh
# s2s evaluate --hypothesis: known scores (made by sacreBLEU, in the metric fixtures), and what is wrong
# with files.
. "$(dirname "$0")/lib.sh"

head -n 10 "$FIXTURES/metric/segments.jsonl" >segments
"$JSON_GET" hypothesis <segments >hypothesis
for i in 0 1 2; do "$JSON_GET" references.$i <segments >reference$i; done

# known METRIC: the value for these segments with one reference and default settings
known() {
    grep '"corpus":"sentences","references":1,"name":"'"$1"'"' "$FIXTURES/metric/scores.jsonl" |
        grep '"signature":"nrefs:1|case:mixed|eff:'"$2"'"' | head -n 1 | "$JSON_GET" printed
}

# agrees PATH METRIC SIGNATURE
agrees() {
    equal "$(json "$1.metric")" "$2"
    equal "$(printf '%.4f' "$(json "$1.score")")" "$(known "$2" "$3")"
}
expect 0 "$S2S" evaluate --hypothesis=hypothesis --reference=reference0 --metric=bleu,chrf,chrf++ --json
equal "$(json sets.0.lines)" 10
agrees sets.0.scores.0 BLEU 'no|tok:13a|smooth:exp'
agrees sets.0.scores.1 chrF2 'yes|nc:6|nw:0|space:no'
agrees sets.0.scores.2 chrF2++ 'yes|nc:6|nw:2|space:no'
expect 0 "$S2S" evaluate --hypothesis=hypothesis --reference=reference0 --reference=reference1 \
    --reference=reference2 --metric=bleu --json
json sets.0.scores.0.signature | grep -q '^nrefs:3|' || fail "three references are three"
awk "BEGIN { exit !($(json sets.0.scores.0.score) > 48.23) }" || fail "more references, lower score"

expect 0 "$S2S" evaluate --hypothesis=- --reference=reference0 <hypothesis
wrote 'BLEU      48.22  nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:s2s-'
wrote '73.7/55.1/41.8/31.9 (BP = 1.000 ratio = 1.010 hyp_len = 99 ref_len = 98)'
wrote 'chrF2     69.49  '
expect 0 "$S2S" evaluate --hypothesis=hypothesis --reference=reference0 --metric=bleu --smoothing=add-k \
    --smoothing-value=0.5
wrote 'BLEU      48.57  '
wrote 'smooth:add-k[0.50]'
expect 0 "$S2S" evaluate --hypothesis=hypothesis --reference=reference0 --metric=bleu --tokenize=char --lowercase
wrote 'case:lc|eff:no|tok:char|'

# Options of one metric each, and metrics that are better when lower.
printf 'The cat said "no".\nA dog.<n>Two cats.\n' >ours
printf 'the cats said "No"\nTwo cats.<n>A dog.\n' >theirs
expect 0 "$S2S" evaluate --hypothesis=ours --reference=theirs --metric=ter,cer,wer,exact_match,token_accuracy
wrote 'TER             71.43  nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:s2s-'
wrote 'exact match      0.00  nrefs:1|case:mixed|version:s2s-'
wrote 'token accuracy  14.29  '
wrote 'CER '
wrote 'WER             85.71  nrefs:1|case:mixed|tok:none|'
expect 0 "$S2S" evaluate --hypothesis=ours --reference=theirs --metric=ter --ter-normalized --ter-no-punct \
    --ter-asian-support --ter-case-sensitive
wrote 'nrefs:1|case:mixed|tok:tercom|norm:yes|punct:no|asian:yes|'
expect 0 "$S2S" evaluate --hypothesis=ours --reference=theirs --metric=ter --ter-case-sensitive --lowercase
wrote 'case:lc|tok:tercom'
expect 0 "$S2S" evaluate --hypothesis=ours --reference=theirs --metric=rouge1,rouge2,rougeL,rougeLsum
wrote 'ROUGE-1    100.00  nrefs:1|case:lc|tok:rouge-score|stem:porter|version:s2s-'
wrote 'P = 100.00 R = 100.00'
wrote 'stem:porter|split:newline|'
expect 0 "$S2S" evaluate --hypothesis=ours --reference=theirs --metric=rouge1,rougeLsum --rouge-stemmer=none \
    --rouge-separator='<n>' --json
equal "$(printf '%.2f' "$(json sets.0.scores.0.score)")" 87.50
equal "$(json sets.0.scores.1.metric)" ROUGE-Lsum
equal "$(printf '%.2f' "$(json sets.0.scores.1.score)")" 87.50
json sets.0.scores.1.signature | grep -q '|stem:none|split:<n>|' || fail "the signature tells the separator"
expect 2 "$S2S" evaluate --hypothesis=ours --reference=theirs --metric=rouge1 --rouge-separator='—'
says 'expected up to 32 ASCII characters'

# Files that do not fit, are empty, missing or no text.
head -n 8 reference0 >short
expect 1 "$S2S" evaluate --hypothesis=hypothesis --reference=short
says 'short has 8 lines but hypothesis has 10: line 9'
expect 1 "$S2S" evaluate --hypothesis=short --reference=reference0 --reference=reference1
says 'short has 8 lines but reference0 has 10: line 9'
expect 1 "$S2S" evaluate --hypothesis=hypothesis --reference=reference0 --reference=short
says 'short has 8 lines'
: >empty
expect 1 "$S2S" evaluate --hypothesis=empty --reference=empty
says 'empty is empty'
expect 1 "$S2S" evaluate --hypothesis=empty --reference=reference0
says 'empty has 0 lines'
expect 1 "$S2S" evaluate --hypothesis=nowhere --reference=reference0
says nowhere
expect 1 "$S2S" evaluate --hypothesis=. --reference=reference0
printf 'a \377\n' >bytes
expect 0 "$S2S" evaluate --hypothesis=bytes --reference=bytes
says 'bytes:1: not UTF-8'

# Wrong use.
expect 2 "$S2S" evaluate
says '--hypothesis'
expect 2 "$S2S" evaluate --hypothesis=a --model=b
expect 2 "$S2S" evaluate --hypothesis=hypothesis
says '--reference is missing'
expect 2 "$S2S" evaluate --hypothesis=hypothesis --reference=reference0 --source=x
says '--source'
expect 2 "$S2S" evaluate --hypothesis=- --reference=-
says 'standard input'
expect 2 "$S2S" evaluate --hypothesis=hypothesis --reference=reference0 --metric=bleux
says 'did you mean bleu?'
expect 2 "$S2S" evaluate --hypothesis=hypothesis --reference=reference0 --tokenize=13b
says '13a, none, char, intl, zh'
