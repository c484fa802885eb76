#!/bin/sh
# What s2s train tells and keeps; its first run is in make_model.sh. The corpus is the trained model's.
. "$(dirname "$0")/lib.sh"

cat >recipe.yaml <<YAML
data:
  train: {source: $MODEL/test.en, target: $MODEL/test.de}
  valid: {source: $MODEL/test.en, target: $MODEL/test.de}
  max_length: 64
text: {vocabulary: {model: $MODEL/vocab.model}}
encoder: {layers: 1, width: 16, heads: 2, feed_forward: 16, norm: post}
decoder: {}
train:
  batch_tokens: 64
  max_steps: 12
  log_every: 1
  validation: {every: 3}
  optimizer: {learning_rate: 1.0e-3}
  schedule: {warmup_steps: 0}
YAML

# train NAME SET...: with --set each, but for options
train() {
    name=$1
    shift
    for set; do
        shift
        case $set in
        --*) set -- "$@" "$set" ;;
        *) set -- "$@" --set "$set" ;;
        esac
    done
    "$S2S" train recipe.yaml --output="$work/$name" "$@"
}

# kept NAME STEP...: the checkpoints that are there
kept() {
    name=$1
    shift
    found=$(cd "$name/checkpoints" && echo *)
    equal "$found" "$(printf 'step-%08d ' "$@" | sed 's/ $//')"
}

# How far it is, and why it ended.
expect 0 train plain
says 'epoch 1 step 1 loss'
says ' tok/s, 0:00:'
says 'training ended after step 12, by train.max_steps'
says 'best loss in validation: '
kept plain 12
equal "$(grep -c '"event":"train"' plain/log.jsonl)" 12

# A token cache that nothing reads any more goes, in the run's own folder alone.
expect 0 train plain data.max_length=60 train.max_steps=15 --accept
says 'plain/cache: removed 1 token cache of other data'
equal "$(find plain/cache -name '*.tokens' | wc -l)" 1
expect 0 train shared data.cache="$work/caches"
expect 0 train other data.cache="$work/caches" data.max_length=60
equal "$(find caches -name '*.tokens' | wc -l)" 2

# Moments of another type: refused as any other change, or converted where that is accepted.
expect 0 train moments
expect 2 train moments train.optimizer.moments=bfloat16
says 'there "train.optimizer.moments: float32", here "train.optimizer.moments: bfloat16"'
says '--accept'
expect 0 train moments train.optimizer.moments=bfloat16 train.max_steps=15 --accept
says 'going on after step 12'
expect 0 train moments train.max_steps=18 --accept
says 'going on after step 15'
# sgd has none.
expect 0 train without train.optimizer.type=sgd train.optimizer.moments=bfloat16 train.max_steps=3

# A run that ends before the warm-up does is told so before it is spent; a warm-up that fits is not.
expect 0 train cold train.max_steps=0 train.max_epochs=1 train.schedule.warmup_steps=4000
says 'train.max_epochs gives about'
says 'fewer than train.schedule.warmup_steps, 4000'
expect 0 train short train.max_steps=2 train.max_epochs=9 train.schedule.warmup_steps=3
says 'train.max_steps gives 2 steps, fewer than train.schedule.warmup_steps, 3'
expect 0 train shorter train.max_steps=2 train.schedule.warmup_steps=3 train.schedule.type=linear
says 'train.max_steps gives 2 steps'
expect 0 "$S2S" inspect --model=shorter
expect 0 train warm train.max_steps=0 train.max_epochs=1 train.schedule.warmup_steps=1
if grep -q 'fewer than' "$work/err"; then fail 'a warning without need'; fi

# The epoch of an event is that of the last batch, at the end of an epoch, too.
expect 0 train epochs train.max_steps=0 train.max_epochs=2 train.validation.every=0
equal "$(grep '"event":"validation"' epochs/log.jsonl | sed 's/.*"epoch":\([0-9]*\).*/\1/' | xargs)" '1 2'
equal "$(grep '"event":"train"' epochs/log.jsonl | tail -n 1 | sed 's/.*"epoch":\([0-9]*\).*/\1/')" 2
says 'by train.max_epochs'

# A rate that only makes it worse: the best one is the first.
expect 0 train early train.max_steps=0 train.early_stopping.patience=2 train.optimizer.learning_rate=10
says 'by train.early_stopping.patience'
says ', after step 3'
kept early 3 9
cmp -s early/model.safetensors early/checkpoints/step-00000003/model.safetensors || fail "not the best model"

# What is kept: the last ones, those between validations only until the next.
expect 0 train last train.keep_last=3
kept last 6 9 12
expect 0 train mean train.average_last=2
kept mean 9 12
expect 0 train often train.save_every=5 train.validation.every=6 train.keep_last=2
kept often 6 12
expect 0 train blind data.valid=null train.keep_best=3
kept blind 12
cmp -s blind/model.safetensors blind/checkpoints/step-00000012/model.safetensors || fail "not the last model"

# Numbers that are none any more: what to change, and how to go on.
hot='train.optimizer.type=sgd train.optimizer.learning_rate=1000 train.validation.every=1'
# shellcheck disable=SC2086 # one word a setting
expect 1 train nan $hot train.optimizer.clip_norm=0 train.max_steps=200
says 'is no longer a number'
says 'set train.optimizer.clip_norm (it is off)'
says '--restart'

# Lines that validation and test sets have and the model cannot read: told once by each.
expect 0 train narrow data.max_length=12 encoder.positions=learned encoder.max_positions=12 \
    decoder.max_positions=12 train.validation.search.max_decoding_length=12 search.max_decoding_length=12 \
    'train.validation.metrics=[bleu]' train.validation.every=6
says 'longer than the model can read, or than search.max_source_length, and were cut: '
equal "$(grep -c 'were cut' "$work/err")" 1
expect 0 "$S2S" evaluate --model=narrow --source="$MODEL/test.en" --reference="$MODEL/test.de"
says 'longer than the model can read, or than search.max_source_length, and were cut: '
expect 0 "$S2S" evaluate --model="$MODEL" --source="$MODEL/test.en" --reference="$MODEL/test.de"
[ ! -s err ] || fail "a warning without need"
expect 0 "$S2S" evaluate --model="$MODEL" --source="$MODEL/test.en" --reference="$MODEL/test.de" \
    --set search.max_source_length=3
says 'and were cut: '

# A test set that cannot be read is told before the training and not after it.
expect 1 train untested "data.test.news.source=$MODEL/test.en" data.test.news.target=nowhere
says 'data.test.news: cannot open '
[ ! -e untested ] || fail "a training that cannot end has begun"

# Too few lines to learn a vocabulary from are refused by the recipe, not in the middle of it.
expect 2 train few text.vocabulary.sample_lines=50
says 'at least 101'
