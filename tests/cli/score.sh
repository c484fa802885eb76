#!/bin/sh
# s2s score: log p of targets that are there already, right against wrong ones, n-best lists in a new order.
. "$(dirname "$0")/lib.sh"

cp "$MODEL/test.en" "$MODEL/test.de" .
expect 0 "$S2S" score -m "$MODEL" --source=test.en --target=test.de
wrote_lines 50
awk '!($1 < 0) { exit 1 }' out || fail "log p is below 0"
says 'lines 50, log p -'
mv out plain

# The same from TSV, JSON lines, gzip, and with other batches and threads: each pair by itself.
paste test.en test.de >pairs.tsv
"$S2S" score -m "$MODEL" <pairs.tsv >out
cmp -s out plain || fail "TSV gives something else"
sed 's/\(.*\)\t\(.*\)/{"id": 7, "source": "\1", "target": "\2"}/' pairs.tsv | gzip >pairs.json.gz
expect 0 "$S2S" score -m "$MODEL" --format=json -i pairs.json.gz -o result.gz --quiet
gzip -dc result.gz | "$JSON_GET" log_probability | awk '{ printf "%.6f\n", $1 }' | cmp -s - plain ||
    fail "JSON lines give something else"
[ ! -s err ] || fail "--quiet said something"
for options in --batch-tokens=1 --batch-tokens=100 --batch-tokens=100000 --batch-sentences=1 \
    --batch-sentences=3 --threads=1 --threads=3 '--threads=4 --batch-tokens=30'; do
    # shellcheck disable=SC2086 # several options
    expect 0 "$S2S" score -m "$MODEL" --source=test.en --target=test.de $options
    cmp -s out plain || fail "$options gives something else"
done
expect 0 env OMP_THREAD_LIMIT=2 "$S2S" score -m "$MODEL" -i pairs.tsv --threads=4 --batch-tokens=30
cmp -s out plain || fail "fewer threads than workers give something else"

# Tokens: as many as are told, with the line's log p as their sum.
expect 0 "$S2S" score -m "$MODEL" -i pairs.tsv --tokens-count --tokens
awk -F '\t' '{
    pieces = split($3, piece, " "); numbers = split($4, number, " "); sum = 0
    for (i = 1; i <= numbers; i++) sum += number[i]
    if (NF != 4 || pieces != $2 || numbers != $2 || piece[pieces] != "</s>" || (sum - $1) ^ 2 > 1e-8) exit 1
}' out || fail "tokens do not sum up"
cut -f 1 out | cmp -s - plain || fail "--tokens changes the scores"
mv out tokens
expect 0 "$S2S" score -m "$MODEL" -i pairs.tsv --normalize
paste tokens out | awk -F '\t' '($1 / $2 - $5) ^ 2 > 1e-10 { exit 1 }' || fail "--normalize: log p per token"
expect 0 "$S2S" score -m "$MODEL" --format=json -i pairs.json.gz --tokens --normalize
wrote_lines 50
equal "$(json id | sort -u)" 7
equal "$(json index | tr '\n' ' ')" "$(seq 0 49 | tr '\n' ' ')"
equal "$(json length | tr '\n' ' ')" "$(cut -f 2 tokens | tr '\n' ' ')"
json log_probability >numbers
paste numbers plain | awk '($1 - $2) ^ 2 > 1e-11 { exit 1 }' || fail "JSON tells other scores"
json log_probability_per_token >/dev/null
json tokens.0.token >/dev/null
json tokens.0.log_probability >/dev/null
printf '{"source": "one", "target": "eins", "index": "mine"}\n' | expect 0 "$S2S" score -m "$MODEL" --format=json
equal "$(json index)" mine

# The summary: sums and perplexities.
expect 0 "$S2S" score -m "$MODEL" -i pairs.tsv --summary --json
wrote_lines 1
equal "$(json lines)" 50
equal "$(json tokens)" "$(awk -F '\t' '{ n += $2 } END { print n }' tokens)"
equal "$(json words)" "$(wc -w <test.de)"
equal "$(json bytes)" "$(tr -d '\n' <test.de | wc -c)"
for unit in token word byte; do
    awk "BEGIN { p = exp(-($(json log_probability)) / $(json ${unit}s)); d = p - $(json perplexity_per_$unit)
        exit !(d * d < 1e-12 && p > 1) }" || fail "perplexity per $unit"
