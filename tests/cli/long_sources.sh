#!/bin/sh
# Texts that are too long: what each policy of a recipe does in training, validation and translation.
. "$(dirname "$0")/lib.sh"

cat >recipe.yaml <<YAML
data:
  train: {source: $MODEL/test.en, target: $MODEL/test.de}
  valid: {source: $MODEL/test.en, target: $MODEL/test.de}
  max_length: 64
text: {vocabulary: {model: $MODEL/vocab.model}}
encoder: {layers: 1, width: 16, heads: 2, feed_forward: 16}
decoder: {}
train:
  batch_tokens: 64
  max_steps: 2
  validation: {every: 2, metrics: [bleu]}
  schedule: {warmup_steps: 0}
YAML

# train NAME KEY=VALUE...
train() {
    name=$1
    shift
    for set; do
        shift
        set -- "$@" --set "$set"
    done
    expect 0 "$S2S" train recipe.yaml --output="$work/$name" "$@"
}

# count NAME FIELD: of the training corpus, as log.jsonl has it
count() {
    grep -m 1 '"event":"data"' "$1/log.jsonl" | sed "s/.*\"$2\":\([0-9]*\).*/\1/"
}

# kept_key NAME LINE: the resolved recipe's search, and with it that of validation, has this line
kept_key() {
    equal "$(grep -c "^ *$2\$" "$1/recipe.yaml")" 2
}

train plain
equal "$(count plain examples)" 50
equal "$(count plain too_long) $(count plain cut_sources) $(count plain cut_targets)" '0 0 0'
kept_key plain 'max_source_length: 10000'
if grep -q 'cut to data.max_length' err; then fail "nothing was cut"; fi

# Today's rule: examples with a side that is too long go, and translation reads all of a line.
train drop data.max_length=5
long=$(count drop too_long)
[ "$long" -gt 0 ] || fail "nothing was too long"
equal "$(count drop examples)" $((50 - long))
if grep -q 'were cut' err; then fail "translation cut what only training drops"; fi

# Cut sources stay, and validation cuts the same ones.
for keep in head tail head-tail; do
    train "$keep" data.max_length=5 data.long_sources=$keep data.long_targets=head
    equal "$(count $keep examples)" 50
    sources=$(count $keep cut_sources)
    [ "$sources" -gt 0 ] && [ "$sources" -le "$long" ] || fail "$sources sources cut, $long too long"
    [ "$(count $keep cut_targets)" -gt 0 ] || fail "no target was cut"
    says "cut to data.max_length (5): $sources sources, $(count $keep cut_targets) targets"
    says "and were cut: $sources;"
    equal "$(grep -c "long_sources: $keep\$" $keep/recipe.yaml)" 3
    kept_key $keep 'max_source_length: 4'
done
train targets data.max_length=5 data.long_sources=head
[ "$(count targets too_long)" -gt 0 ] || fail "targets that are too long were kept"
equal "$(count targets cut_targets)" 0

# In translation a cut line gives what its rest gives by itself. Words of one piece make that easy to see.
words=
for word in one two three four five six seven eight nine ten; do
    echo $word | "$S2S" vocab encode --model="$MODEL" >pieces
    [ "$(wc -w <pieces)" -ne 1 ] || words="$words $word"
done
set -- $words
[ $# -ge 3 ] || fail "too few words are one piece:$words"
a=$1 b=$2 c=$3
echo "$a $b $c $a $c $b $b $c" >long

# same REST OPTION...: of `long`
same() {
    echo "$1" >rest
    shift
    expect 0 "$S2S" translate --model="$MODEL" --input=rest
    mv out wanted
    expect 0 "$S2S" translate --model="$MODEL" --input=long --set search.max_source_length=4 "$@"
    cmp -s out wanted || fail "not the translation of: $(cat rest)"
    says 'and were cut: 1; search.long_sources tells what is kept of them'
}
same "$a $b $c $a"
same "$a $b $c $a" --set search.long_sources=head
same "$c $b $b $c" --set search.long_sources=tail
same "$a $b $b $c" --set search.long_sources=head-tail
same "$a $b $c $c" --set search.long_sources=head-tail --set search.head_share=0.75
expect 2 "$S2S" translate --model="$MODEL" --input=long --set search.long_sources=drop
says 'expected one of head, tail, head-tail'
