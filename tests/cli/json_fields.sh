#!/bin/sh
# JSON lines whose fields are the columns: training, validation and test sets, with several references.
. "$(dirname "$0")/lib.sh"

# {"id", "en", "de", "also"}: two references, the second of which is another line's
sed '1d' "$MODEL/test.de" >also
head -n 1 "$MODEL/test.de" >>also
paste "$MODEL/test.en" "$MODEL/test.de" also |
    awk -F '\t' '{ printf "{\"id\": %d, \"en\": \"%s\", \"de\": \"%s\", \"also\": \"%s\"}\n", NR, $1, $2, $3 }' >lines.jsonl
gzip -c lines.jsonl >lines.jsonl.gz

cat >recipe.yaml <<YAML
data:
  train: {json: lines.jsonl, source_field: en, target_field: de}
  valid: {json: lines.jsonl, source_field: en, target_field: [de, also]}
  test:
    both: {json: lines.jsonl.gz, source_field: en, target_field: [de, also]}
    one: {json: lines.jsonl, source_field: en, target_field: also}
  max_length: 64
text: {vocabulary: {model: $MODEL/vocab.model}}
encoder: {layers: 1, width: 32, heads: 2, feed_forward: 32, dropout: 0}
decoder: {}
train:
  batch_tokens: 512
  max_steps: 80
  validation: {every: 80, metrics: [bleu, rouge1]}
  optimizer: {learning_rate: 1.0e-2}
  schedule: {warmup_steps: 5}
search: {type: greedy}
YAML
expect 0 "$S2S" train recipe.yaml --output=run
mv err told

# The same scores as from files with a reference a line.
metrics=bleu,chrf,rouge1
expect 0 "$S2S" evaluate --model=run --source="$MODEL/test.en" --reference="$MODEL/test.de" \
    --reference=also --json --metric=$metrics
both=$(json sets.0.scores.0.score)
rouge=$(json sets.0.scores.2.score)
expect 0 "$S2S" evaluate --model=run --source="$MODEL/test.en" --reference=also --json --metric=$metrics
one=$(json sets.0.scores.0.score)
[ "$both" != "$one" ] || fail "the first reference makes no difference"
expect 0 "$S2S" evaluate --model=run --json --metric=$metrics
equal "$(json sets.0.name) $(json sets.0.lines)" 'both 50'
equal "$(json sets.0.scores.0.score)" "$both"
equal "$(json sets.0.scores.2.score)" "$rouge"
equal "$(json sets.1.scores.0.score)" "$one"

# Training tells them, too: of validation, which is greedy as the search here is, and of the test sets, which are
# scored with what validation measures.
mv told err
both=$(printf '%.2f' "$both") rouge=$(printf '%.2f' "$rouge")
says " bleu $both rouge1 $rouge"
says "test both: BLEU $both, chrF2 "
says ", rouge1 $rouge (13a, case-sensitive)"
says "test one: BLEU $(printf '%.2f' "$one"), "

# refused FILE LINE MESSAGE: as the corpus to train on, and as a test set, which is read before the training
refused() {
    expect 1 "$S2S" train recipe.yaml --output=other --set data.train.json="$1"
    says "$work/$1:$2:"
    says "$3"
    rm -rf other
    expect 1 "$S2S" train recipe.yaml --output=other --set data.test.both.json="$1"
    says "data.test.both: $work/$1:$2:"
    says "$3"
    [ ! -e other ] || fail "a training that cannot end has begun"
}
sed '3s/"en"/"english"/' lines.jsonl >renamed.jsonl
refused renamed.jsonl 3 'there is no field "en"; the fields are: "id", "english", "de", "also"'
sed '50s/"de": "[^"]*"/"de": null/' lines.jsonl >null.jsonl
refused null.jsonl 50 'field "de" must be text, not null'
sed '2s/.*/[]/' lines.jsonl >list.jsonl
refused list.jsonl 2 'each line must be one JSON object, not a list'
head -c -5 lines.jsonl >cut.jsonl
refused cut.jsonl 50 'not JSON'

# A reference that only some lines have.
sed '7s/"also"/"other"/' lines.jsonl >some.jsonl
expect 1 "$S2S" train recipe.yaml --output=other --set data.test.both.json=some.jsonl
says 'some.jsonl:7: there is no field "also"'
expect 1 "$S2S" train recipe.yaml --output=other --set data.valid.json=some.jsonl
says 'some.jsonl:7: there is no field "also"'

# Several references are no target to learn.
expect 2 "$S2S" train recipe.yaml --output=other --set 'data.train.target_field=[de, also]'
says 'data.train.target_field: several fields are references'