done
awk "{ sum += \$1 } END { d = sum - $(json log_probability); exit !(d * d < 1e-6) }" plain || fail "the total"
expect 0 "$S2S" score -m "$MODEL" -i pairs.tsv --summary
wrote_lines 1
wrote 'lines 50, log p -'
[ ! -s err ] || fail "--summary told twice"

# What the search says of its own translations. A text may be cut into other pieces than the search wrote.
expect 0 "$S2S" translate -m "$MODEL" -i test.en --json --n-best=3
mv out nbest
json_of() { "$JSON_GET" "$1" <"$2"; }
json_of translations.0.text nbest >best.de
json_of translations.0.log_probability nbest >best
expect 0 "$S2S" score -m "$MODEL" --source=test.en --target=best.de
same=$(paste best out | awk '($1 - $2) ^ 2 < 1e-8' | wc -l)
[ "$same" -ge 45 ] || fail "only $same of 50 log p are the search's own"
paste out plain | awk '{ a += $1; b += $2 } END { exit !(a >= b) }' || fail "the search finds less than is there"

# Quantized weights: nearly the same.
expect 0 "$S2S" quantize -m "$MODEL" -o small
expect 0 "$S2S" score -m small -i pairs.tsv
cmp -s out plain && fail "int8 is not used"
paste out plain | awk '{ d += ($1 - $2) ^ 2; s += $2 ^ 2 } END { exit !(d < 0.01 * s) }' || fail "int8 is far off"

# Empty sides: an empty target is its end symbol; an empty line's empty translation is certain.
printf 'one two\t\n\t\n\teins\n' | expect 0 "$S2S" score -m "$MODEL" --tokens-count --tokens
equal "$(cut -f 2,3 out | sed -n 1p)" "$(printf '1\t</s>')"
equal "$(sed -n 2p out)" "$(printf '0.000000\t1\t</s>\t0.000000')"
awk '!($1 < 0) && NR != 2 { exit 1 }' out || fail "log p of empty sides"
equal "$(printf '\n' | "$S2S" translate -m "$MODEL" --json | "$JSON_GET" translations.0.log_probability)" 0.0
: | expect 0 "$S2S" score -m "$MODEL"
wrote_lines 0
[ ! -s err ] || fail "nothing to score is nothing to tell"

# Sources beyond the limit are cut, and told. A target is there already, and is scored whole.
awk 'BEGIN { for (i = 0; i < 3000; i++) printf "seven "; print "\tsieben" }' |
    expect 0 "$S2S" score -m "$MODEL" --set search.max_source_length=100
says 'were cut: 1;'
awk 'BEGIN { printf "seven\t"; for (i = 0; i < 3000; i++) printf "sieben "; print "" }' >long.tsv
expect 0 "$S2S" score -m "$MODEL" -i long.tsv --set search.max_source_length=100 --json
equal "$(json cut)" false
[ "$(json length)" -gt 3000 ] || fail "a target is cut by what limits sources"
if grep -q 'were cut' err; then fail "what is whole is told as cut"; fi

# One that is longer than the decoder has positions for is scored as far as they go.
cat >narrow.yaml <<YAML
data: {train: {source: $MODEL/test.en, target: $MODEL/test.de}, max_length: 20}
text: {vocabulary: {model: $MODEL/vocab.model}}
encoder: {layers: 1, width: 16, heads: 2, feed_forward: 16, positions: learned, max_positions: 20}
decoder: {}
train: {batch_tokens: 512, max_steps: 2}
YAML
expect 0 "$S2S" train narrow.yaml --output=narrow
expect 0 "$S2S" score -m narrow -i long.tsv --json
says 'were cut: 1;'
equal "$(json cut) $(json length)" 'true 19'

# Odd bytes.
printf 'one \377\teins \376\n' | expect 0 "$S2S" score -m "$MODEL"
says 'standard input:1: not UTF-8'

