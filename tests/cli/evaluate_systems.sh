#!/bin/sh
# s2s evaluate of several systems: intervals and p-values (made by sacreBLEU, in the metric fixtures),
# scores of single lines.
. "$(dirname "$0")/lib.sh"

# The systems of the fixture: hypotheses, but the first reference in every eleventh line, and so on. All of
# them are on a line each, so a file is what json_get makes of a field.
"$JSON_GET" hypothesis <"$FIXTURES/metric/segments.jsonl" | head -n 10 >hypothesis
for i in 0 1 2; do "$JSON_GET" references.$i <"$FIXTURES/metric/segments.jsonl" | head -n 10 >reference$i; done
# system REFERENCE EVERY
system() {
    awk -v file="reference$1" -v every="$2" '{ getline other <file; print (NR - 1) % every ? $0 : other }' hypothesis
}
system 2 5 >a
system 1 3 >b
system 1 11 >c
cp a d
system 0 4 >e

# known TEST SAMPLES METRIC SYSTEM FIELD
known() {
    grep '"test":"'"$1"'","lines":10,"metric":"'"$3"'","samples":'"$2," "$FIXTURES/metric/significance.jsonl" |
        "$JSON_GET" "results.$4.$5"
}
# agrees INDEX FIELD TEST SAMPLES METRIC SYSTEM KNOWN_FIELD: to four digits
agrees() {
    equal "$(printf '%.4f' "$(json "sets.0.scores.$1.$2")")" "$(printf '%.4f' "$(known "$3" "$4" "$5" "$6" "$7")")"
}
all="--hypothesis=a --hypothesis=b --hypothesis=c --hypothesis=d --hypothesis=e --reference=reference0"
metrics="--metric=bleu,chrf"

expect 0 "$S2S" evaluate $all $metrics --paired=bootstrap --json
equal "$(json sets.0.lines)" 10
equal "$(json sets.0.scores.0.system)" a
equal "$(json sets.0.scores.9.system)" e
equal "$(json sets.0.scores.9.metric)" chrF2
for system in 1 2 4; do
    agrees $((2 * system)) score bs 1000 bleu $system score
    agrees $((2 * system)) mean bs 1000 bleu $system mean
    agrees $((2 * system)) half bs 1000 bleu $system ci
    agrees $((2 * system)) p bs 1000 bleu $system p_value
    agrees $((2 * system + 1)) p bs 1000 chrf $system p_value
done
equal "$(printf '%.1f' "$(json sets.0.scores.6.p)")" 1.0 # the same lines
json sets.0.scores.0.signature | grep -q '^nrefs:1|bs:1000|seed:12345|case:mixed|' || fail "signature"
"$JSON_GET" sets.0.scores.0.p <out 2>/dev/null && fail "the baseline has no p-value"

expect 0 "$S2S" evaluate $all $metrics --paired=randomization --resamples=1000 --json
for system in 1 2 4; do agrees $((2 * system)) p ar 1000 bleu $system p_value; done
json sets.0.scores.0.signature | grep -q '^nrefs:1|ar:1000|seed:12345|' || fail "signature"

# The number of threads changes nothing.
expect 0 "$S2S" evaluate $all $metrics --paired=randomization --confidence --threads=1
mv out one
expect 0 "$S2S" evaluate $all $metrics --paired=randomization --confidence --threads=3
cmp -s out one || fail "threads change the result"
wrote 'system     BLEU    ±95%       p     chrF2    ±95%       p'
wrote 'a         42.80 '
wrote '* differs from a: p < 0.05 (approximate randomization, 10000 trials)'
wrote 'bs:1000|ar:10000|seed:12345|'

# Other draws, other intervals; one system has an interval as well.
expect 0 "$S2S" evaluate --hypothesis=a --reference=reference0 --confidence --metric=bleu --resamples=33 --resample-seed=7
wrote "mean $(printf '%.2f' "$(known bs 33 bleu 0 mean)") ± $(printf '%.2f' "$(known bs 33 bleu 0 ci)"), 95% within "
wrote 'bs:33|seed:7|'

# Without anything asked for: scores alone.
expect 0 "$S2S" evaluate $all $metrics
wrote 'system     BLEU    chrF2'
wrote_lines 8

# Scores of single lines.
expect 0 "$S2S" evaluate --hypothesis=a --hypothesis=c --reference=reference0 --metric=bleu --sentence-level
equal "$(head -n 1 out)" "$(printf 'line\ta:BLEU\tc:BLEU')"
sed -n '2,11p' out >lines
for i in 1 2 3; do
    sed -n "${i}p" a >line_a
    sed -n "${i}p" reference0 >line_reference
    expect 0 "$S2S" evaluate --hypothesis=line_a --reference=line_reference --metric=bleu --sentence-level --json
    equal "$(sed -n "${i}p" lines | cut -f 1-2)" "$(printf '%s\t%.2f' $i "$(json sets.0.scores.0.score)")"
    equal "$(json sets.0.segments.0.0)" "$(json sets.0.scores.0.score)"
done

# Wrong use, and files that do not fit.
expect 2 "$S2S" evaluate --hypothesis=a --reference=reference0 --paired=bootstrap
says 'give --hypothesis twice or more'
expect 2 "$S2S" evaluate --hypothesis=a --reference=reference0 --resamples=10
says '--resamples goes with'
expect 2 "$S2S" evaluate --hypothesis=a --hypothesis=b --reference=reference0 --paired=t-test
says 'none, bootstrap, randomization'
expect 2 "$S2S" evaluate --hypothesis=- --hypothesis=- --reference=reference0
says 'standard input'
head -n 8 b >short
expect 1 "$S2S" evaluate --hypothesis=a --hypothesis=short --reference=reference0
says 'short has 8 lines but a has 10: line 9'
