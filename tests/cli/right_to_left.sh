#!/bin/sh
# A model that writes from right to left: text goes in and comes out as ever, and it judges what others wrote.
. "$(dirname "$0")/lib.sh"

# The lines that it learns are those that it is asked for: order is what counts here.
cp "$MODEL/test.en" "$MODEL/test.de" .
cat >recipe.yaml <<YAML
data:
  train: {source: test.en, target: test.de}
  valid: {source: test.en, target: test.de}
  max_length: 64
  target_direction: right-to-left
text: {vocabulary: {model: $MODEL/vocab.model}, lowercase: true}
encoder: {layers: 1, width: 32, heads: 2, feed_forward: 64, dropout: 0}
decoder: {}
train:
  batch_tokens: 512
  max_steps: 300
  validation: {every: 300, metrics: [bleu]}
  optimizer: {learning_rate: 1.0e-2}
  schedule: {warmup_steps: 20}
search: {beam_size: 4, max_decoding_length: 30}
YAML
expect 0 "$S2S" train recipe.yaml --output=left --quiet
grep -q 'target_direction: right-to-left' left/recipe.yaml || fail "a model does not know how it writes"
expect 0 "$S2S" translate -m left -i test.en
[ "$(paste -d '|' out test.de | awk -F '|' '$1 == $2' | wc -l)" -ge 45 ] || fail "it has not learnt its lines"
expect 2 "$S2S" train recipe.yaml --output=other --set data.target_direction=right-to-lef
says 'did you mean right-to-left?'

# Pieces and their log p are told in the order of the text, by the search and by forced decoding alike.
expect 0 "$S2S" translate -m left -i test.en --json --token-scores --n-best=3
mv out nbest
"$JSON_GET" translations.0.text <nbest >best.de
expect 0 "$S2S" score -m left --source=test.en --target=best.de --json --tokens
for i in 0 1 2; do
    "$JSON_GET" translations.0.tokens.$i.token <nbest >a
    json tokens.$i.token >b
    [ "$(paste -d '|' a b | awk -F '|' '$1 == $2' | wc -l)" -ge 45 ] || fail "piece $i: another order"
    "$JSON_GET" translations.0.tokens.$i.log_probability <nbest >a
    json tokens.$i.log_probability >b
    [ "$(paste a b | awk '($1 - $2) ^ 2 < 1e-8' | wc -l)" -ge 45 ] || fail "log p of piece $i: another order"
done
expect 0 "$S2S" score -m left --source=test.en --target=test.de --tokens
cut -f 2 out | sed 's/ <\/s>$//; s/ //g; s/▁/ /g; s/^ //' | cmp -s - test.de || fail "pieces are not in the text's order"

# Texts that end alike: the model begins there, so that its last word before the end symbol has the same log p in both.
printf 'one two three\teins zwei drei\none two three\tacht zwei drei\n' >pairs.tsv
last_words() { awk -F '\t' '{ n = split($3, p, " "); print p[n - 1] }' out | sort -u | wc -l; }
expect 0 "$S2S" score -m left -i pairs.tsv --tokens
equal "$(last_words)" 1
expect 0 "$S2S" score -m "$MODEL" -i pairs.tsv --tokens
equal "$(last_words)" 2

# It reranks what the other wrote; of its own list the scores stay.
expect 0 "$S2S" score -m left --source=test.en --n-best=nbest --weight=0.5
json translations.0.previous_score >previous
json translations.0.model_score >model
[ "$(paste previous model | awk '($1 - $2) ^ 2 < 1e-8' | wc -l)" -ge 45 ] || fail "it scores its own list otherwise"
expect 0 "$S2S" translate -m "$MODEL" -i test.en --json --n-best=3
mv out nbest
expect 0 "$S2S" score -m left --source=test.en --n-best=nbest --best
wrote_lines 50

# A text that is longer than its decoder has positions: it begins at the end of it.
expect 0 "$S2S" train recipe.yaml --output=narrow --quiet --set encoder.positions=learned \
    --set encoder.max_positions=64 --set train.max_steps=2
{ printf 'one\t' && for i in $(seq 40); do printf 'zwei drei '; done && echo acht; } >long.tsv
expect 0 "$S2S" score -m narrow -i long.tsv --json --tokens
equal "$(json cut) $(json length)" 'true 63'
json tokens.62.token >last
expect 0 "$S2S" score -m "$MODEL" -i long.tsv --json --tokens
equal "$(json tokens."$(($(json length) - 2))".token)" "$(cat last)"

# Phrases are met in the order of the text. What a translation begins with it writes last, and so cannot be given.
printf '{"source": "one two three", "required": ["acht neun"]}\n' |
    expect 0 "$S2S" translate -m left --format=json --set search.beam_size=10
json translations.0.text | grep -q 'acht neun' || fail "a required phrase was turned round"
printf '{"source": "one two three", "forbidden": ["zwei drei"]}\n' | expect 0 "$S2S" translate -m left --format=json
if json translations.0.text | grep -q 'zwei drei'; then fail "a forbidden phrase was turned round"; fi
printf '{"source": "one two three", "prefix": "eins"}\n' | expect 0 "$S2S" translate -m left --format=json
json error | grep -q '^prefix: the model writes from right to left' || fail "a prefix is not refused"

# Two that write in opposite directions cannot write together.
expect 1 "$S2S" translate -m "$MODEL" --ensemble=left -i test.en
says 'write in opposite directions'