# Contrastive pairs: swapped number words are wrong, and the right ones are mostly found.
sed 's/^\([^ ]*\) \([^ ]*\)/\2 \1/; s/eins/zwei/' test.de >wrong1
sed 's/$/ acht/' test.de >wrong2
expect 0 "$S2S" score -m "$MODEL" --contrastive --source=test.en --target=test.de --wrong=wrong1 --wrong=wrong2
wrote 'accuracy by log p '
wrote 'accuracy by log p per token '
equal "$(grep -c ' of 50$' out)" 2
mv out files
paste test.en test.de wrong1 wrong2 >contrast.tsv
expect 0 "$S2S" score -m "$MODEL" --contrastive -i contrast.tsv
cmp -s out files || fail "TSV gives another accuracy"
sed 's/\(.*\)\t\(.*\)\t\(.*\)\t\(.*\)/{"source":"\1","target":"\2","wrong":["\3","\4"]}/' contrast.tsv >contrast.json
expect 0 "$S2S" score -m "$MODEL" --contrastive --format=json -i contrast.json
wrote_lines 51
head -n 50 out >verdicts
tail -n 1 out >totals
equal "$(json_of lines totals)" 50
right=$(json_of right verdicts | grep -c true)
awk "BEGIN { exit !($(json_of accuracy totals) == $right / 50 && $right > 25) }" || fail "accuracy"
json_of log_probabilities.0 verdicts | awk '{ printf "%.6f\n", $1 }' | cmp -s - plain || fail "of the right ones"
paste test.en test.de test.de | expect 0 "$S2S" score -m "$MODEL" --contrastive --json
equal "$(json_of accuracy_per_token out 2>/dev/null | tail -n 1)" '' # no line but the last has it
equal "$(tail -n 1 out | "$JSON_GET" accuracy)" 0.0                  # as likely is not likelier
printf '{"source": "one", "target": "eins", "wrong": "zwei", "phenomenon": "number", "index": 9}\n' |
    expect 0 "$S2S" score -m "$MODEL" --contrastive --format=json
wrote_lines 2
head -n 1 out >verdicts # the line's fields come back with its verdict
equal "$(json_of phenomenon verdicts) $(json_of wrong verdicts) $(json_of index verdicts)" 'number zwei 9'
json_of log_probabilities.1 verdicts >/dev/null
: | expect 1 "$S2S" score -m "$MODEL" --contrastive
says 'no lines'

# An n-best list and its own model: the same scores, the same order, whatever the weight.
expect 0 "$S2S" score -m "$MODEL" --source=test.en --n-best=nbest --weight=0.5
wrote_lines 50
equal "$(json index | tr '\n' ' ')" "$(seq 0 49 | tr '\n' ' ')"
json translations.0.text >same.de
[ "$(paste -d '|' same.de best.de | awk -F '|' '$1 == $2' | wc -l)" -ge 45 ] || fail "its own model reorders"
json translations.0.previous_score >previous
json translations.0.model_score >model
json translations.0.score >score
paste previous model score | awk '($1 + 0.5 * $2 - $3) ^ 2 > 1e-16 { exit 1 }' || fail "the weighted sum"
[ "$(paste previous model | awk '($1 - $2) ^ 2 < 1e-8' | wc -l)" -ge 45 ] || fail "its own model scores otherwise"
expect 0 "$S2S" score -m "$MODEL" --source=test.en --n-best=nbest --weight=0 --best
cmp -s out best.de || fail "--weight=0 --best is not the search's best"

# Another judge: hypotheses that the list has last come first when this model likes them.
printf '{"index": 0, "translations": [{"text": "acht acht acht", "score": -0.1, "by": "me"}, {"text": "eins zwei drei", "score": -0.2}]}\n' >lists
printf 'one two three\n' >source
expect 0 "$S2S" score -m "$MODEL" --source=source --n-best=lists --best
equal "$(cat out)" 'eins zwei drei'
expect 0 "$S2S" score -m "$MODEL" --source=source --n-best=lists
equal "$(json translations.1.by)" me
"$JSON_GET" translations.0.model_log_probability <out >reranked
printf 'one two three\teins zwei drei\n' | expect 0 "$S2S" score -m "$MODEL"
paste out reranked | awk '($1 - $2) ^ 2 > 1e-11 { exit 1 }' || fail "a list is scored otherwise than lines"

# Lists that came with their sources; a line that could not be translated stays as it is.
printf '{"source": "one two"}\n[]\n{"source": "three", "index": 9}\n' |
    "$S2S" translate -m "$MODEL" --format=json --n-best=2 -q >own
