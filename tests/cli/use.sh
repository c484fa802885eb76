#!/bin/sh
# Every command: its help page, and what it says to wrong use.
. "$(dirname "$0")/lib.sh"

commands='train|translate|evaluate|score|inspect|average|bench|vocab train|vocab encode|vocab decode|recipe resolve|recipe explain|recipe reference'

expect 0 "$S2S" --help
for name in train translate evaluate score vocab inspect recipe average bench; do wrote "  $name "; done
wrote 's2s --version'
expect 0 "$S2S" --version
wrote 's2s '
wrote kernels
wrote products
wrote SentencePiece

# What the environment asks for is there or is refused.
expect 0 env S2S_KERNELS=generic "$S2S" --version
wrote 'kernels    generic'
expect 0 env S2S_KERNELS= "$S2S" --version
expect 2 env S2S_KERNELS=avx513 "$S2S" --version
says 'S2S_KERNELS=avx513'
says 'generic'

IFS='|'
for command in $commands; do
    IFS=' '
    # shellcheck disable=SC2086 # a command of two words
    {
        expect 0 "$S2S" $command --help
        wrote "usage: s2s $command"
        wrote --quiet
        [ ! -s err ] || fail "the help page goes to standard output"
        awk 'length > 80 { exit 1 }' out || fail "$command: a line of the help page is too long"
        grep -q '=[A-Z]*  *(recipe:' out && fail "$command: an option's key is not in the schema"
        expect 2 "$S2S" $command --quite
        says 'did you mean --quiet?'
        expect 2 "$S2S" $command --zzzzzz
        says --zzzzzz
        expect 2 "$S2S" $command --quiet=yes
        says '--quiet takes no value'
        expect 2 "$S2S" $command -Z
        says 'unknown option -Z'
    }
done
IFS=' '

expect 2 "$S2S"
says '--help'
expect 2 "$S2S" translat
says 'did you mean s2s translate?'
expect 2 "$S2S" xyzzy
says xyzzy
expect 2 "$S2S" vocab
expect 2 "$S2S" vocab encod
says 'did you mean s2s vocab encode?'
expect 2 "$S2S" recipe resolv
says 'did you mean s2s recipe resolve?'

# What a command cannot do without, and what it has no use for.
expect 2 "$S2S" train
says 'RECIPE is missing'
expect 2 "$S2S" train one.yaml two.yaml
says two.yaml
expect 2 "$S2S" translate
says '--model is missing'
expect 2 "$S2S" translate --model
says '--model needs a value'
expect 2 "$S2S" translate --model=
says '--model: the value is empty'
expect 2 "$S2S" translate --max=3
says '--max could be'
expect 2 "$S2S" translate --threads=4x
says '"4x" is not a whole number'
expect 2 "$S2S" translate --threads=-1
says '--threads'
expect 2 "$S2S" translate --threads=99999999999999999999
says '--threads'
expect 2 "$S2S" translate words
says words
expect 2 "$S2S" inspect
says '--model is missing'
expect 2 "$S2S" average a b
says '--output is missing'
expect 2 "$S2S" average --output=x
says 'FOLDER... is missing'
expect 2 "$S2S" vocab train x
says '--output is missing'
expect 2 "$S2S" vocab encode
says '--model is missing'
expect 2 "$S2S" vocab encode --model=x --side=left
says 'source, target'
expect 2 "$S2S" bench --seconds=soon
says '"soon" is not a number'
expect 2 "$S2S" bench --recipe=a --model=b
says '--recipe and --model'
expect 2 "$S2S" bench --set=seed=1
says '--set'
expect 1 "$S2S" bench --recipe=nowhere.yaml --seconds=0
says nowhere.yaml

# Control characters from a name do not reach the terminal.
expect 1 "$S2S" inspect --model="$(printf 'a\033[31mb')"
if grep -q "$(printf '\033')" err; then fail "an escape sequence in the message"; fi
