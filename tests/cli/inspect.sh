#!/bin/sh
# s2s inspect and s2s average.
. "$(dirname "$0")/lib.sh"

expect 0 "$S2S" inspect --model="$MODEL"
wrote 'model      numbers'
wrote '40 pieces'
wrote 'encoder.self_attention'
wrote model.safetensors
columns=$(sed -n 's/^\(  [a-z]*coder\..*[0-9]\) .*%$/\1/p' out | awk '{print length}' | sort -u | wc -l)
equal "$columns" 1
expect 0 "$S2S" inspect --model="$MODEL" --json --output=card.json
cp card.json out
equal "$(json model)" numbers
equal "$(json vocabulary.source.size)" 40
equal "$(json vocabulary.source.unk)$(json vocabulary.source.bos)$(json vocabulary.source.eos)" 012
equal "$(json parameters.modules.embedding)" $((40 * 32))
bytes=$(wc -c <"$MODEL/recipe.yaml")
"$JSON_GET" files <out | tr '{}' '\n\n' | grep -q "\"bytes\":$bytes," || fail "no file of the recipe's size"
total=0
for size in $("$JSON_GET" parameters.modules <out | tr -c '0-9\n' ' '); do total=$((total + size)); done
equal "$(json parameters.total)" "$total"

# The mean of a model with itself is the model; of two checkpoints it is neither.
expect 0 "$S2S" average --output=once "$MODEL"
expect 0 "$S2S" average --output=same "$MODEL" "$MODEL"
says 'the mean of 2 models'
cmp -s same/model.safetensors once/model.safetensors || fail "the mean of equal models differs"
expect 0 "$S2S" translate -m same -i "$MODEL/test.en"
wrote_lines 50
set -- "$MODEL"/checkpoints/step-*
[ $# -ge 2 ] || fail "two checkpoints are needed"
expect 0 "$S2S" average --output=mean --quiet "$1" "$2"
for one in "$@"; do
    if cmp -s mean/model.safetensors "$one/model.safetensors"; then fail "the mean is one of them"; fi
done
expect 0 "$S2S" inspect -m mean

# An input is not written over.
ln -s same link
expect 2 "$S2S" average --output=link "$MODEL" same
says 'is the model same itself'
cmp -s same/model.safetensors once/model.safetensors || fail "an input was written over"

# What is no model.
expect 1 "$S2S" inspect -m nowhere
says nowhere
mkdir hollow
expect 1 "$S2S" inspect -m hollow
says model.safetensors
expect 1 "$S2S" average --output=none "$MODEL" hollow
says hollow
[ ! -e none/model.safetensors ] || fail "a failed average left a model"
expect 1 "$S2S" average --output=/dev/null/x "$MODEL"
says /dev/null
