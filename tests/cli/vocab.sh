#!/bin/sh
# s2s vocab: text to a vocabulary, to tokens, and back.
. "$(dirname "$0")/lib.sh"

i=0
while [ $i -lt 60 ]; do
    i=$((i + 1))
    echo "The quick brown fox number $i jumps over the lazy dog, and then it sleeps."
    echo "Viele Füchse springen über $((i * 7)) faule Hunde."
done >text
gzip -c text >text.gz

for type in unigram bpe; do
    expect 0 "$S2S" vocab train --type=$type --size=90 --output=$type.model text.gz
    says '90 pieces learned from 120 lines'
    expect 0 "$S2S" vocab encode --model=$type.model --input=text
    wrote_lines 120
    mv out pieces
    expect 0 "$S2S" vocab decode --model=$type.model --input=pieces
    cmp -s out text || fail "$type: decoding pieces does not give the text"
    expect 0 "$S2S" vocab encode --model=$type.model --input=text.gz --ids --output=ids.gz
    gzip -dc ids.gz | grep -q '^[0-9 ]*$' || fail "ids are numbers"
    expect 0 "$S2S" vocab decode --model=$type.model --ids --input=ids.gz
    cmp -s out text || fail "$type: decoding ids does not give the text"
done

# Several ways to cut a line: the best is that of before, and each of them is the line again.
printf 'the lazy dog\n\njumps over\n' >three
expect 0 "$S2S" vocab encode --model=unigram.model --input=three
mv out best
expect 0 "$S2S" vocab encode --model=unigram.model --input=three --n-best=3
equal "$(cut -f 1 out | xargs)" '1 1 1 2 3 3 3'
awk -F '\t' '$1 != before { print $2; before = $1 }' out | cmp -s - best || fail "another best of three"
equal "$(sort -u out | wc -l)" 7
cut -f 2 out >cuts
expect 0 "$S2S" vocab decode --model=unigram.model --input=cuts
equal "$(uniq out)" "$(cat three)"
expect 2 "$S2S" vocab encode --model=bpe.model --input=three --n-best=3
says unigram

# Standard input; two files are one text.
expect 0 "$S2S" vocab train --size=90 --output=piped.model <text
cmp -s piped.model unigram.model || fail "the same text gives another vocabulary"
head -n 50 text >first
tail -n +51 text >second
expect 0 "$S2S" vocab train --size=90 --output=two.model first second
cmp -s two.model unigram.model || fail "the same text in two files gives another vocabulary"

# A recipe's text section and --set decide on normalisation.
echo 'FOX' | expect 0 "$S2S" vocab encode --model=unigram.model --set text.lowercase=true
lower=$(cat out)
echo 'fox' | expect 0 "$S2S" vocab encode --model=unigram.model
equal "$(cat out)" "$lower"

# Lines without text stay lines; CRLF and a last line without its end are fine.
printf 'dog\r\n\n   \nlazy dog' | expect 0 "$S2S" vocab encode --model=unigram.model
wrote_lines 4
equal "$(sed -n 2,3p out)" ''
printf '\377\376 dog \000\n\377\n' | expect 0 "$S2S" vocab encode --model=unigram.model
wrote_lines 2
says 'standard input:1: not UTF-8'
equal "$(grep -c 'not UTF-8' err)" 1
: | expect 0 "$S2S" vocab encode --model=unigram.model
wrote_lines 0

# What cannot be done.
expect 1 "$S2S" vocab train --size=5000 --output=big.model text
says 'the largest that works'
[ ! -e big.model ] || fail "a failed training left a file"
: | expect 1 "$S2S" vocab train --output=big.model
printf 'dog\nh\374bsch\n' >latin1
expect 1 "$S2S" vocab train --output=big.model text latin1
says 'latin1:2: not UTF-8'
[ ! -e big.model ] || fail "a failed training left a file"
expect 1 "$S2S" vocab train --output=big.model nowhere
says nowhere
expect 2 "$S2S" vocab train --output=big.model --size=many text
says text.vocabulary.size
expect 1 "$S2S" vocab train --size=90 --output=no/such/folder/x text
says no/such/folder
expect 2 "$S2S" vocab encode --model=unigram.model --set search.beam_size=8 </dev/null
says 'only keys of text'
expect 2 "$S2S" vocab train --output=big.model --set encoder.layers=2 text
says 'only keys of text'
echo zebra-piece | expect 1 "$S2S" vocab decode --model=unigram.model
says 'standard input:1: "zebra-piece" is no piece'
printf '5\n7 90\n' | expect 1 "$S2S" vocab decode --model=unigram.model --ids
says 'standard input:2: "90" is not an id'
head -c 500 unigram.model >cut.model
expect 1 "$S2S" vocab encode --model=cut.model </dev/null
says cut.model
expect 1 "$S2S" vocab encode --model=text </dev/null
says text
expect 1 "$S2S" vocab encode --model=nowhere </dev/null
says nowhere
expect 1 "$S2S" vocab encode --model=. </dev/null
says recipe.yaml
head -c 100 text.gz >cut.gz
expect 1 "$S2S" vocab encode --model=unigram.model --input=cut.gz
says cut.gz
no_leftovers

# Too little memory is told, also where SentencePiece's own threads run out of it. (A sanitizer's build needs more
# than any limit: it fails to start, and says so in its own words.)
if (ulimit -v 2000000 && "$S2S" --version >/dev/null 2>&1); then
    for limit in 200000 250000 300000 350000 400000; do
        status=0
        (ulimit -v $limit && exec "$S2S" vocab train --size=60 text --output=short.model) >out 2>err || status=$?
        [ "$status" -le 1 ] || fail "with $limit KiB of memory it ends with $status"
        [ "$status" -eq 0 ] || [ "$(grep -c '^s2s: ' err)" -eq 1 ] || fail "with $limit KiB: not one line of error"
    done
fi
no_leftovers
