#!/usr/bin/env bash
# `cmake --install`, then a project of somebody else, with CMake and with pkg-config. usage: installed.sh CHECKOUT BUILD WORK_FOLDER
set -euo pipefail
checkout=$1
build=$2
work=$3
examples=$checkout/examples
rm -rf "$work"
mkdir -p "$work"
prefix=$work/prefix

cmake --install "$build" --prefix "$prefix" >"$work/install.log" || { cat "$work/install.log"; exit 1; }
# Moved: nothing in it may remember where it was.
mv "$prefix" "$work/elsewhere"
prefix=$work/elsewhere

echo "== find_package"
cmake -S "$checkout/tests/package/installed" -B "$work/build" -DCMAKE_PREFIX_PATH="$prefix" -DEXAMPLES="$examples" >"$work/configure.log" ||
  { cat "$work/configure.log"; exit 1; }
cmake --build "$work/build" >"$work/build.log" || { cat "$work/build.log"; exit 1; }
for program in embed embed_c embed_c_static; do
  "$work/build/$program" "$examples/meter-check.yaml"
done

echo "== pkg-config"
command -v pkg-config >/dev/null || { echo "SKIPPED: pkg-config is not installed"; exit 77; }
export PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name switchboard.pc)")
# shellcheck disable=SC2046
"${CC:-cc}" -o "$work/embed_pc" "$examples/embed.c" $(pkg-config --cflags --libs switchboard)
LD_LIBRARY_PATH=$(pkg-config --variable=libdir switchboard) "$work/embed_pc" "$examples/meter-check.yaml"
libdir=$(pkg-config --variable=libdir switchboard)
# shellcheck disable=SC2046
"${CC:-cc}" -o "$work/embed_pc_static" "$examples/embed.c" $(pkg-config --cflags switchboard) "$libdir/libswitchboard.a" $(pkg-config --static --libs switchboard)
env -u LD_LIBRARY_PATH "$work/embed_pc_static" "$examples/meter-check.yaml"
