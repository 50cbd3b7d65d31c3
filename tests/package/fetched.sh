#!/usr/bin/env bash
# FetchContent of this checkout. usage: fetched.sh CHECKOUT BUILD WORK_FOLDER. The build folder stays between runs; ccache makes the first one cheap, too
# (with the same flags as our own build, therefore SWITCHBOARD_WERROR).
set -euo pipefail
checkout=$1
work=$3
mkdir -p "$work"
cmake -S "$checkout/tests/package/fetched" -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" -DSWITCHBOARD_WERROR=ON -DSWITCHBOARD_CHECKOUT="$checkout" -DEXAMPLES="$checkout/examples" \
  >"$work/configure.log" || { cat "$work/configure.log"; exit 1; }
cmake --build "$work/build" --target embed >"$work/build.log" || { tail -50 "$work/build.log"; exit 1; }
"$(find "$work/build" -name embed -type f -perm -u+x | head -1)" "$checkout/examples/meter-check.yaml"
