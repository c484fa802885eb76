#!/bin/sh
# s2s quantize: smaller models that translate, and nothing else.
. "$(dirname "$0")/lib.sh"

size() { wc -c <"$1/model.safetensors"; }

expect 0 "$S2S" translate -m "$MODEL" -i "$MODEL/test.en" -o plain.de

# The same numbers in another order: the same lines.
expect 0 "$S2S" quantize -m "$MODEL" -o packed --type=float32
says 'weights of type float32'
expect 0 "$S2S" translate -m packed -i "$MODEL/test.en" -o packed.de
cmp -s plain.de packed.de || fail "packing changed the translations"

# A quarter of the memory, and nearly the same lines.
expect 0 "$S2S" quantize -m "$MODEL" -o small
says 'weights of type int8'
[ $(($(size small) * 2)) -lt "$(size packed)" ] || fail "int8 weights are not small"
expect 0 "$S2S" translate -m small -i "$MODEL/test.en" -o small.de
same=$(paste -d '|' plain.de small.de | awk -F '|' '$1 == $2' | wc -l)
[ "$same" -ge 45 ] || fail "only $same of 50 lines are those of float32"
for threads in 1 2; do
    expect 0 "$S2S" translate -m small -i "$MODEL/test.en" --threads=$threads
    cmp -s small.de out || fail "$threads threads change the translations"
done
expect 0 "$S2S" inspect -m small --json
equal "$(json parameters.type)" int8

# What it is not for, and wrong use.
expect 1 "$S2S" quantize -m small -o again
says 'packed weights (int8), which serve only for translating'
expect 1 "$S2S" average -o mean small
says 'use the model that it was made from'
expect 2 "$S2S" quantize -m "$MODEL" -o odd --type=int7
says 'is none of: float32, int8'
expect 2 "$S2S" quantize -m "$MODEL"
mkdir whole
cp "$MODEL"/recipe.yaml "$MODEL"/vocab.model "$MODEL"/model.safetensors whole
ln -s whole other
expect 2 "$S2S" quantize -m whole -o other
says 'is the model whole itself'
cmp -s whole/model.safetensors "$MODEL/model.safetensors" || fail "the model was written over"
expect 1 "$S2S" quantize -m nowhere -o odd
[ ! -e odd ] || fail "a failed command left a folder"
no_leftovers
