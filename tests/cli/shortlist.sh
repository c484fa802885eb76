#!/bin/sh
# s2s vocab shortlist, and translating with what it has learnt.
. "$(dirname "$0")/lib.sh"

learn() {
    "$S2S" vocab shortlist --model="$MODEL" --source="$MODEL/test.en" --target="$MODEL/test.de" "$@"
}
expect 0 "$S2S" translate --model="$MODEL" --input="$MODEL/test.en"
mv out plain

# The same file with any number of threads, and nothing else is left.
expect 0 learn --output=list --frequent=5 --best=3
says 'list: learnt from 50 of 50 pairs'
says 'target tokens on average'
expect 0 learn --output=list.one --frequent=5 --best=3 --threads=1
expect 0 learn --output=list.three --frequent=5 --best=3 --threads=3
cmp -s list list.one || fail "one thread gives something else"
cmp -s list list.three || fail "three threads give something else"
expect 0 learn --output=list.some --pairs=10 --quiet
[ ! -s err ] || fail "--quiet said something"
equal "$(find . -name '*.cache-*')" ''
no_leftovers

# A line's translation depends on the line alone.
expect 0 "$S2S" translate -m "$MODEL" -i "$MODEL/test.en" --shortlist=list
wrote_lines 50
mv out listed
expect 0 "$S2S" translate -m "$MODEL" -i "$MODEL/test.en" --shortlist=list --batch-sentences=1 --threads=1
cmp -s out listed || fail "one by one gives something else"
expect 0 "$S2S" translate -m "$MODEL" -i "$MODEL/test.en" --set search.shortlist=list --threads=2
cmp -s out listed || fail "the recipe's key gives something else"
expect 0 "$S2S" evaluate -m "$MODEL" --source="$MODEL/test.en" --reference="$MODEL/test.de" --shortlist=list
wrote BLEU

# Two models of one vocabulary share it: the same one twice gives what it gives alone.
expect 0 "$S2S" translate -m "$MODEL" --ensemble="$MODEL" -i "$MODEL/test.en" --shortlist=list
cmp -s out listed || fail "an ensemble of one and the same gives something else"

# With all tokens allowed nothing changes; with next to none everything does.
expect 0 learn --output=all --frequent=1000000
expect 0 "$S2S" translate -m "$MODEL" -i "$MODEL/test.en" --shortlist=all
cmp -s out plain || fail "a shortlist of everything changes translations"
expect 0 learn --output=none --frequent=0 --least=1
expect 0 "$S2S" translate -m "$MODEL" -i "$MODEL/test.en" --shortlist=none
wrote_lines 50
! cmp -s out plain || fail "forbidding everything changes nothing"

# What a line is asked to have may come all the same.
echo '{"source": "one two", "prefix": "zehn neun"}' |
    expect 0 "$S2S" translate -m "$MODEL" --shortlist=none --format=json
case $(json translations.0.text) in "zehn neun"*) ;; *) fail "a prefix that the shortlist lacks" ;; esac
echo '{"source": "one two", "required": ["acht"]}' |
    expect 0 "$S2S" translate -m "$MODEL" --shortlist=none --format=json
case $(json translations.0.text) in *acht*) ;; *) fail "a phrase that the shortlist lacks" ;; esac
echo '{"source": "one two", "search": {"shortlist": "list"}}' |
    expect 1 "$S2S" translate -m "$MODEL" --format=json --strict
says 'search.shortlist: can be set for the whole input only'

# In the model's folder, with the recipe's own data; a path in its recipe is seen from there.
cp -r "$MODEL" model
cp "$MODEL/test.en" model/train.en
cp "$MODEL/test.de" model/train.de
expect 0 "$S2S" vocab shortlist --model=model --frequent=5 --best=3
cmp -s model/shortlist.s2s list || fail "the recipe's data gives something else"
sed 's|^  shortlist: null|  shortlist: shortlist.s2s|' "$MODEL/recipe.yaml" >model/recipe.yaml
expect 0 "$S2S" translate -m model -i "$MODEL/test.en"
cmp -s out listed || fail "the recipe's shortlist is not in use"

# Files that are no shortlist of this model.
head -c 200 list >cut
expect 1 "$S2S" translate -m "$MODEL" --shortlist=cut </dev/null
says 'cut: is cut short'
expect 1 "$S2S" translate -m "$MODEL" --shortlist="$MODEL/test.en" </dev/null
says 'is no shortlist'
expect 1 "$S2S" translate -m "$MODEL" --shortlist=nowhere </dev/null
says nowhere
sed 's|^  lowercase: true|  lowercase: false|' "$MODEL/recipe.yaml" >model/recipe.yaml
expect 1 "$S2S" translate -m model --shortlist=list </dev/null
says 'another source vocabulary'

# What cannot be learnt; an older file stays.
echo kept >old
expect 1 learn --output=old --source=nowhere
says nowhere
head -n 49 "$MODEL/test.de" >short.de
expect 1 learn --output=old --target=short.de
says 49
: >empty
expect 1 learn --output=old --source=empty --target=empty
says 'no examples'
equal "$(cat old)" kept
expect 1 learn --output=no/such/folder/x
says no/such/folder
expect 2 "$S2S" vocab shortlist --source=x --target=y
says model
expect 2 "$S2S" vocab shortlist --model="$MODEL" --source=x
says '--target is missing'
expect 2 learn --best=0
says best
expect 1 "$S2S" vocab shortlist --model=nowhere --source=x --target=y
says nowhere
sed '/^  train:/,/^  valid:/{/^  train:/s/.*/  train: null/;/^    /d}' "$MODEL/recipe.yaml" >model/recipe.yaml
expect 2 "$S2S" vocab shortlist --model=model
says 'names no data.train'
equal "$(find . -name '*.cache-*')" ''
no_leftovers
