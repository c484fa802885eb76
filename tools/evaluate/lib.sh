# What the scripts of this folder share: each writes a suite file and hands it to `s2s evaluate`, which runs what is
# missing. So a script that was stopped goes on when it is started again.
set -eu

# The program: $S2S, or the one that was built here, or the one that is installed.
here=$(cd "$(dirname "$0")/../.." && pwd)
if [ -z "${S2S:-}" ]; then
    S2S=$here/build/release/bin/s2s
    [ -x "$S2S" ] || S2S=s2s
fi

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 2
}

# usage N "$@": shows the comment at the head of the script when there are less than N arguments, or help is wanted.
usage() {
    least=$1
    shift
    case ${1:-} in
    -h | --help) ;;
    *) [ $# -lt "$least" ] || return 0 ;;
    esac
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
    case ${1:-} in
    -h | --help) exit 0 ;;
    esac
    exit 2
}

# say TEXT...: a line, as it is; echo would read backslashes in some shells
say() {
    printf '%s\n' "$*"
}

# absolute PATH: seen from the root, since paths in a suite are seen from the suite's folder
absolute() {
    case $1 in
    /*) say "$1" ;;
    *) say "$PWD/$1" ;;
    esac
}

# quote TEXT: as YAML, whatever it holds
quote() {
    printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

quote_path() {
    quote "$(absolute "$1")"
}

# is_written FILE: its first line tells the checksum of the others
is_written() {
    [ "$(sed -n '1s/^# Written by .*, cksum \([0-9]* [0-9]*\);.*/\1/p' "$1")" = "$(sed 1d "$1" | cksum)" ]
}

# write_suite FILE: puts standard input there. A file that a script wrote and nobody has edited is written anew; any
# other is left as it is.
write_suite() {
    body=$(cat)
    if [ -e "$1" ] && ! is_written "$1"; then
        die "$1 has been edited, or something else has written it, and is left as it is: \
\`s2s evaluate $1\` runs it; move it away, or name another file by SUITE, to have it written"
    fi
    sum=$(say "$body" | cksum)
    say "# Written by ${0##*/}, cksum $sum; a file that was edited is not written over.
$body" >"$1"
}
