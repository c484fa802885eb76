#!/bin/sh
# The arrows between the folders of src/: every #include of one folder in another must be allowed by the
# table below, so that a layer never comes to rest on one above it. Public headers (s2s/...) may be
# included anywhere.
#
# usage: include_graph.sh ROOT    prints each arrow that is not allowed; exit 1 when there is one
set -eu
cd "$1/src"

# The folders that a folder may include from, besides itself.
allowed() {
    case $1 in
    base) echo ;;
    recipe | metric) echo base ;;
    text) echo base recipe ;;
    data) echo base recipe text ;;
    objective) echo base kernel tensor op model recipe text data ;;
    kernel) echo base ;;
    tensor) echo base kernel ;;
    op) echo base kernel tensor recipe ;;
    model) echo base kernel tensor op recipe text ;;
    search) echo base kernel tensor op model recipe text metric ;;
    train) echo base kernel tensor op model recipe text data objective search metric ;;
    encode) echo base kernel tensor op model recipe text data search ;;
    score) echo base kernel tensor op model recipe text data search encode ;;
    api) echo base model search ;;
    suite) echo base recipe text data model search metric ;;
    report) echo base recipe metric suite ;;
    cli) echo base kernel tensor op model recipe text data objective search encode metric score train suite report ;;
    *) return 1 ;;
    esac
}

# "FILE:LINE:FOLDER" of each #include that names one of the folders, or climbs out of its own by "..".
includes() {
    find . -name '*.[ch]' -o -name '*.cc' -o -name '*.cpp' -o -name '*.hpp' | sort |
        xargs grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<][^">]*/' |
        sed -E 's|^\./([^:]*:[0-9]+):[^"<]*["<](([^">]*)/)[^">/]*[">].*|\1:\3|'
}

list=$(mktemp)
trap 'rm -f "$list"' EXIT
includes >"$list"
[ -s "$list" ] || { echo "$1/src: no #include was found"; exit 1; }

bad=0
refuse() {
    echo "src/$1"
    bad=1
}
while IFS=: read -r file line path; do
    from=${file%%/*}
    to=${path%%/*}
    may=$(allowed "$from") || { refuse "$file: the folder $from has no row in the table of include_graph.sh"; continue; }
    case $to in
    .. | .) refuse "$file:$line: write \"folder/file.h\" and not a relative path" ; continue ;;
    "$from" | s2s) continue ;;
    esac
    [ -d "$to" ] || allowed "$to" >/dev/null || continue # a header of the system or of a library
    case " $may " in
    *" $to "*) ;;
    *) refuse "$file:$line: $from may not include $to (it may: ${may:-nothing})" ;;
    esac
done <"$list"
exit $bad
