#!/bin/sh
# s2s recipe: resolve, explain, reference.
. "$(dirname "$0")/lib.sh"

printf 'name: small\nencoder: {layers: 3}\ndecoder: {}\n' >small.yaml
expect 0 "$S2S" recipe resolve small.yaml --set encoder.width=96 --set=search.beam_size=7
wrote 'layers: 3'
wrote 'width: 96'
wrote 'beam_size: 7'
cp out resolved.yaml
expect 0 "$S2S" recipe resolve resolved.yaml
sed 's/^output:.*//' resolved.yaml >a
sed 's/^output:.*//' out >b
cmp -s a b || fail "resolving a resolved recipe changes it"

expect 2 "$S2S" recipe resolve small.yaml --set encoder.layer=3
says 'did you mean encoder.layers?'
expect 2 "$S2S" recipe resolve small.yaml --set encoder.layers=many
says encoder.layers
printf 'encoder: {layrs: 3}\n' >typo.yaml
expect 2 "$S2S" recipe resolve typo.yaml
says 'typo.yaml:1:'
says 'did you mean encoder.layers?'
: >empty.yaml
expect 2 "$S2S" recipe resolve empty.yaml
says empty.yaml
head -c 4096 /dev/urandom >binary.yaml
expect 2 "$S2S" recipe resolve binary.yaml
says binary.yaml
expect 1 "$S2S" recipe resolve .
expect 1 "$S2S" recipe resolve nowhere.yaml
says nowhere.yaml

expect 0 "$S2S" recipe --explain search.beam_size
wrote search.beam_size
expect 0 "$S2S" recipe explain search
wrote search.length_penalty
expect 0 "$S2S" recipe --explain
wrote train.optimizer.learning_rate
expect 2 "$S2S" recipe --explain search.beam_sise
says 'did you mean search.beam_size?'

expect 0 "$S2S" recipe reference
cmp -s out "$ROOT/docs/recipe.md" || fail "docs/recipe.md is not what s2s recipe reference writes"
