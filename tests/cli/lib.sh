# What the scripts of this folder share. They are given the program as $S2S, json_get as $JSON_GET, the
# trained model as $MODEL, and the folders $FIXTURES and $ROOT.
set -eu
: "${S2S:?}" "${JSON_GET:?}" "${MODEL:?}" "${FIXTURES:?}" "${ROOT:?}"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    echo "FAILED: $*"
    echo "--- standard output"
    head -c 2000 "$work/out" 2>/dev/null || true
    echo "--- standard error"
    head -c 2000 "$work/err" 2>/dev/null || true
    exit 1
}

# expect STATUS COMMAND...: runs it (standard input is the caller's) and checks how it ends; what it wrote
# is in $work/out and $work/err. A failure must say something, in one line that begins with "s2s: ".
expect() {
    wanted=$1
    shift
    status=0
    "$@" >"$work/out" 2>"$work/err" || status=$?
    [ "$status" -eq "$wanted" ] || fail "$* ended with $status, not $wanted"
    if [ "$wanted" -ne 0 ]; then
        [ "$(grep -c '^s2s: ' "$work/err")" -eq 1 ] || fail "$*: not exactly one line of error"
    fi
}

# expect_closed_pipe COMMAND...: the same with a pipe as standard output that nobody reads any more.
expect_closed_pipe() {
    mkfifo pipe
    exec 3<>pipe 4>pipe 3<&-
    status=0
    "$@" >&4 2>"$work/err" || status=$?
    exec 4>&-
    rm pipe
    [ "$status" -eq 1 ] || fail "$*: a closed pipe ends with $status"
    says 'its reader has closed the pipe'
}

# says TEXT: the last command's standard error holds this.
says() {
    grep -qF -- "$1" "$work/err" || fail "standard error does not say: $1"
}

# wrote TEXT: its standard output holds this.
wrote() {
    grep -qF -- "$1" "$work/out" || fail "standard output does not hold: $1"
}

# wrote_lines N
wrote_lines() {
    lines=$(wc -l <"$work/out")
    [ "$lines" -eq "$1" ] || fail "$lines lines on standard output, not $1"
}

# equal A B: two words
equal() {
    [ "$1" = "$2" ] || fail "\"$1\" is not \"$2\""
}

# The value at a path in the last command's output, which must be JSON.
json() {
    "$JSON_GET" "$1" <"$work/out" || fail "no $1 in the JSON output"
}

# No file of a writer that did not finish may be left in a folder.
no_leftovers() {
    [ -z "$(find "${1:-.}" -name '.s2s-*')" ] || fail "a temporary file is left"
}
