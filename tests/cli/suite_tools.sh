#!/bin/sh
# The scripts of tools/evaluate, on the tiny model.
. "$(dirname "$0")/lib.sh"
export S2S
tools=$ROOT/tools/evaluate

# refused TEXT COMMAND...: a script says so itself, before s2s is asked
refused() {
    text=$1
    shift
    status=0
    "$@" >out 2>err || status=$?
    equal $status 2
    says "$text"
}

# Every checkpoint of a run.
mkdir "a run"
cp "$MODEL"/model.safetensors "$MODEL"/recipe.yaml "$MODEL"/vocab.model "a run/"
for step in 60 100; do
    folder=$(printf 'a run/checkpoints/step-%08d' $step)
    mkdir -p "$folder"
    cp "a run"/*.* "$folder"/
done
expect 0 "$tools/checkpoints" "a run" "$MODEL/test.en" "$MODEL/test.de" --format=csv
wrote_lines 4
wrote 'test,step-00000060,greedy,done,50,'
says '3 cells, 1 to run' # all three are the same model
refused 'nowhere/checkpoints: no such folder' "$tools/checkpoints" nowhere "$MODEL/test.en" "$MODEL/test.de"

# A sweep; and more of it, for which only the new is run.
expect 0 env BEAMS='1 2' PENALTIES='0 1' "$tools/sweep" "$MODEL" "$MODEL/test.en" "$MODEL/test.de"
says '5 cells, 5 to run'
wrote 'beam 2, penalty 0'
expect 0 env BEAMS='1 2 3' PENALTIES='1' "$tools/sweep" "$MODEL" "$MODEL/test.en" "$MODEL/test.de"
says '4 cells, 0 to run' # beam 3 with penalty 1 is the model's own search

# A suite that was edited stays as it is, and so does one that the script has not written.
cp sweep.yaml kept.yaml
echo 'metrics: [chrf]' >>sweep.yaml
cp sweep.yaml edited.yaml
refused 'sweep.yaml has been edited' "$tools/sweep" "$MODEL" "$MODEL/test.en" "$MODEL/test.de"
cmp -s sweep.yaml edited.yaml || fail "an edited suite was written over"
cp edited.yaml wmt.yaml
refused 'wmt.yaml has been edited' env SUITE=wmt.yaml "$tools/sweep" "$MODEL" "$MODEL/test.en" "$MODEL/test.de"
rm wmt.yaml
mv kept.yaml sweep.yaml
expect 0 env BEAMS=1 PENALTIES=0 "$tools/sweep" "$MODEL" "$MODEL/test.en" "$MODEL/test.de"
says "2 cells, 0 to run"

# Names come through as they are, whatever they hold.
odd='a\tb "c" \\d'
mkdir "$odd"
cp "$MODEL/test.en" "$odd/n\ew's.en"
cp "$MODEL/test.de" "$odd/n\ew's.de"
cp -r "a run" "$odd/r\n"
expect 0 env SUITE=odd.yaml "$tools/wmt" "$odd" en de "$odd/r\n" -- --json
equal "$(json rows.0.test)" "n\ew's"
equal "$(json rows.0.model)" 'r\n'

# Test files in a folder, one of them gzipped, one with a second reference.
mkdir wmt
cp "$MODEL/test.en" wmt/news1.en
cp "$MODEL/test.de" wmt/news1.de
cp "$MODEL/test.de" wmt/news1.de.2
head -n 20 "$MODEL/test.en" | gzip >wmt/news2.en.gz
head -n 20 "$MODEL/test.de" >wmt/news2.de
expect 0 "$tools/wmt" wmt en de "a run" "$MODEL/" -- --json --html=report.html
equal "$(json rows.0.test)" news1
equal "$(json rows.2.test)" news2
equal "$(json rows.2.facts.lines)" 20
grep -q 'nrefs:2' out || fail "the second reference was not taken"
[ -s report.html ] || fail "options do not reach s2s evaluate"
refused 'no file ends in .fr' "$tools/wmt" wmt fr de "$MODEL"

# Help.
for script in checkpoints sweep wmt; do
    expect 0 "$tools/$script" --help
    wrote "tools/evaluate/$script"
    status=0
    "$tools/$script" >out 2>err || status=$?
    equal $status 2
done
