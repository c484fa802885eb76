#!/bin/sh
# s2s translate: one line out for one line in, whatever comes in.
. "$(dirname "$0")/lib.sh"

expect 0 "$S2S" translate --model="$MODEL" --input="$MODEL/test.en"
wrote_lines 50
mv out plain

# The same through a pipe, gzip, a file, other batches and other threads.
"$S2S" translate -m "$MODEL" <"$MODEL/test.en" >out
cmp -s out plain || fail "a pipe gives something else"
gzip -c "$MODEL/test.en" >test.en.gz
expect 0 "$S2S" translate -m "$MODEL" -i test.en.gz -o result.gz
gzip -dc result.gz | cmp -s - plain || fail "gzip gives something else"
expect 0 "$S2S" translate -m "$MODEL" -i "$MODEL/test.en" --batch-sentences=1 --threads=1
cmp -s out plain || fail "one by one gives something else"
expect 0 "$S2S" translate -m "$MODEL" -i "$MODEL/test.en" --set search.batch_sentences=3 --threads=2
cmp -s out plain || fail "batches of three give something else"
expect 0 "$S2S" translate -m "$MODEL" -i "$MODEL/test.en" --search=greedy
mv out greedy
expect 0 "$S2S" translate -m "$MODEL" -i "$MODEL/test.en" --beam-size=1
cmp -s out greedy || fail "a beam of one is not greedy search"

# Odd lines.
printf 'one two\r\n\n   \n\377\376 three \000 four\n\377\nfive' |
    expect 0 "$S2S" translate -m "$MODEL"
wrote_lines 6
equal "$(sed -n 2,3p out)" ''
says 'standard input:4: not UTF-8'
equal "$(grep -c 'not UTF-8' err)" 1
: | expect 0 "$S2S" translate -m "$MODEL"
wrote_lines 0
[ ! -s err ] || fail "nothing to translate is nothing to tell"
awk 'BEGIN { for (i = 0; i < 5000; i++) printf "seven "; print "" }' |
    expect 0 "$S2S" translate -m "$MODEL" --search=greedy
wrote_lines 1

# A translation that a limit cuts is told; one that comes to its end is not.
expect 0 "$S2S" translate -m "$MODEL" -i "$MODEL/test.en"
[ ! -s err ] || fail "a warning without need"
printf '\none two three\none\nfour five six\n' >some
"$S2S" translate -m "$MODEL" -i some --max-length=2 --json >cut.json
expect 0 "$S2S" translate -m "$MODEL" -i some --max-length=2
says "that a limit of length cut: $(grep -c '"ended":false' cut.json), the first in line 2;"

# Several translations, scores, JSON.
printf 'one two\n\nthree\n' | expect 0 "$S2S" translate -m "$MODEL" --n-best=2 --scores
equal "$(cut -f 1 out | tr '\n' ' ')" '1 1 2 3 3 '
awk -F '\t' 'NF != 3 || $2 > 0 { exit 1 }' out || fail "number, score, text"
printf 'one two\n' | expect 0 "$S2S" translate -m "$MODEL" --scores
awk -F '\t' 'NF != 2 || $1 > 0 { exit 1 }' out || fail "score, text"
printf 'one two\nthree\n' | expect 0 "$S2S" translate -m "$MODEL" --n-best=2 --json
equal "$(json index | tr '\n' ' ')" '0 1 '
json translations.1.text >/dev/null
json translations.0.score >/dev/null
printf 'one two\n' | expect 0 "$S2S" translate -m "$MODEL"
equal "$(cat out)" "$(printf 'one two\n' | "$S2S" translate -m "$MODEL" --json | "$JSON_GET" translations.0.text)"

# Results come as they are ready: a line's before the next is written.
mkfifo in back
"$S2S" translate -m "$MODEL" --batch-sentences=1 <in >back 2>err &
exec 3>in 4<back
echo 'one two' >&3
read -r first <&4 || fail "no answer to the first line"
echo 'three' >&3
read -r second <&4 || fail "no answer to the second line"
exec 3>&- 4<&-
wait $!
equal "$first" "$(printf 'one two\n' | "$S2S" translate -m "$MODEL")"
equal "$second" "$(printf 'three\n' | "$S2S" translate -m "$MODEL")"

# A request to stop is heard while a worker waits for more lines, whichever of them it is.
for attempt in 1 2 3; do
    "$S2S" translate -m "$MODEL" --threads=2 --batch-sentences=4 <in >back 2>err &
    exec 3>in 4<back
    cat "$MODEL/test.en" "$MODEL/test.en" "$MODEL/test.en" >&3
    read -r first <&4 || fail "no answer before the end"
    kill -TERM $!
    status=0
    wait $! || status=$?
    exec 3>&- 4<&-
    equal "$status" 1
    says interrupted
done

# As many threads as OpenMP gives: the same lines.
"$S2S" translate -m "$MODEL" -i "$MODEL/test.en" --threads=4 >four
for limit in 1 2; do
    expect 0 env OMP_THREAD_LIMIT=$limit "$S2S" translate -m "$MODEL" -i "$MODEL/test.en" --threads=4
    cmp -s four out || fail "OMP_THREAD_LIMIT=$limit changes translations"
done

# What cannot be read or written.
expect 1 sh -c '"$0" translate -m "$MODEL" -i "$MODEL/test.en" >/dev/full' "$S2S"
says 'No space left on device'
expect 1 "$S2S" translate -m "$MODEL" -i "$MODEL/test.en" -o /dev/full
says 'No space left on device'
expect_closed_pipe "$S2S" translate -m "$MODEL" -i "$MODEL/test.en"
echo kept >old
expect 1 "$S2S" translate -m "$MODEL" -i nowhere -o old
says nowhere
head -c 100 test.en.gz >cut.gz
expect 1 "$S2S" translate -m "$MODEL" -i cut.gz -o old
says cut.gz
equal "$(cat old)" kept
no_leftovers

# A model that is none, or not whole.
expect 1 "$S2S" translate -m nowhere </dev/null
says nowhere
expect 1 "$S2S" translate -m . </dev/null
says model.safetensors
cp -r "$MODEL" broken
head -c 2000 "$MODEL/model.safetensors" >broken/model.safetensors
expect 1 "$S2S" translate -m broken </dev/null
says broken/model.safetensors
cp "$MODEL/model.safetensors" broken/
rm broken/vocab.model
expect 1 "$S2S" translate -m broken </dev/null
says vocab.model

# --set: search only, and only what there is.
expect 2 "$S2S" translate -m "$MODEL" --set encoder.layers=2 </dev/null
says 'only keys of search'
expect 2 "$S2S" translate -m "$MODEL" --beam-size=0 </dev/null
says search.beam_size
expect 2 "$S2S" translate -m "$MODEL" --set search.beam_sise=2 </dev/null
says 'did you mean search.beam_size?'
