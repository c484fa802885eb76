#!/bin/sh
# s2s bench: the shape of its results, and sums that hold on any machine; the speeds are the machine's.
. "$(dirname "$0")/lib.sh"

# holds EXPRESSION: arithmetic that is true.
holds() { awk "BEGIN { exit !($1) }" || fail "not true: $1"; }

# The field NAME of each object of a compact JSON list (standard input), a line each.
field() { tr '{}' '\n\n' | sed -n "s/.*\"$1\":\([^,]*\).*/\1/p"; }

sum() { awk '{ sum += $1 } END { printf "%.15g\n", sum }'; }

# The sum of field $2 over the ops of `step` or `decode`; of those alone whose name begins with $3.
ops() { json "$1.ops" | tr '{' '\n' | grep "\"op\":\"${3-}" | field "$2" | sum; }

# What holds of each kind of step: the parts add up to no more than the whole, and all work is some part's.
check_step() {
    holds "$(json "$1.steps") >= 3 && $(json "$1.fastest_seconds") <= $(json "$1.seconds")"
    holds "$(json "$1.between_seconds") >= 0"
    holds "$(ops "$1" seconds) <= $(json "$1.seconds") * (1 + 1e-9)"
    equal "$(ops "$1" flops)" "$(json "$1.flops" | sum)"
    holds "$(json "$1.limit_seconds") > 0 && $(json "$1.share_of_peak") > 0"
}

# --- the machine ---

expect 0 "$S2S" bench --seconds=0 --quiet
wrote 'GFLOP/s, one thread'
wrote 'GOP/s, one thread'
wrote 'GB/s'
[ ! -s err ] || fail "--quiet said something"
expect 0 "$S2S" bench --seconds=0 --json
holds "$(json machine.peak_gflops) > 0 && $(json machine.peak_gflops_one_thread) > 0"
holds "$(json machine.int8_gops) > 0 && $(json machine.int8_gops_one_thread) > 0"
holds "$(json machine.memory_gb_per_second) > 0"
equal "$(json machine.cache_bytes | cut -c 1)" '['

# --- a training step ---

cat >small.yaml <<'YAML'
encoder: {layers: 1, width: 32, heads: 2}
decoder: {}
data: {train: {source: a, target: b}, max_length: 64}
text: {vocabulary: {size: 100}}
train: {batch_tokens: 200, max_epochs: 1}
search: {beam_size: 3}
YAML
expect 0 "$S2S" bench --recipe=small.yaml --seconds=0 --length=10 --threads=1
wrote 'training step'
wrote linear_cross_entropy
wrote optimizer
wrote '% of the peak'
wrote 'matrix products'
wrote 'weight gradient'
expect 0 "$S2S" bench --recipe=small.yaml --seconds=0 --length=10 --threads=1 --json --set encoder.layers=2
equal "$(json machine.threads)" 1
holds "$(json step.target_tokens_per_second) > 0"
holds "$(json step.target_tokens) <= 200 && $(json step.sentences) > 5"
check_step step
# The work of the products is that of the ops which they belong to.
json step.products | field flops >flops
json step.products | field count >count
json step.products | field gflops | while read -r speed; do holds "$speed > 0"; done
holds "$(wc -l <count) >= 9"
equal "$(paste flops count | awk '{ print $1 * $2 }' | sum)" "$(ops step flops linear)"
for pass in forward backward; do
    json step.ops | grep -qF "\"op\":\"linear\",\"pass\":\"$pass\"" || fail "no $pass pass of linear"
done

# Moments of the optimizer: two floats a parameter, or half of it.
expect 0 "$S2S" bench --recipe=small.yaml --seconds=0 --json
floats=$(json step.moment_bytes)
holds "$floats >= 8 * $(json step.parameters)"
expect 0 "$S2S" bench --recipe=small.yaml --seconds=0 --json --set train.optimizer.moments=bfloat16
equal "$(($(json step.moment_bytes) * 2))" "$floats"
expect 0 "$S2S" bench --recipe=small.yaml --seconds=0 --json --set train.optimizer.type=sgd
equal "$(json step.moment_bytes)" 0

# A sentence longer than a batch is made to fit, and one with more tokens than there are positions.
expect 0 "$S2S" bench --recipe=small.yaml --seconds=0 --length=100000 --json
holds "$(json step.sentences) >= 1"
expect 0 "$S2S" bench --recipe=small.yaml --seconds=0 --length=100 --json \
    --set encoder.positions=learned --set encoder.max_positions=15 --set data.max_length=15
holds "$(json step.source_tokens) <= 15 * $(json step.sentences)"

# --- a decoding step ---

