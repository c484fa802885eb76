#!/bin/sh
# Masked language models at work: s2s fill-mask, pseudo-log-likelihoods by s2s score, s2s embed.
. "$(dirname "$0")/lib.sh"

# Texts that count upwards, so that a number tells its neighbours.
awk 'BEGIN {
    split("one two three four five six seven eight nine ten", word, " ")
    state = 7
    for (line = 1; line <= 700; line++) {
        state = (state * 75 + 74) % 65537
        text = ""
        for (i = 0; i < 4 + line % 5; i++) text = text (i ? " " : "") word[1 + (state + i) % 10]
        print text > (line <= 600 ? "train.txt" : line <= 650 ? "valid.txt" : "test.txt")
    }
}'
cat >recipe.yaml <<'YAML'
name: counting
data: {train: {text: train.txt}, valid: {text: valid.txt}, max_length: 30}
text: {vocabulary: {size: 32}}
encoder: {layers: 1, width: 32, heads: 2, feed_forward: 64, positions: learned, max_positions: 32, dropout: 0}
objective: {type: masked_lm}
train:
  batch_tokens: 2048
  max_steps: 500
  optimizer: {learning_rate: 2.0e-2}
  schedule: {warmup_steps: 20}
  validation: {every: 500}
YAML
expect 0 "$S2S" train recipe.yaml --output=model --quiet

# --- fill-mask ---

echo 'three four <mask> six seven' | expect 0 "$S2S" fill-mask -m model
equal "$(cut -f 1 out)" 'three four five six seven'
equal "$(cut -f 2 out | wc -w)" 10
cut -f 2 out | awk '{ for (i = 2; i <= NF; i += 2) { s += $i; if (i > 2 && $i > $(i - 2)) exit 1 }
    exit !($2 > 0.5 && s <= 1.000001) }' || fail "probabilities"
echo 'two <mask> four <mask> six seven' | expect 0 "$S2S" fill-mask -m model --top-k=1
equal "$(cut -f 1 out)" 'two three four five six seven'
equal "$(tr '\t' '\n' <out | wc -l)" 3
equal "$(cut -f 3 out | cut -d ' ' -f 1)" "▁five"

# Each line by itself: other batches, threads, and gzip change nothing.
awk '{ $2 = "<mask>"; print; if (NF > 5) { $5 = "<mask>"; print } }' test.txt >masked.txt
expect 0 "$S2S" fill-mask -m model -i masked.txt
mv out plain
wc -l <masked.txt | xargs test "$(wc -l <plain)" -eq || fail "not a line for each line"
gzip -c masked.txt >masked.gz
for options in --batch-tokens=1 --batch-tokens=40 --batch-sentences=1 --batch-sentences=3 --threads=1 \
    '--threads=3 --batch-tokens=30' '-i masked.gz'; do
    # shellcheck disable=SC2086 # several options
    expect 0 "$S2S" fill-mask -m model -i masked.txt $options
    cmp -s out plain || fail "$options gives something else"
done
sed 's/.*/{"id": 7, "words": "&"}/' masked.txt >masked.json
expect 0 "$S2S" fill-mask -m model -i masked.json --format=json --field=words -o result.gz --quiet
[ ! -s err ] || fail "--quiet said something"
gzip -dc result.gz >out
equal "$(json id | sort -u)" 7
json filled | cmp -s - plain && fail "JSON has columns"
cut -f 1 plain >texts
json filled | cmp -s - texts || fail "JSON lines give something else"
json masks.0.0.probability | awk '{ printf "%.6f\n", $1 }' >numbers
awk -F '\t' '{ split($2, p, " "); print p[2] }' plain | cmp -s - numbers || fail "JSON tells other numbers"

# One bad line does not stop the others.
long=$(awk 'BEGIN { for (i = 0; i < 40; i++) printf "one "; print "<mask>" }')
printf 'one <mask> three four\nno mask\n\n%s\nfive <mask> seven eight\n' "$long" >bad.txt
expect 0 "$S2S" fill-mask -m model -i bad.txt
equal "$(cut -f 1 out)" "$(printf 'one two three four\n\n\n\nfive six seven eight')"
says 'could not be filled in: 2, the first in line 2: there is no <mask> in the text'
expect 0 "$S2S" fill-mask -m model -i bad.txt --json
wrote_lines 5
equal "$(sed -n 3p out)" '{"index":2,"filled":"","masks":[]}'
sed -n 4p out | grep -q 'error.*more tokens than the 30 ' || fail "a line that is too long"
expect 1 "$S2S" fill-mask -m model -i bad.txt --strict
says 'bad.txt:2: there is no <mask>'
printf '{"text": 3}\n{"text": "<mask> two three"}\nx\n' | expect 0 "$S2S" fill-mask -m model --format=json
wrote_lines 3
equal "$(sed -n 2p out | "$JSON_GET" filled)" 'one two three'
says 'must be text, not a number'
: | expect 0 "$S2S" fill-mask -m model
wrote_lines 0