expect 0 "$S2S" score -m "$MODEL" --n-best=own
equal "$(sed -n 2p out)" "$(sed -n 2p own)"
equal "$(sed -n 3p out | "$JSON_GET" index)" 9
equal "$(sed -n 1p out | "$JSON_GET" translations.0.model_log_probability | cut -c 1-6)" \
    "$(sed -n 1p own | "$JSON_GET" translations.0.log_probability | cut -c 1-6)"
expect 0 "$S2S" score -m "$MODEL" --n-best=own --best
equal "$(sed -n 2p out)" ''
wrote_lines 3
expect 1 "$S2S" score -m "$MODEL" --n-best=nbest --strict
says 'nbest:1: there is no field "source"; give --source'

# The other length penalty: the model's score is still the search's.
for penalty in search.length_penalty_type=gnmt search.length_penalty=0.6; do
    "$S2S" translate -m "$MODEL" -i test.en --json --set $penalty >own
    expect 0 "$S2S" score -m "$MODEL" --source=test.en --n-best=own --set $penalty
    json translations.0.model_score >model
    json_of translations.0.score own | paste - model | awk '($1 - $2) ^ 2 < 1e-8' >same
    [ "$(wc -l <same)" -ge 45 ] || fail "$penalty is not that of the search"
done

# The reverse direction: the source is what is scored.
printf 'eins zwei drei\n' >source
printf '{"index": 0, "translations": [{"text": "eight", "score": -1}, {"text": "one two three", "score": -1}]}\n' >lists
expect 0 "$S2S" score -m "$MODEL" --reverse --source=source --n-best=lists --best
equal "$(cat out)" 'one two three'

# Results come as they are ready.
mkfifo in back
"$S2S" score -m "$MODEL" --batch-sentences=1 <in >back 2>err &
exec 3>in 4<back
printf 'one two\teins zwei\n' >&3
read -r first <&4 || fail "no answer to the first line"
exec 3>&- 4<&-
wait $!
equal "$first" "$(printf 'one two\teins zwei\n' | "$S2S" score -m "$MODEL" -q)"

# What does not fit: told with its place.
head -n 49 test.de >short
expect 1 "$S2S" score -m "$MODEL" --source=test.en --target=short
says 'short has 49 lines but test.en has 50: line 50'
expect 1 "$S2S" score -m "$MODEL" --source=test.en --target=short --contrastive --wrong=test.de
says 'short has 49 lines'
head -n 49 nbest >moved
expect 1 "$S2S" score -m "$MODEL" --source=test.en --n-best=moved
says 'moved has 49 lines'
expect 1 "$S2S" score -m "$MODEL" --source=test.en --target=nowhere
says nowhere
expect 1 "$S2S" score -m nowhere --source=test.en --target=test.de
echo kept >old
expect 1 "$S2S" score -m "$MODEL" --source=test.en --target=short -o old
equal "$(cat old)" kept
expect 1 sh -c '"$0" score -m "$MODEL" -i pairs.tsv >/dev/full' "$S2S"
says 'No space left on device'
expect_closed_pipe "$S2S" score -m "$MODEL" -i pairs.tsv
no_leftovers

