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

# Less memory, and nearly the same lines. $1: the type, $2: how many per cent of float32's bytes are the most
check_rounded() {
    expect 0 "$S2S" quantize -m "$MODEL" -o "$1" --type="$1"
    says "weights of type $1"
    [ $(($(size "$1") * 100)) -lt $(($(size packed) * $2)) ] || fail "$1 weights are not small"
    expect 0 "$S2S" translate -m "$1" -i "$MODEL/test.en" -o "$1.de"
    same=$(paste -d '|' plain.de "$1.de" | awk -F '|' '$1 == $2' | wc -l)
    [ "$same" -ge 45 ] || fail "only $same of 50 lines are those of float32"
    for threads in 1 2; do
        expect 0 "$S2S" translate -m "$1" -i "$MODEL/test.en" --threads=$threads
        cmp -s "$1.de" out || fail "$threads threads change the translations"
    done
    expect 0 "$S2S" inspect -m "$1" --json
    equal "$(json parameters.type)" "$1"
}
check_rounded bfloat16 60
check_rounded int8 50
expect 0 "$S2S" quantize -m "$MODEL" -o small
cmp -s small/model.safetensors int8/model.safetensors || fail "int8 is not what is made without --type"

# What it is not for, and wrong use.
expect 1 "$S2S" quantize -m small -o again
says 'packed weights (int8), which serve only for translating'
expect 1 "$S2S" average -o mean small
says 'use the model that it was made from'
expect 2 "$S2S" quantize -m "$MODEL" -o odd --type=int7
says 'is none of: float32, int8, bfloat16'
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