# Products by hand: the output layer is 7 hypotheses x 100 tokens x width 32; each hypothesis sees 4 + 11 keys.
decode="bench --decode --recipe=small.yaml --seconds=0 --length=10 --rows=7 --position=3 --threads=1"
expect 0 "$S2S" $decode --json
check_step decode
equal "$(json decode.weights)" float32
equal "$(json decode.rows) $(json decode.sentences) $(json decode.source_tokens) $(json decode.position)" "7 3 11 3"
equal "$(ops decode flops output)" $((2 * 7 * 100 * 32))
equal "$(ops decode flops cache_attention)" $((4 * 7 * (4 + 11) * 32))
real=$(ops decode bytes linear)
if "$JSON_GET" step <out >step; then fail "--decode measured training, too"; fi
for type in bfloat16 int8; do
    expect 0 "$S2S" $decode --json --weights=$type
    check_step decode
    equal "$(json decode.weights)" $type
    holds "$(ops decode bytes linear) < $real * 0.6"
done
holds "$(ops decode bytes linear) < $real / 2"
expect 0 "$S2S" $decode --position=0 --train
wrote 'training step'
wrote 'decoding step'
wrote 'best tokens'
wrote '7 hypotheses of 3 sentences, 11 source tokens each, position 0, float32 weights'

# A model's own weights; so many hypotheses as its search has, at most.
expect 0 "$S2S" quantize -m "$MODEL" -o int8
for model in "$MODEL" int8; do
    expect 0 "$S2S" bench --decode -m "$model" --seconds=0 --length=4 --json --set search.batch_sentences=5
    check_step decode
    equal "$(json decode.rows) $(json decode.sentences) $(json decode.position)" "15 5 4"
done
equal "$(json decode.weights)" int8

# --- a trace ---

expect 0 "$S2S" bench --recipe=small.yaml --seconds=0 --length=10 --rows=7 --trace=trace.json --json
check_step step
check_step decode
"$JSON_GET" traceEvents <trace.json | sed 's/},{"name"/},\n{"name"/g' | grep '"ph":"X"' >events || fail "no events"
for process in 1 2; do
    grep "\"pid\":$process," events | grep '"cat":"step"' | field dur >whole
    grep "\"pid\":$process," events | grep -v '"cat":"step"' | sed -n 's/.*"dur":\([^,]*\).*/\1/p' >parts
    equal "$(wc -l <whole)" 1
    holds "$(wc -l <parts) > 10"
    holds "$(sum <parts) <= $(cat whole)"
done
# Each op of training once in each direction, with its shapes.
equal "$(grep -c '"pass":"backward"' events)" \
    "$(grep '"pid":1,' events | grep -c '"pass":"forward"')"
grep '"name":"linear_cross_entropy"' events | grep '"pass":"forward"' |
    grep -qE '"args":\{"id":[0-9]+,.*"in":\[\[[0-9]+,32\]\],.*"shape":\[100,32\]' || fail "no shapes"
grep '"pid":2,' events | grep '"name":"output layer"' | grep -qF '"out":[7,100]' || fail "no output layer"
expect 0 "$S2S" bench --recipe=small.yaml --train --seconds=0 --trace=train.json
if grep -q 'decoding step' train.json; then fail "--train traced decoding"; fi

# A file that cannot be written is known at once, and none is left by what fails later.
expect 1 "$S2S" bench --recipe=small.yaml --trace=nowhere/trace.json
says nowhere/trace.json
expect 1 "$S2S" bench --recipe=nowhere.yaml --seconds=0 --trace=none.json
[ ! -e none.json ] || fail "a failed command left a trace"
no_leftovers

# --- wrong use ---

wrong() {
    said=$1
    shift
    expect 2 "$S2S" bench --seconds=0 "$@"
    says "$said"
}
wrong '--decode: of which model' --decode
wrong '--trace: of which model' --trace=none.json
wrong '--rows is of a decoding step' --recipe=small.yaml --rows=3
wrong '--position is of a decoding step' --recipe=small.yaml --train --position=3
wrong '--weights' --model="$MODEL" --decode --weights=int8
wrong '"int7" is none of: float32, int8, bfloat16' --recipe=small.yaml --decode --weights=int7
wrong '--rows' --recipe=small.yaml --decode --rows=0
wrong '--position=15: this model has positions for at most 14' --recipe=small.yaml --decode --position=15 \
    --length=5 --set encoder.positions=learned --set encoder.max_positions=15 --set data.max_length=15
wrong 'too many' --recipe=small.yaml --decode --rows=60000 --length=60000 --set search.beam_size=1
[ ! -e none.json ] || fail "wrong use left a trace"
