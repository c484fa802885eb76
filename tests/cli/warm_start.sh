#!/bin/sh
# Beginning with another model's encoder, vocabulary and all: frozen or not, and what does not fit.
. "$(dirname "$0")/lib.sh"

head -n 200 "$MODEL/test.en" >text.en
cat >pretrain.yaml <<YAML
output: pretrained
data: {train: {source: text.en}, max_length: 60}
text: {vocabulary: {size: 29}}
encoder: {layers: 2, width: 32, heads: 2, feed_forward: 64, activation: gelu}
objective: {type: masked_lm}
train: {batch_tokens: 512, max_steps: 10, optimizer: {learning_rate: 1.0e-2}, schedule: {warmup_steps: 2}}
YAML
expect 0 "$S2S" train pretrain.yaml
expect 0 "$S2S" embed -m pretrained -i text.en -o before.txt

cat >tuned.yaml <<YAML
output: tuned
data: {train: {source: text.en, target: text.en}, max_length: 60}
encoder: {from: pretrained, freeze: true, layers: 2, width: 32, heads: 2, feed_forward: 64, activation: gelu}
decoder: {from: pretrained, freeze: false}
train: {batch_tokens: 512, max_steps: 6, save_every: 2, optimizer: {learning_rate: 1.0e-2}, schedule: {warmup_steps: 2}}
YAML

expect 0 "$S2S" train tuned.yaml
says 'tensors from'
says 'tensors of cross-attention begin at random'
cmp -s pretrained/vocab.model tuned/vocab.model || fail "the vocabulary did not come along"

# A frozen encoder is the other model's to the last bit, and one that is not frozen learns.
for freeze in true false; do
    expect 0 "$S2S" train pretrain.yaml --output=$freeze --set "encoder.from=pretrained" --set encoder.freeze=$freeze
    expect 0 "$S2S" embed -m $freeze -i text.en -o $freeze.txt
done
cmp -s before.txt true.txt || fail "a frozen encoder is not what it began as"
if cmp -s before.txt false.txt; then fail "an encoder that is not frozen did not learn"; fi

# What does not fit is named; what a run began as is not needed to go on.
expect 1 "$S2S" train tuned.yaml --output=odd --set encoder.heads=4
says 'another encoder.heads'
expect 1 "$S2S" train tuned.yaml --output=odd --restart --set encoder.width=64
says ', 64])'
expect 1 "$S2S" train tuned.yaml --output=odd --restart --set text.lowercase=true
says 'another text.lowercase'
expect 1 "$S2S" train tuned.yaml --output=odd --restart --set "text.vocabulary.model=$MODEL/vocab.model"
says 'is not the vocabulary of this run'
expect 2 "$S2S" train pretrain.yaml --output=odd --restart --set encoder.freeze=true
says 'name that model in'
expect 0 "$S2S" train tuned.yaml --output=part --set train.max_steps=4
mv pretrained gone
expect 0 "$S2S" train tuned.yaml --output=part --accept
expect 1 "$S2S" train tuned.yaml --output=new
says 'pretrained'