# refused OPTIONS MESSAGE: a line (standard input) that cannot be scored has an empty result, or one that tells why in
# JSON, where its fields come back. The others go on; with --strict it ends the run.
refused() {
    options=$1
    cat >line
    { cat line && cat good; } >lines
    # shellcheck disable=SC2086 # several options
    expect 0 "$S2S" score -m "$MODEL" $options -i lines
    says "lines that could not be scored: 1, the first in line 1: $2"
    cp out results
    # shellcheck disable=SC2086
    expect 1 "$S2S" score -m "$MODEL" $options -i lines --strict
    says "lines:1: $2"
}
echo "one	eins" >good
printf '\n' | refused '' 'the line has 1 column, not source and target'
equal "$(sed -n 1p results)" ''
equal "$(sed -n 2p results)" "$("$S2S" score -m "$MODEL" -i good -q)"
equal "$(wc -l <results)" 2
printf 'one\teins\tzwei\n' | refused --json 'the line has 3 columns'
equal "$(sed -n 1p results | "$JSON_GET" index)" 0
sed -n 1p results | "$JSON_GET" error | grep -q '^the line has 3 columns' || fail "no error in its place"
sed -n 2p results | "$JSON_GET" log_probability >/dev/null
printf 'a\tb\tc\n' | refused --summary 'the line has 3 columns'
grep -q '^lines 1, ' results || fail "a refused line is summed up"
echo "one	eins	zwei" >good
printf 'one\teins\n' | refused --contrastive 'the line has 2 columns, not source, right and one or more wrong targets'
equal "$(grep -c ' of 1$' results)" 2
echo '{"source": "one", "target": "eins", "wrong": ["zwei"], "id": 3}' >good
json='--format=json'
printf '{"source": "one", "id": 5}\n' | refused $json 'there is no field "target"'
equal "$(sed -n 1p results | "$JSON_GET" id)" 5
equal "$(sed -n 2p results | "$JSON_GET" id)" 3
sed -n 1p results | "$JSON_GET" error >/dev/null
printf '{"source": "one", "target": 3}\n' | refused $json 'field "target" must be text, not a number'
printf '{"source"\n' | refused $json 'column '
printf '[]\n' | refused $json 'each line must be one JSON object, not a list'
printf '\n' | refused $json 'the line is blank; each line must be one JSON object'
printf ' \t\n' | refused $json 'the line is blank'
sed -n 1p results | "$JSON_GET" error >told
"$S2S" translate -m "$MODEL" --format=json -q <line | "$JSON_GET" error | cmp -s - told ||
    fail "translate has another rule for blank lines"
printf '{"source": "one", "target": "eins", "wrong": []}\n' |
    refused "$json --contrastive" 'field "wrong" must be a text or a list of one or more texts'
equal "$(tail -n 1 results | "$JSON_GET" lines)" 1

# The same of lists: those that are another line's, or lack something.
sed 's/"index":3,/"index":4,/' nbest >moved
expect 0 "$S2S" score -m "$MODEL" --source=test.en --n-best=moved
says 'could not be scored: 1, the first in line 4: "index" is 4, not 3'
wrote_lines 50
sed -n 4p out | "$JSON_GET" error >/dev/null
sed -n 5p out | "$JSON_GET" translations.0.model_score >/dev/null
expect 1 "$S2S" score -m "$MODEL" --source=test.en --n-best=moved --strict
says 'moved:4: "index" is 4, not 3'
expect 0 "$S2S" score -m "$MODEL" --source=test.en --n-best=moved --best
equal "$(sed -n 4p out)" ''
wrote_lines 50
printf '{"index": 0, "translations": [{"text": "eins"}]}\n' >lists
expect 1 "$S2S" score -m "$MODEL" --source=source --n-best=lists --strict
says 'lists:1: there is no field "score"'

# A request to stop is heard while more lines are waited for.
"$S2S" score -m "$MODEL" --batch-sentences=1 <in >back 2>err &
exec 3>in 4<back
printf 'one two\teins zwei\n' >&3
read -r first <&4 || fail "no answer before the end"
kill -TERM $!
status=0
wait $! || status=$?
exec 3>&- 4<&-
equal "$status" 1
says interrupted

# Wrong use.
expect 2 "$S2S" score -i pairs.tsv
says '--model is missing'
expect 2 "$S2S" score -m "$MODEL" --source=test.en
says '--target is missing'
expect 2 "$S2S" score -m "$MODEL" --target=test.de
says '--source is missing'
expect 2 "$S2S" score -m "$MODEL" --source=- --target=-
says 'standard input'
expect 2 "$S2S" score -m "$MODEL" --source=test.en --target=test.de -i pairs.tsv
expect 2 "$S2S" score -m "$MODEL" --source=test.en --target=test.de --contrastive
says '--wrong is missing'
expect 2 "$S2S" score -m "$MODEL" --wrong=short -i pairs.tsv
says '--contrastive'
expect 2 "$S2S" score -m "$MODEL" --n-best=nbest --source=test.en --tokens
expect 2 "$S2S" score -m "$MODEL" -i pairs.tsv --reverse
says '--n-best'
expect 2 "$S2S" score -m "$MODEL" -i pairs.tsv --format=xml
says 'is none of: tsv, json'
