#!/bin/sh
# Encoder or decoder alone: pretraining on running text, going on after a kill, and commands that need another model.
. "$(dirname "$0")/lib.sh"

# A document says one word again and again: what is hidden stands beside it, and what comes has come before.
awk 'BEGIN {
    split("one two three four five six seven eight nine ten", word, " ")
    state = 7
    for (document = 1; document <= 360; document++) {
        state = (state * 75 + 74) % 65537
        file = document <= 300 ? "train.txt" : "valid.txt"
        for (line = 0; line <= document % 3; line++) {
            text = ""
            for (i = 0; i < 3 + (document + line) % 4; i++) text = text (i ? " " : "") word[1 + state % 10]
            print text > file
        }
        print "" > file
    }
}'
write_recipe() { # OBJECTIVE STACK
    cat >"$1.yaml" <<YAML
name: $1
data:
  train: {text: train.txt}
  valid: {text: valid.txt}
  test: {held-out: {text: valid.txt}}
  max_length: 48
text: {vocabulary: {size: 26}}
$2: {layers: 1, width: 32, heads: 2, feed_forward: 64, dropout: 0.05, positions: learned, max_positions: 48, activation: gelu}
objective: {type: $1}
train:
  batch_tokens: 512
  max_steps: 60
  save_every: 10
  validation: {every: 20}
  optimizer: {learning_rate: 1.0e-2}
  schedule: {warmup_steps: 10}
YAML
}
write_recipe masked_lm encoder
write_recipe causal_lm decoder

# From the first step to the last validation the loss falls to less than the half.
learnt() { # LOG
    first=$(sed -n 's/^.* step 1 loss \([0-9.]*\) .*$/\1/p' "$1")
    last=$(sed -n 's/^.*validation: step 60 loss \([0-9.]*\) .*$/\1/p' "$1")
    awk -v first="$first" -v last="$last" 'BEGIN { exit first * last > 0 && last < first / 2 ? 0 : 1 }' ||
        fail "a loss of $first, then $last: nothing was learnt"
}

# Killed when it has saved a checkpoint but not the last one, then taken up again: the same bits.
kill_once() { # OBJECTIVE
    "$S2S" train "$1.yaml" --output=killed --quiet 2>/dev/null &
    program=$!
    while [ ! -e killed/checkpoints/step-00000010 ]; do
        kill -0 "$program" 2>/dev/null || fail "training ended before it was killed"
        sleep 0.01
    done
    kill -9 "$program" 2>/dev/null || fail "training ended before it was killed"
    wait "$program" 2>/dev/null || true
    [ ! -e killed/checkpoints/step-00000060 ] || fail "it was killed too late"
}

for objective in masked_lm causal_lm; do
    expect 0 "$S2S" train "$objective.yaml" --output="$objective"
    cp err "$objective.log"
    learnt "$objective.log"
    says 'test held-out: loss '
    says 'perplexity '
    kill_once "$objective"
    expect 0 "$S2S" train "$objective.yaml" --output=killed --quiet
    cmp "$objective/model.safetensors" killed/model.safetensors || fail "$objective: a kill changed the model"
    rm -r killed
    expect 0 "$S2S" train "$objective.yaml" --output=threads --threads=2 --quiet
    cmp "$objective/model.safetensors" threads/model.safetensors || fail "$objective: threads changed the model"
    rm -r threads
    expect 0 "$S2S" average --output="mean-$objective" --quiet "$objective" "$objective"
done

# A model's card shows the parts that it has, and no others.
expect 0 "$S2S" inspect --model=masked_lm
wrote 'objective  masked_lm, 0.15 masked (0.1 of it at random, 0.1 kept)'
wrote 'head.transform'
if grep -q '^decoder\|^search' out; then fail "an encoder alone has a decoder"; fi
expect 0 "$S2S" inspect --model=causal_lm
wrote 'objective  causal_lm'
if grep -q '^encoder\|^search' out; then fail "a decoder alone has an encoder"; fi
expect 0 "$S2S" inspect --model=masked_lm --json
[ -n "$(json recipe.encoder)" ] || fail "no encoder"
if grep -q '"decoder"' out; then fail "a decoder in the JSON of an encoder alone"; fi

# What translates, or works on what translates, says what kind of model it has and which it needs.
for objective in masked_lm causal_lm; do
    refuse() {
        expect "$@" <train.txt
        says "objective.type $objective"
        says 'objective.type translation'
    }
    refuse 2 "$S2S" translate --model="$objective"
    refuse 2 "$S2S" translate --model="$objective" --ensemble="$objective"
    refuse 2 "$S2S" evaluate --model="$objective" --source=train.txt --reference=train.txt
    refuse 2 "$S2S" evaluate --model="$objective"
    refuse 2 "$S2S" quantize --model="$objective" --output=small
    refuse 2 "$S2S" bench --decode --model="$objective"
    refuse 2 "$S2S" bench --decode --recipe="$objective.yaml"
    refuse 2 "$S2S" vocab shortlist --model="$objective"
    [ ! -e small ] || fail "a refused model was written"
done
refuse 2 "$S2S" score --model=causal_lm --source=train.txt --target=train.txt
expect 2 "$S2S" score --model=masked_lm --source=train.txt --target=train.txt
says 'the model is a masked language model, which scores texts'

# A training step can be measured; it has the rows that the objective has.
expect 0 "$S2S" bench --train --model=masked_lm --json --quiet
equal "$(json step.target_tokens)" 0
expect 0 "$S2S" bench --train --model=causal_lm --json --quiet
equal "$(json step.source_tokens)" 0

# A vocabulary that was learnt for something else has nothing to hide tokens by.
expect 1 "$S2S" train masked_lm.yaml --output=other --set "text.vocabulary.model=$MODEL/vocab.model"
says 'no piece <mask>'
says 'text.vocabulary.symbols'
# Lines need no targets: each is a text of its own.
expect 0 "$S2S" train masked_lm.yaml --output=lines --set data.train.text=null --set data.train.source=train.txt --max-steps=20
