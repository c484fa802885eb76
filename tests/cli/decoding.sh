#!/bin/sh
# s2s translate: what a line and a search can be asked for, in each of the formats.
. "$(dirname "$0")/lib.sh"

translate() { "$S2S" translate -m "$MODEL" "$@"; }
# ask 'JSON LINE' [OPTION...]
ask() {
    line=$1
    shift
    printf '%s\n' "$line" | expect 0 "$S2S" translate -m "$MODEL" --format=json "$@"
}

# JSON: all fields come back, and the result is that of the text.
plain=$(echo 'two three nine' | translate)
ask '{"source": "two three nine", "id": {"n": [7, "ü"]}}'
equal "$(json translations.0.text)" "$plain"
equal "$(json index)" 0
wrote '"id":{"n":[7,"ü"]}'
equal "$(json translations.0.ending)" end
ask '{"text": "two three nine", "source": 5}' --field=text
equal "$(json translations.0.text)" "$plain"

# Prefixes and phrases.
ask '{"source": "two three nine", "prefix": "acht"}'
case $(json translations.0.text) in acht*) ;; *) fail "no prefix" ;; esac
ask '{"source": "two three nine", "required": ["acht", "vier"]}'
case $(json translations.0.text) in *acht*) ;; *) fail "acht is missing" ;; esac
case $(json translations.0.text) in *vier*) ;; *) fail "vier is missing" ;; esac
first=${plain%% *}
ask "{\"source\": \"two three nine\", \"forbidden\": [\"$first\"]}"
case " $(json translations.0.text) " in *" $first "*) fail "$first comes" ;; esac
ask '{"source": "two three nine", "search": {"n_best": 3}}'
json translations.2.text >/dev/null

# A line may ask for more tokens than there are positions, as a run may; but not for another choice of n best.
ask '{"source": "two", "search": {"max_decoding_length": 1000000}}'
equal "$(json translations.0.text)" "$(echo 'two' | translate)"
ask '{"source": "two", "search": {"n_best": 2}}' --search=sample --mbr=chrf
wrote 'search.mbr, and with it search.n_best'

# One bad line does not stop the rest; --strict does.
cat >lines <<'END'
{"source": "two three nine"}
{"source": "two three nine", "search": {"beam_sise": 3}}
{"source": "two three nine", "search": {"batch_tokens": 3}}
{"source": "two three nine", "search": {"type": "greedy"}, "required": ["acht"]}
{"source": "two three nine", "required": [""]}
{"source": "two three nine", "prefix": 7}
{"source": "two three nine", "prefix": "☃"}
{"source": "two three nine", "required": ["☃"]}
{"sauce": "two"}
["two"]
two three nine

{"source": "two three nine"}
END
expect 0 "$S2S" translate -m "$MODEL" --format=json -i lines
wrote_lines 13
says 'could not be translated: 11'
for message in 'did you mean search.beam_size' 'for the whole input only' 'need search.type beam' \
    'prefix: \"☃\" has a character' 'required: \"☃\" has' 'a phrase is empty' 'field \"prefix\" must be text' \
    'no field \"source\"' 'object, not a list' 'not JSON: '; do
    wrote "$message"
done
equal "$(sed -n 1p out | "$JSON_GET" translations.0.text)" "$plain"
equal "$(sed -n 13p out | "$JSON_GET" translations.0.text)" "$plain"
expect 1 "$S2S" translate -m "$MODEL" --format=json -i lines --strict
says 'lines:2: '

# Columns.
printf 'x\ttwo three nine\ty\nz\ttwo\t\n' | expect 0 "$S2S" translate -m "$MODEL" --format=tsv --column=2
equal "$(sed -n 1p out)" "$(printf 'x\ttwo three nine\ty\t%s' "$plain")"
wrote_lines 2
printf 'two three nine\tacht\ntwo three nine\t\n' |
    expect 0 "$S2S" translate -m "$MODEL" --format=tsv --prefix-column=2
case $(sed -n 1p out | cut -f 3) in acht*) ;; *) fail "no prefix" ;; esac
equal "$(sed -n 2p out | cut -f 3)" "$plain"
printf 'one\n' | expect 1 "$S2S" translate -m "$MODEL" --format=tsv --column=2 --strict
says 'standard input:1: column 2 is missing'

