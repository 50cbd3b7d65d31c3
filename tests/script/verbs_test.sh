#!/usr/bin/env bash
# No verb of ./run depends on what another one left in the build folder: every call that configures says every option that another verb changes. The
# verbs run here in a folder of their own with programs in place of cmake, ctest and apt that only note how they were called.
# usage: verbs_test.sh CHECKOUT
set -euo pipefail
checkout=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/bin" "$folder/build/bin" "$folder/build-asan/bin" "$folder/build-tsan/bin" "$folder/build-quick/bin" "$folder/build-fuzz/bin" "$folder/examples" "$folder/tests/simulation"
cp "$checkout/run" "$folder/run"
log=$folder/log

program() { # PATH LINE...: a script of these lines
  local path=$1; shift
  printf '#!/bin/sh\n' >"$path"
  printf '%s\n' "$@" >>"$path"
  chmod +x "$path"
}
for name in apt-get apt-cache dpkg-query sudo git clang-format clang-tidy; do program "$folder/bin/$name" 'echo "install ok installed"'; done
program "$folder/bin/cmake" "echo \"cmake \$*\" >>'$log'" 'case "$*" in *"--target help"*) printf "%s\n" "test_value: phony" "test_core: phony" ;; esac'
program "$folder/bin/ctest" "echo \"ctest \$*\" >>'$log'" 'case "$*" in *-N*) printf "%s\n" "  Test  #1: value" "  Test #12: core" ;; esac'
program "$folder/bin/python3" 'exit 0'
for name in build/bin/switchboard build/bin/switchboard_bench build/bin/test_core build-asan/bin/switchboard build-tsan/bin/test_simulation build-quick/bin/switchboard \
  build-fuzz/bin/fuzz_json examples/demo.sh tests/simulation/same_everywhere.sh; do
  program "$folder/$name" "echo \"${name##*/} \$*\" >>'$log'" 'echo one case'
done
export PATH="$folder/bin:$PATH"

failed=0
complain() { echo "$*"; failed=1; }
for verb in demo build quick test 'test value' 'test core 10-cycles' bench tsan fuzz 'conformance dmn-tck .'; do
  : >"$log"
  # shellcheck disable=SC2086
  (cd "$folder" && ./run $verb) >"$folder/out" 2>&1 || complain "./run $verb failed: $(tail -3 "$folder/out")"
  grep -q -- '--preset' "$log" || complain "./run $verb configures nothing"
  while read -r line; do
    for option in TESTS EXAMPLES INSTALL BENCH FUZZ; do
      case $line in *"-DSWITCHBOARD_$option="*) ;; *) complain "./run $verb leaves SWITCHBOARD_$option as it finds it: $line" ;; esac
    done
  done < <(grep -- '--preset' "$log")
done

# What is asked for is built, and no more.
last() { grep -- "$1" "$log" | tail -1; }
: >"$log"; (cd "$folder" && ./run test value) >/dev/null 2>&1
[ "$(last --build)" = "cmake --build build -j $(nproc) --target test_value" ] || complain "./run test value builds: $(last --build)"
case $(last '-R') in *'^(value)$'*) ;; *) complain "./run test value runs: $(last '-R')" ;; esac
: >"$log"; (cd "$folder" && ./run bench) >/dev/null 2>&1
case $(last --preset) in *BENCH=OFF*BENCH=ON*) ;; *) complain "./run bench configures: $(last --preset)" ;; esac
(cd "$folder" && ./run test nosuch) >"$folder/out" 2>&1 && complain "./run test nosuch succeeds"
grep -q "there is no test 'nosuch'" "$folder/out" || complain "./run test nosuch says: $(cat "$folder/out")"
exit $failed
