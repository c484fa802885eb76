#!/bin/sh
# s2s bench: the shape of its results; the figures are the machine's.
. "$(dirname "$0")/lib.sh"

expect 0 "$S2S" bench --seconds=0 --quiet
wrote 'GFLOP/s, one thread'
wrote 'GB/s'
[ ! -s err ] || fail "--quiet said something"

cat >small.yaml <<'YAML'
encoder: {layers: 1, width: 32, heads: 2}
decoder: {}
data: {train: {source: a, target: b}, max_length: 64}
text: {vocabulary: {size: 100}}
train: {batch_tokens: 200, max_epochs: 1}
YAML
expect 0 "$S2S" bench --recipe=small.yaml --seconds=0 --length=10 --threads=1
wrote 'training step'
wrote linear_cross_entropy
wrote optimizer
wrote '% of the peak'
expect 0 "$S2S" bench --recipe=small.yaml --seconds=0 --length=10 --json --set encoder.layers=2
equal "$(json machine.threads)" "$("$JSON_GET" machine.threads <out)"
awk "BEGIN { exit !($(json machine.peak_gflops) > 0 && $(json step.target_tokens_per_second) > 0) }" ||
    fail "speeds above 0"
awk "BEGIN { exit !($(json step.target_tokens) <= 200 && $(json step.sentences) > 5) }" || fail "the batch"

# Moments of the optimizer: two floats a parameter, or half of it.
expect 0 "$S2S" bench --recipe=small.yaml --seconds=0 --json
floats=$(json step.moment_bytes)
awk "BEGIN { exit !($floats >= 8 * $(json step.parameters)) }" || fail "two floats a parameter"
expect 0 "$S2S" bench --recipe=small.yaml --seconds=0 --json --set train.optimizer.moments=bfloat16
equal "$(($(json step.moment_bytes) * 2))" "$floats"
expect 0 "$S2S" bench --recipe=small.yaml --seconds=0 --json --set train.optimizer.type=sgd
equal "$(json step.moment_bytes)" 0

# A sentence longer than a batch is made to fit.
expect 0 "$S2S" bench --recipe=small.yaml --seconds=0 --length=100000 --json
awk "BEGIN { exit !($(json step.sentences) >= 1) }" || fail "no sentence"
