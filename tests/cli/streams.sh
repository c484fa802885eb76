#!/bin/sh
# Where results go: full disks, closed pipes, closed streams, files that must not be half-written.
. "$(dirname "$0")/lib.sh"

# Results on a full disk, through each way out.
full() {
    expect 1 sh -c '"$0" "$@" >/dev/full' "$S2S" "$@"
    says 'No space left on device'
}
full --help
full --version
full recipe --help
full recipe reference
full recipe reference --output=/dev/full
full translate --help

# A reader that has gone, and no standard output at all.
expect_closed_pipe "$S2S" recipe reference
expect_closed_pipe "$S2S" --help
expect 1 sh -c '"$0" recipe reference >&-' "$S2S"
says 'standard output: it is closed'

# Standard input that is closed is not an empty one.
expect 1 sh -c '"$0" evaluate --hypothesis=- --reference=/dev/null <&-' "$S2S"
says 'standard input: it is closed'
expect 1 sh -c '"$0" vocab train --output=vocab.model <&-' "$S2S"
says 'standard input: it is closed'
expect 0 sh -c '"$0" recipe reference <&- 2>&-' "$S2S"

# A file: all or nothing.
expect 0 "$S2S" recipe reference
mv out reference
expect 0 "$S2S" recipe reference --output=page.md
cmp -s page.md reference || fail "--output differs from standard output"
expect 0 "$S2S" recipe reference --output=page.md.gz
gzip -dc page.md.gz | cmp -s - reference || fail "gzipped output differs"
expect 1 "$S2S" recipe reference --output=no/such/folder/page.md
says no/such/folder
expect 1 "$S2S" recipe reference --output=.
says 'Is a directory'
echo kept >old.yaml
expect 1 "$S2S" recipe resolve nowhere.yaml --output=old.yaml
equal "$(cat old.yaml)" kept
echo 'encoder: {}' >broken.yaml
expect 2 "$S2S" recipe resolve broken.yaml --output=new.yaml
[ ! -e new.yaml ] || fail "a failed command left a file"
no_leftovers
