#!/bin/sh
# Installs a build into a scratch prefix and compiles a program against it, as a user of libs2s does.
set -eu
build=$1 compiler=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cmake --install "$build" --prefix "$scratch/usr" >"$scratch/log" || { cat "$scratch/log"; exit 1; }
pc=$(find "$scratch/usr" -name s2s.pc)
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
library=$(pkg-config --variable=libdir s2s)

cat >"$scratch/user.c" <<'USER'
#include <s2s/s2s.h>
#include <string.h>
int main(void) {
    s2s_err err = {S2S_OK, ""};
    s2s_engine *engine;
    s2s_use_threads(1);
    if (s2s_engine_open(&engine, "no-such-folder", NULL, &err) == S2S_OK) return 1;
    s2s_engine_close(engine);
    return !strstr(err.message, "no-such-folder") || !strchr(s2s_library_version(), '.');
}
USER
# shellcheck disable=SC2046 # flags are words
"$compiler" -Wl,--no-as-needed "$scratch/user.c" $(pkg-config --cflags --libs s2s) -o "$scratch/user"
LD_LIBRARY_PATH=$library "$scratch/user"
readelf -d "$scratch/user" | grep -q 'libs2s\.so'
# shellcheck disable=SC2046
"$compiler" "$scratch/user.c" $(pkg-config --cflags s2s) -Wl,--whole-archive "$library/libs2s.a" \
    -Wl,--no-whole-archive $(pkg-config --static --libs s2s | sed 's/-ls2s//') -o "$scratch/user-static"
LD_LIBRARY_PATH=$library "$scratch/user-static"
"$scratch/usr/bin/s2s" --version
