#!/bin/sh
# s2s evaluate SUITE: 2 models x 2 test sets x 2 searches; interrupted, gone on with, and run again for nothing.
. "$(dirname "$0")/lib.sh"

# The second model is the first one's int8 form.
expect 0 "$S2S" quantize --model="$MODEL" --output=small

# A set that takes a while, so that there is a middle to interrupt: pairs of the test set's lines.
for side in en de; do
    awk '{ line[NR] = $0 }
        END { for (k = 0; k < 100; k++) for (i = 1; i <= NR; i++) print line[i], line[1 + (i + k) % NR] }' \
        "$MODEL/test.$side" >long.$side
done
cat >suite.yaml <<YAML
models:
  full: $MODEL
  small: small
tests:
  held-out: {source: $MODEL/test.en, references: [$MODEL/test.de, $MODEL/test.de]}
  long: {source: long.en, references: long.de}
searches:
  greedy: {type: greedy}
  wide: {type: beam, beam_size: 12}
metrics: [bleu, chrf]
baseline: {model: full}
significance: {samples: 100}
YAML

done_cells() {
    find suite.results -name result.json 2>/dev/null | sort
}

part_file() {
    find suite.results -name output.part.jsonl 2>/dev/null
}

# Some cells are done, and some lines of one on the long set.
in_the_middle() {
    part=$(part_file)
    [ -n "$(done_cells)" ] && [ -n "$part" ] && [ "$(cat "$part" 2>/dev/null | wc -l)" -ge 100 ]
}

# --- interrupted in the middle of a cell, when others are done

"$S2S" evaluate suite.yaml --threads=1 >"$work/out" 2>"$work/err" &
program=$!
waited=0
until in_the_middle; do
    kill -0 $program 2>/dev/null || fail "the suite ended before it could be interrupted"
    waited=$((waited + 1))
    [ $waited -lt 2400 ] || fail "no cell was done in a minute or two"
    sleep 0.02
done
kill -TERM $program
status=0
wait $program || status=$?
[ $status -eq 1 ] || fail "an interrupted suite ends with $status"
says 'the same command goes on where it stopped'
[ ! -s out ] || fail "an interrupted suite wrote a table"

part=$(part_file)
[ -n "$part" ] || fail "the part of a cell that was done is gone"
lines=$(wc -l <"$part")
head -n "$lines" "$part" >kept_part
before=$(done_cells | wc -l)
# shellcheck disable=SC2046 # names without spaces
cksum $(done_cells) >kept_cells
[ "$before" -lt 8 ] || fail "there was nothing left to do"

# --- gone on with: what was done is as it was, to the byte

expect 0 "$S2S" evaluate suite.yaml --threads=1 --json
says "8 cells, $((8 - before)) to run"
# shellcheck disable=SC2046
cksum $(cut -d ' ' -f 3 kept_cells) | cmp -s - kept_cells || fail "a cell that was done was done again"
head -n "$lines" "$(dirname "$part")/output.jsonl" | cmp -s - kept_part ||
    fail "lines that were done were done again"
mv out resumed
"$JSON_GET" taken_over <"$(dirname "$part")/result.json" >taken || fail "no taken_over in result.json"
equal "$(cat taken)" "$lines"
equal "$(find suite.results -name result.json | wc -l)" 8
equal "$(find suite.results -name 'output.part.jsonl' | wc -l)" 0
cp resumed out
for row in 0 1 2 3 4 5 6 7; do
    equal "$(json rows.$row.state)" done
    [ "$(json rows.$row.facts.peak_memory)" -gt 1000000 ] || fail "row $row: no memory was measured"
    [ "$(json rows.$row.facts.tokens)" -gt 100 ] || fail "row $row: no tokens were counted"
done
equal "$(json rows.0.test)" held-out
equal "$(json rows.3.search)" wide
equal "$(json rows.2.against)" 0

# --- scores are those of s2s evaluate, and what was resumed is what one go would have written

expect 0 "$S2S" evaluate -m "$MODEL" --source=long.en --reference=long.de --set search.type=beam \
    --beam-size=12 --json
wanted=$(json sets.0.scores.0.score)
cp resumed out
equal "$(json rows.5.scores.0.score)" "$wanted"

# --- a second run runs nothing

find suite.results -type f -exec cksum {} + | sort >kept_all
expect 0 "$S2S" evaluate suite.yaml --html=report.html
says '8 cells, 0 to run'
wrote 'held-out  full   greedy'
wrote 'MB is the peak'
find suite.results -type f -exec cksum {} + | sort | cmp -s - kept_all || fail "a second run changed results"
grep -q '^<!doctype html>' report.html || fail "no report"
grep -q 'BLEU by length' report.html || fail "the report has no charts"
grep -q '<script\|src=\|href=' report.html && fail "the report is not self-contained"

# Its pictures of attention show what `s2s translate --alignment` tells: of line 3 by the first system of the first
# test set, the most that each piece looks at something.
expect 0 "$S2S" evaluate suite.yaml --html=report.html --line=3
grep -o '<svg class="heat c[0-7]" [^>]*aria-label="attention in line 3:.*' report.html | head -n 1 |
    sed 's#</desc>.*##; s/.*<desc>//' | grep -o ', [01]\.[0-9][0-9]\(;\|$\)' | tr -d ' ,;' >pictured
