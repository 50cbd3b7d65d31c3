#!/usr/bin/env bash
# FetchContent of this checkout. usage: fetched.sh CHECKOUT BUILD WORK_FOLDER. The build folder stays between runs. Not optimised: what is tested is that the
# project builds and links as a part of another one.
set -euo pipefail
checkout=$1
work=$3
mkdir -p "$work"
cmake -S "$checkout/tests/package/fetched" -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O0 -DNDEBUG" -DSWITCHBOARD_WERROR=OFF -DSWITCHBOARD_CHECKOUT="$checkout" -DEXAMPLES="$checkout/examples" \
  >"$work/configure.log" || { cat "$work/configure.log"; exit 1; }
cmake --build "$work/build" --target embed >"$work/build.log" || { tail -50 "$work/build.log"; exit 1; }
"$(find "$work/build" -name embed -type f -perm -u+x | head -1)" "$checkout/examples/meter-check.yaml"
