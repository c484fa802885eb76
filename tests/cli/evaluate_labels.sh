#!/bin/sh
# s2s evaluate of labels and tags: known scores (of the metric fixtures), columns, and what is wrong with
# files.
. "$(dirname "$0")/lib.sh"

# items FIXTURE LINE FIELD: a list of texts as lines
items() {
    sed -n "$2p" "$FIXTURES/metric/$1" | sed 's/.*"'"$3"'":\["\([^]]*\)"\].*/\1/' | sed 's/","/\n/g'
}
# known FIXTURE LINE PATH: to four digits
known() {
    printf '%.4f' "$(sed -n "$2p" "$FIXTURES/metric/$1" | "$JSON_GET" "$3")"
}
agrees() {
    equal "$(printf '%.4f' "$(json "$1")")" "$2"
}

# A label a line.
items labels.jsonl 2 output >output
items labels.jsonl 2 wanted >wanted
expect 0 "$S2S" evaluate --hypothesis=output --reference=wanted --metric=accuracy,macro_f1,micro_f1,mcc --json
equal "$(json sets.0.lines)" 500
i=0
for metric in accuracy macro_f1 micro_f1 mcc; do
    agrees sets.0.scores.$i.score "$(known labels.jsonl 2 $metric)"
    i=$((i + 1))
done
equal "$(json sets.0.scores.1.classes.1.class)" entailment
agrees sets.0.scores.1.classes.1.f1 "$(known labels.jsonl 2 classes.1.f1)"

# With intervals and tests, like any other metric.
expect 0 "$S2S" evaluate --hypothesis=output --hypothesis=wanted --reference=wanted --metric=accuracy,mcc \
    --paired=randomization --confidence
wrote 'wanted    100.00    0.00  0.0001*   100.00    0.00  0.0001*'
wrote 'accuracy nrefs:1|bs:1000|ar:10000|seed:12345|label:line|version:s2s-'

# Columns: a word and its tag.
items entities.jsonl 5 output >output.tags
items entities.jsonl 5 wanted >wanted.tags
# columns FILE: words are named by their place
columns() {
    awk '{ for (i = 1; i <= NF; i++) print "word" i " x\t" $i; print "" }' "$1"
}
columns output.tags >output
columns wanted.tags >wanted
expect 0 "$S2S" evaluate --hypothesis=output --reference=wanted --columns --json
equal "$(json sets.0.lines)" 100
equal "$(json sets.0.scores.0.metric)" 'entity F1'
agrees sets.0.scores.0.score "$(known entities.jsonl 5 all.f1)"
agrees sets.0.scores.0.classes.0.f1 "$(known entities.jsonl 5 classes.0.f1)"
mv out columns.json
expect 0 "$S2S" evaluate --hypothesis=output.tags --reference=wanted.tags --metric=entity_f1
wrote "$(printf 'entity F1 %6.2f  nrefs:1|tags:BIO|average:micro|' "$(known entities.jsonl 5 all.f1)")"
wrote "LOC   P = "
expect 0 "$S2S" evaluate --hypothesis=output --reference=wanted --columns --metric=accuracy
wrote 'label:word'
# Several empty lines are as good as one, and none is needed at the end.
{ echo; cat output; echo; } >spaced
sed '$d' wanted | sed 's/^$/\n/' >spaced_wanted
expect 1 "$S2S" evaluate --hypothesis=spaced --reference=spaced_wanted --columns
says 'spaced_wanted:1: the word is'
{ echo; sed '$d' wanted; } >spaced_wanted
expect 0 "$S2S" evaluate --hypothesis=spaced --reference=spaced_wanted --columns --json
cmp -s columns.json out && fail "the names of the systems differ"
agrees sets.0.scores.0.score "$(known entities.jsonl 5 all.f1)"

# What is wrong with files.
printf 'Ann B-PER\nsings O\n' >right
printf 'Ann B-PER\nsang O\n' >other_word
expect 1 "$S2S" evaluate --hypothesis=other_word --reference=right --columns
says 'right:2: the word is "sings", but in other_word it is "sang"'
printf 'Ann B-PER\nsings 0\n' >no_tag
expect 1 "$S2S" evaluate --hypothesis=no_tag --reference=right --columns
says 'no_tag:2: "0" is no tag; expected O, B-TYPE or I-TYPE'
expect 1 "$S2S" evaluate --hypothesis=right --reference=no_tag --columns
says 'no_tag:2: "0" is no tag'
expect 0 "$S2S" evaluate --hypothesis=no_tag --reference=right --columns --metric=accuracy
printf 'Ann B-PER\nsings\n' >one_column
expect 1 "$S2S" evaluate --hypothesis=one_column --reference=right --columns
says 'one_column:2: "sings" has no tag'
printf 'Ann B-PER\n' >short
expect 1 "$S2S" evaluate --hypothesis=right --reference=short --columns
says 'short ends after line 1, but right goes on'
expect 1 "$S2S" evaluate --hypothesis=short --reference=right --columns
says 'short ends after line 1, but right goes on'
: >empty
expect 1 "$S2S" evaluate --hypothesis=empty --reference=empty --columns
says 'empty is empty'
printf 'yes\nyes\nno\n' >labels
expect 1 "$S2S" evaluate --hypothesis=right --reference=labels --metric=accuracy
says 'right has 2 lines but labels has 3: line 3'
printf 'yes\n\nno\n' >blank
expect 1 "$S2S" evaluate --hypothesis=labels --reference=blank --metric=accuracy
says 'labels:2: the reference has no label'
expect 1 "$S2S" evaluate --hypothesis=labels --reference=labels --reference=labels --metric=accuracy
says 'labels:1: there are 2 references: labels have one'
expect 1 "$S2S" evaluate --hypothesis=no_tag --reference=right --metric=entity_f1
says 'no_tag:1: '
expect 2 "$S2S" evaluate --hypothesis=right --reference=right --columns --metric=bleu
says '--columns: bleu compares text'
