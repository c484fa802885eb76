#!/bin/sh
# Encoder or decoder alone: pretraining on running text, going on after a kill, and commands that need another model.
. "$(dirname "$0")/lib.sh"

# Number words that count up or down: what is hidden can be told from its neighbours, what comes from what came.
awk 'BEGIN {
    split("one two three four five six seven eight nine ten", word, " ")
    state = 7
    for (line = 1; line <= 700; line++) {
        state = (state * 75 + 74) % 65537
        text = ""
        for (i = 0; i < 4 + line % 5; i++)
            text = text (i ? " " : "") word[1 + (state + (state % 2 ? i : 100 - i)) % 10]
        file = line <= 600 ? "train.txt" : "valid.txt"
        print text > file
        if (line % 7 == 0) print "" > file
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
text: {vocabulary: {size: 40}}
$2: {layers: 1, width: 32, heads: 2, feed_forward: 64, dropout: 0.05, positions: learned, max_positions: 48, activation: gelu}
objective: {type: $1}
train:
  batch_tokens: 512
  max_steps: 120
  save_every: 20
  validation: {every: 20}
  optimizer: {learning_rate: 1.0e-2}
  schedule: {warmup_steps: 10}
YAML
}
write_recipe masked_lm encoder
write_recipe causal_lm decoder

# The loss of the first validation, and of the last.
losses() {
    sed -n 's/^.*validation: step .* loss \([0-9.]*\) accuracy .*$/\1/p' "$1" | sed -n '1p;$p' | tr '\n' ' '
}
falls_by_half() {
    awk -v both="$(losses "$1")" 'BEGIN { exit split(both, loss, " ") == 2 && loss[2] < loss[1] / 2 ? 0 : 1 }' ||
        fail "the loss does not fall by half: $(losses "$1")"
}

# Killed when it has saved a checkpoint but not the last one, then taken up again: the same bits.
kill_once() { # OBJECTIVE
    "$S2S" train "$1.yaml" --output=killed --quiet 2>/dev/null &
    program=$!
    while [ ! -e killed/checkpoints/step-00000020 ]; do
        kill -0 "$program" 2>/dev/null || fail "training ended before it was killed"
        sleep 0.01
    done
    kill -9 "$program" 2>/dev/null || fail "training ended before it was killed"
    wait "$program" || true
    [ ! -e killed/checkpoints/step-00000120 ] || fail "it was killed too late"
}

for objective in masked_lm causal_lm; do
    expect 0 "$S2S" train "$objective.yaml" --output="$objective"
    cp err "$objective.log"
    falls_by_half "$objective.log"
    says 'test held-out: loss '
    says 'perplexity '
    kill_once "$objective"
    expect 0 "$S2S" train "$objective.yaml" --output=killed --quiet
    cmp "$objective/model.safetensors" killed/model.safetensors || fail "$objective: a kill changed the model"
    rm -r killed
    expect 0 "$S2S" train "$objective.yaml" --output=threads --threads=2 --quiet
    cmp "$objective/model.safetensors" threads/model.safetensors || fail "$objective: threads changed the model"
    rm -r threads
    expect 0 "$S2S" train "$objective.yaml" --output=seed --seed=5 --max-steps=20 --quiet
    expect 0 "$S2S" average --output=mean --quiet "$objective" "$objective"
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
    refuse 2 "$S2S" translate --model="$MODEL" --ensemble="$objective" --set text.lowercase=true
    refuse 2 "$S2S" score --model="$objective" --source=train.txt --target=train.txt
    refuse 2 "$S2S" evaluate --model="$objective" --source=train.txt --reference=train.txt
    refuse 2 "$S2S" evaluate --model="$objective"
    refuse 2 "$S2S" quantize --model="$objective" --output=small
    refuse 2 "$S2S" bench --decode --model="$objective"
    refuse 2 "$S2S" bench --decode --recipe="$objective.yaml"
    refuse 2 "$S2S" vocab shortlist --model="$objective"
    [ ! -e small ] || fail "a refused model was written"
done

# A training step can be measured; it has the rows that the objective has.
expect 0 "$S2S" bench --train --model=masked_lm --json --quiet
equal "$(json training.target_tokens)" 0
expect 0 "$S2S" bench --train --model=causal_lm --json --quiet
equal "$(json training.source_tokens)" 0

# A vocabulary that was learnt for something else has nothing to hide tokens by.
expect 1 "$S2S" train masked_lm.yaml --output=other --set "text.vocabulary.model=$MODEL/vocab.model"
says 'no piece <mask>'
says 'text.vocabulary.symbols'
# Lines need no targets: each is a text of its own.
expect 0 "$S2S" train masked_lm.yaml --output=lines --set data.train.text=null --set data.train.source=train.txt --max-steps=20