# Wrong use, and a model that fills in nothing.
expect 2 "$S2S" fill-mask -m model --field=x
says '--field goes with --format=json'
expect 2 "$S2S" fill-mask -m model --top-k=0
expect 2 "$S2S" fill-mask
says --model
expect 1 "$S2S" fill-mask -m "$MODEL"
says masked_lm

# --- score ---

# log p of a token is what fill-mask says of it.
echo 'three four five six seven' | expect 0 "$S2S" score -m model --tokens
equal "$(cut -f 2 out | cut -d ' ' -f 3)" "▁five"
awk -F '\t' '{ n = split($3, p, " "); for (i = 1; i <= n; i++) s += p[i]; exit !((s - $1) ^ 2 < 1e-8) }' out ||
    fail "tokens do not sum up"
logp=$(cut -f 3 out | cut -d ' ' -f 3)
echo 'three four <mask> six seven' | "$S2S" fill-mask -m model --top-k=1 | cut -f 2 | cut -d ' ' -f 2 |
    awk "{ d = \$1 - exp($logp); exit !(d * d < 1e-10) }" || fail "score and fill-mask differ"
expect 0 "$S2S" score -m model -i test.txt
wrote_lines 50
says 'lines 50, log p -'
mv out plain
for options in --batch-tokens=1 --batch-tokens=100 --batch-sentences=1 '--threads=3 --batch-tokens=30'; do
    # shellcheck disable=SC2086 # several options
    expect 0 "$S2S" score -m model -i test.txt $options
    cmp -s out plain || fail "score $options gives something else"
done
sed 's/.*/{"id": 7, "text": "&"}/' test.txt | expect 0 "$S2S" score -m model --format=json
json log_probability | awk '{ printf "%.6f\n", $1 }' | cmp -s - plain || fail "JSON tells other scores"
awk '{ n = split($0, w, " "); for (i = n; i; i--) printf "%s%s", w[i], i > 1 ? " " : "\n" }' test.txt >wrong.txt
expect 0 "$S2S" score -m model -i wrong.txt
paste plain out | awk '{ better += $1 > $2 } END { exit !(better >= 45) }' || fail "counting down is as good"
printf '\none two\n' | expect 0 "$S2S" score -m model --tokens-count --normalize
equal "$(sed -n 1p out)" "$(printf '0.000000\t0')"
echo "$long" | expect 0 "$S2S" score -m model --tokens-count
says 'were cut: 1;'
equal "$(cut -f 2 out)" 30
# Symbols never come from a text here: <mask> is scored as the letters that it has.
echo 'one <mask> three' | expect 0 "$S2S" score -m model --tokens
if cut -f 2 out | tr ' ' '\n' | grep -qxF '<mask>'; then fail "a text has made a symbol"; fi
expect 2 "$S2S" score -m model --source=test.txt --target=test.txt
says 'masked language model'
expect 2 "$S2S" score -m model --contrastive -i test.txt

# --- embed ---

expect 0 "$S2S" embed -m model -i test.txt
wrote_lines 50
equal "$(head -n 1 out | wc -w)" 32
mv out plain
for options in --batch-tokens=1 --batch-sentences=3 '--threads=3 --batch-tokens=30'; do
    # shellcheck disable=SC2086 # several options
    expect 0 "$S2S" embed -m model -i test.txt $options
    cmp -s out plain || fail "embed $options gives something else"
done
expect 0 "$S2S" embed -m model -i test.txt --pooling=first
cmp -s out plain && fail "--pooling changes nothing"
expect 0 "$S2S" embed -m model -i test.txt --json
equal "$(json embedding.31 | awk '{ printf "%.5f\n", $1 }' | tail -n 1)" \
    "$(tail -n 1 plain | awk '{ printf "%.5f", $32 }')"
expect 0 "$S2S" embed -m model -i test.txt --npy -o vectors.npy
equal "$(wc -c <vectors.npy)" $((128 + 50 * 32 * 4))
head -c 128 vectors.npy | grep -aqF "'descr': '<f4', 'fortran_order': False, 'shape': (50, 32)" || fail "the header of .npy"
tail -c +129 vectors.npy | od -An -v -t f4 -w128 | awk '{ printf "%.5f\n", $1 }' >numbers
awk '{ printf "%.5f\n", $1 }' plain | cmp -s - numbers || fail ".npy has other numbers"
printf '{"text": "one two"}\n{}\n' | expect 0 "$S2S" embed -m model --format=json --npy
equal "$(tail -c 128 out | od -An -v -t f4 -w4 | sort -u | tr -d ' ')" nan
says 'could not be embedded: 1, the first in line 2: there is no field "text"'
echo "$long" | expect 0 "$S2S" embed -m model
says 'which were cut: 1'
expect 2 "$S2S" embed -m model --npy --json
echo 'one two' | expect 0 "$S2S" embed -m "$MODEL" # the encoder of a translation model
equal "$(wc -w <out)" 32