system=$(sed 's/<summary>/\n&/g' report.html | sed -n 's/^<summary>Lines: \(.*\) → .*/\1/p' | head -n 1)
case $system in
*wide) search="--set search.type=beam --beam-size=12" ;;
*) search="--set search.type=greedy" ;;
esac
# shellcheck disable=SC2086 # options
head -n 3 "$MODEL/test.en" | "$S2S" translate -m "$MODEL" --alignment=soft $search 2>"$work/err" | tail -n 1 |
    cut -f 2 | tr ' ' '\n' | awk -F, '{ best = 0; for (i = 1; i <= NF; i++) if ($i + 0 > best) best = $i + 0
        print best }' >told
[ -s told ] || fail "s2s translate tells no alignment"
equal "$(wc -l <pictured)" "$(wc -l <told)"
paste pictured told | awk '{ d = $1 - $2; if (d > 0.0051 || d < -0.0051) exit 1 }' || # of two rounded numbers
    fail "the report's attention is not that of s2s translate: $(paste pictured told)"
expect 0 "$S2S" evaluate suite.yaml --html=report.html --no-run
grep -q '<svg class="heat' report.html && fail "--no-run ran a model"
expect 2 "$S2S" evaluate suite.yaml --line=3
says '--line goes with --html'
expect 2 "$S2S" evaluate suite.yaml --html=report.html --line=0
says '"0" is no number of a line'
no_leftovers
expect 0 "$S2S" evaluate suite.yaml --format=markdown --output=table.md --quiet
[ ! -s err ] || fail "--quiet said something"
grep -q '^| held-out | full | greedy |' table.md || fail "no Markdown"
expect 0 "$S2S" evaluate suite.yaml --format=csv
equal "$(wc -l <out)" 9

# Other metrics and references need no new run; another search does, for its own cells.
sed 's/chrf\]/chrf++]/; s/, references: long.de/, references: [long.de, long.en]/' suite.yaml >other.yaml
echo 'results: suite.results' >>other.yaml
expect 0 "$S2S" evaluate other.yaml
says '8 cells, 0 to run'
wrote 'chrF2++'
sed 's/beam_size: 12/beam_size: 2/; /long/d' other.yaml >less.yaml
expect 0 "$S2S" evaluate less.yaml --no-run
wrote '-'
expect 0 "$S2S" evaluate less.yaml
says '4 cells, 2 to run'

# Sampling goes by a line's place in the input: going on with a line gives what one go gives.
cat >sample.yaml <<YAML
models: {full: $MODEL}
tests: {held-out: {source: $MODEL/test.en, references: $MODEL/test.de}}
searches: {sample: {type: sample, temperature: 3, seed: 5}}
YAML
expect 0 "$S2S" evaluate sample.yaml
cell=$(dirname "$(find sample.results -name result.json)")
sed 's/,"seconds".*//' "$cell/output.jsonl" >one_go
head -n 10 "$cell/output.jsonl" >"$cell/output.part.jsonl"
printf '{"text":"torn' >>"$cell/output.part.jsonl"
rm "$cell/output.jsonl" "$cell/result.json"
expect 0 "$S2S" evaluate sample.yaml --json
equal "$(json rows.0.facts.taken_over)" 10
sed 's/,"seconds".*//' "$cell/output.jsonl" | cmp -s - one_go || fail "a resumed sample is another one"
equal "$(sort -u one_go | wc -l | awk '{ print ($1 > 20) }')" 1

# --- a cell that fails does not take the others with it

mkdir broken
cp "$MODEL"/recipe.yaml "$MODEL"/vocab.model broken/
head -c 3000 "$MODEL/model.safetensors" >broken/model.safetensors
sed 's/small: small/small: broken/' less.yaml >failing.yaml
expect 1 "$S2S" evaluate failing.yaml
says '2 of 4 cells failed; small, held-out, greedy: '
says 'broken/model.safetensors'
wrote 'failed'
wrote 'held-out  full   greedy'

# --- broken suites

sed 's/^searches:/serches:/' suite.yaml >bad.yaml
expect 2 "$S2S" evaluate bad.yaml
says 'bad.yaml:7:1: serches: unknown key; did you mean searches?'
sed 's/beam_size: 12/beam_sise: 12/' suite.yaml >bad.yaml
expect 2 "$S2S" evaluate bad.yaml
says 'did you mean searches.wide.beam_size?'
sed 's/source: long.en/source: longer.en/' suite.yaml >bad.yaml
expect 2 "$S2S" evaluate bad.yaml
says 'bad.yaml:6:18: tests.long.source: cannot read'
says longer.en
sed 's/small: small/full: small/' suite.yaml >bad.yaml
expect 2 "$S2S" evaluate bad.yaml
says 'bad.yaml:3:3: full: given twice'
head -n 3 long.de >short.de
sed 's/references: long.de/references: short.de/' suite.yaml >bad.yaml
expect 1 "$S2S" evaluate bad.yaml
says 'tests.long: '
says short.de
echo 'results: /dev/null/results' | cat suite.yaml - >bad.yaml
expect 1 "$S2S" evaluate bad.yaml
says 'results: '
says /dev/null
expect 1 "$S2S" evaluate suite.yaml --html=/dev/null/report.html
says /dev/null
expect 1 "$S2S" evaluate nowhere.yaml
says 'cannot read the suite nowhere.yaml'
expect 2 "$S2S" evaluate suite.yaml --model="$MODEL"
says '--model does not go with a suite'
expect 2 "$S2S" evaluate suite.yaml --beam-size=3
says '--set does not go with a suite'
expect 2 "$S2S" evaluate -m "$MODEL" --html=report.html
says '--html goes with a suite'