expect 2 "$S2S" translate -m "$MODEL" --column=2 </dev/null
says '--column goes with --format=tsv'
expect 2 "$S2S" translate -m "$MODEL" --format=tsv --field=text </dev/null
says '--field goes with --format=json'

# Samples are those of the seed, whatever the batch and the threads.
sample="--search=sample --n-best=4 --temperature=2"
translate $sample -i "$MODEL/test.en" --scores >first
translate $sample -i "$MODEL/test.en" --scores --batch-sentences=1 --threads=1 | cmp -s first - ||
    fail "samples depend on the batch"
translate $sample -i "$MODEL/test.en" --scores --seed=2 | cmp -s first - && fail "the seed changes nothing"
echo 'two three nine' | translate --search=sample --top-k=1 >out
equal "$(cat out)" "$(echo 'two three nine' | translate --search=greedy)"

# What does nothing without another option is refused.
expect 2 "$S2S" translate -m "$MODEL" --top-k=3 </dev/null
says 'search.top_k: does nothing unless search.type is sample'
expect 2 "$S2S" translate -m "$MODEL" --search=greedy --beam-size=4 </dev/null
says 'search.beam_size: does nothing unless search.type is beam'
expect 2 "$S2S" translate -m "$MODEL" --diversity-penalty=1 </dev/null
says 'search.diversity_penalty: does nothing unless search.beam_groups is 2 or more'
ask '{"source": "two", "search": {"temperature": 2}}'
wrote 'search.temperature: does nothing unless search.type is sample'
ask '{"source": "two", "search": {"temperature": 2}}' --search=sample
json translations.0.text >/dev/null

# Several models; minimum Bayes risk.
translate -i "$MODEL/test.en" >alone
translate -i "$MODEL/test.en" --ensemble="$MODEL" --ensemble-weights=0.3,0.7 | cmp -s alone - ||
    fail "a model together with itself is another"
expect 2 "$S2S" translate -m "$MODEL" --ensemble="$MODEL" --ensemble-weights=1 </dev/null
says 'expected 2 numbers'
echo 'two three nine' | expect 0 "$S2S" translate -m "$MODEL" --search=sample --temperature=0.001 --mbr=chrf \
    --mbr-candidates=8 --scores
equal "$(cat out)" "$(printf '100.0000\t%s' "$(echo 'two three nine' | translate --search=greedy)")"
# Of an error rate the lowest is the best: utilities are negative and fall.
echo 'two three nine' | expect 0 "$S2S" translate -m "$MODEL" --search=sample --temperature=2 --mbr=wer --mbr-candidates=8 \
    --n-best=8 --scores
cut -f 2 out >utilities
[ "$(wc -l <utilities)" -eq 8 ] || fail "not a utility a hypothesis"
sort -g -r utilities | cmp -s - utilities || fail "the utilities of error rates do not fall"
[ "$(sort -g utilities | head -n 1 | cut -c 1)" = - ] || fail "the utility of an error rate is negative"
expect 2 "$S2S" translate -m "$MODEL" --mbr=accuracy --search=sample </dev/null
says 'search.mbr: expected one of none, bleu'
expect 2 "$S2S" translate -m "$MODEL" --mbr=chrf --search=greedy </dev/null
says 'search.mbr'

# What is told beside the text.
echo 'two three' | expect 0 "$S2S" translate -m "$MODEL" --json --token-scores --alignment=soft
tokens=$(grep -o '"token":' out | wc -l)
[ "$tokens" -ge 3 ] || fail "$tokens tokens"
json "translations.0.alignment.$((tokens - 1)).0" >/dev/null
echo 'two three' | expect 0 "$S2S" translate -m "$MODEL" --alignment=hard --token-scores --scores
awk -F '\t' 'NF != 4 || $4 !~ /^[0-9]+-0( [0-9]+-[0-9]+)*$/ { exit 1 }' out || fail "$(cat out)"
equal "$(cut -f 3 out | wc -w)" "$(cut -f 4 out | wc -w)"
expect 0 "$S2S" translate -m "$MODEL" -i "$MODEL/test.en" --coverage-penalty=0.2
wrote_lines 50
expect 2 "$S2S" translate -m "$MODEL" --set 'search.suppress_tokens=[no such piece]' </dev/null
says 'no piece of the target vocabulary'
