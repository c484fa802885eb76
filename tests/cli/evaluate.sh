#!/bin/sh
# s2s evaluate --model: what it scores is what s2s translate writes.
. "$(dirname "$0")/lib.sh"

expect 0 "$S2S" translate -m "$MODEL" -i "$MODEL/test.en" -o hypothesis
expect 0 "$S2S" evaluate --hypothesis=hypothesis --reference="$MODEL/test.de" --lowercase
mv out by_hand
expect 0 "$S2S" evaluate -m "$MODEL" --source="$MODEL/test.en" --reference="$MODEL/test.de"
cmp -s out by_hand || fail "translating and scoring in one go gives something else"
wrote 'case:lc' # the model lowercases

# The recipe's test sets.
expect 0 "$S2S" evaluate -m "$MODEL" --set search.beam_size=3
equal "$(head -n 1 out)" 'held-out, 50 lines'
tail -n +2 out | cmp -s - by_hand || fail "the test set of the recipe gives something else"
expect 0 "$S2S" evaluate -m "$MODEL" --test=held-out --json --metric=bleu --metric=chrf++
equal "$(json sets.0.name)" held-out
equal "$(json sets.0.lines)" 50
equal "$(json sets.0.scores.1.metric)" 'chrF2++'
expect 2 "$S2S" evaluate -m "$MODEL" --test=held-in
says 'did you mean held-out?'

# Two references.
expect 0 "$S2S" evaluate -m "$MODEL" --source="$MODEL/test.en" --reference="$MODEL/test.de" \
    --reference=hypothesis --json
equal "$(json sets.0.scores.0.score)" 100.0

# Told before the work, and not after it.
head -n 49 "$MODEL/test.de" >short
expect 1 "$S2S" evaluate -m "$MODEL" --source="$MODEL/test.en" --reference=short
says 'short has 49 lines'
: >empty
expect 1 "$S2S" evaluate -m "$MODEL" --source=empty --reference=empty
says 'empty is empty'
expect 2 "$S2S" evaluate -m "$MODEL" --reference=short
says '--source is missing'
expect 2 "$S2S" evaluate -m "$MODEL" --source=- --reference=short
says 'must be files'
expect 2 "$S2S" evaluate -m "$MODEL" --test=held-out --source=x
says '--source'
expect 1 "$S2S" evaluate -m nowhere
says nowhere
