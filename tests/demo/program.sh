#!/bin/sh
# s2s-demo-corpus as a program: files, the same bytes again, wrong use, folders that cannot be written.
set -u
program=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

# expect STATUS TEXT ARGUMENT...: exit status, and what standard error says
expect() {
    wanted=$1 text=$2
    shift 2
    "$program" "$@" >"$scratch/out" 2>"$scratch/err"
    status=$?
    if [ $status -ne "$wanted" ] || { [ -n "$text" ] && ! grep -qF -- "$text" "$scratch/err"; }; then
        echo "FAILED: $* : status $status, wanted $wanted; said: $(cat "$scratch/err")"
        failures=$((failures + 1))
    fi
}

small="--train 300 --valid 20 --test 20"
# shellcheck disable=SC2086 # options are words
expect 0 '300 training, 20 validation and 20 test pairs' --output "$scratch/a/b" $small
# shellcheck disable=SC2086
expect 0 '' --output "$scratch/again" --quiet $small
diff -r "$scratch/a/b" "$scratch/again" || failures=$((failures + 1))
lines=$(cat "$scratch"/again/*.tsv | wc -l)
[ "$lines" -eq 340 ] || { echo "FAILED: $lines lines"; failures=$((failures + 1)); }
if grep -qvP '^[^\t]+\t[^\t]+$' "$scratch"/again/*.tsv; then
    echo "FAILED: a line that is not two columns"
    failures=$((failures + 1))
fi

expect 2 '--output FOLDER is missing'
expect 2 '--train many: expected a whole number' --output "$scratch/c" --train many
expect 2 '--test -3: expected a whole number' --output "$scratch/c" --test -3
expect 2 '--train 100000000: expected a whole number' --output "$scratch/c" --train 100000000
expect 2 '--folder: no such option' --folder "$scratch/c"
expect 2 '--seed needs a value' --output "$scratch/c" --seed
expect 2 'is it --output' "$scratch/c"
expect 1 "$scratch/again/train.tsv" --output "$scratch/again/train.tsv/below" --train 1 --valid 1 --test 1
expect 0 '' --help
[ -e "$scratch/c" ] && { echo "FAILED: wrong use left a folder"; failures=$((failures + 1)); }

[ $failures -eq 0 ]
