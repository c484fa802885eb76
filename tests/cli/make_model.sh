#!/bin/sh
# Trains the model that other tests use: number words, English to German, a few seconds of training.
. "$(dirname "$0")/lib.sh"

awk 'BEGIN {
    split("one two three four five six seven eight nine ten", en, " ")
    split("eins zwei drei vier fünf sechs sieben acht neun zehn", de, " ")
    state = 7
    for (line = 1; line <= 600; line++) {
        source = target = ""
        for (i = 0; i < 3 + line % 4; i++) {
            state = (state * 75 + 74) % 65537
            word = 1 + state % 10
            source = source (i ? " " : "") en[word]
            target = target (i ? " " : "") de[word]
        }
        file = line <= 500 ? "train" : line <= 550 ? "valid" : "test"
        print source > (file ".en")
        print target > (file ".de")
    }
}'
cat >recipe.yaml <<'YAML'
name: numbers
data:
  train: {source: train.en, target: train.de}
  valid: {source: valid.en, target: valid.de}
  test:
    held-out: {source: test.en, target: test.de}
  max_length: 64
text: {vocabulary: {size: 40}, lowercase: true}
encoder: {layers: 1, width: 32, heads: 2, feed_forward: 64, dropout: 0}
decoder: {tie: all}
train:
  batch_tokens: 512
  max_steps: 120
  validation: {every: 60, metrics: [bleu]}
  optimizer: {learning_rate: 1.0e-2}
  schedule: {warmup_steps: 20}
  keep_last: 2
search: {beam_size: 3, max_decoding_length: 30}
YAML
expect 0 "$S2S" train recipe.yaml --output="$work/model" --quiet --seed=3 --max-steps=100
[ ! -s err ] || fail "--quiet said something"
[ -s model/model.safetensors ] || fail "no model"
grep -q 'seed: 3' model/recipe.yaml || fail "--seed did not reach the recipe"

# The run folder: one process at a time; the user's own recipe stays; so does a recipe that the weights need.
(
    exec 9<model
    flock 9
    expect 1 "$S2S" train recipe.yaml --output=model
    says 'another process is at work'
)
mkdir own
cp recipe.yaml train.?? valid.?? test.?? own/
expect 2 "$S2S" train own/recipe.yaml --output=own --restart
says 'another output folder'
cmp recipe.yaml own/recipe.yaml || fail "the user's recipe was overwritten"
cp -r model other
expect 1 "$S2S" train recipe.yaml --output=other --accept --set encoder.width=16
says encoder.width
expect 0 "$S2S" translate --model=other --input=test.en
rm -r other

# Mistakes in what is to be trained.
expect 1 "$S2S" train nowhere.yaml
says nowhere.yaml
expect 2 "$S2S" train recipe.yaml --set train.max_step=3
says 'did you mean train.max_steps?'
expect 1 "$S2S" train recipe.yaml --output="$work/other" --set data.train.source=missing.en
says missing.en
head -n 499 train.de >short.de
expect 1 "$S2S" train recipe.yaml --output="$work/other" --set data.train.target=short.de
says 499
says 500
expect 1 "$S2S" train recipe.yaml --output=/dev/null/x
says /dev/null

# The corpus goes along, so that the recipe's paths stay true.
sed -i 's|"\.\./|"./|' model/recipe.yaml # its test set goes with it
rm -rf "$MODEL"
mv model "$MODEL"
cp test.en test.de "$MODEL"
