#!/bin/sh
# usage: symbols.sh LIBRARY INCLUDE CXX
set -eu
others=$(nm -D --defined-only "$1" | awk '{print $NF}' | grep -v '^sb_' || true)
[ -z "$others" ] || { echo "the library shows more than sb_*:"; echo "$others" | head -20; exit 1; }
declared=$(grep -o '\bsb_[a-z_]*(' "$2/switchboard.h" | grep -v 'sb_clock(\|sb_worker(\|sb_adapter(\|sb_listener(\|sb_progress(' | tr -d '(' | sort -u)
shown=$(nm -D --defined-only "$1" | awk '{print $NF}' | sort -u)
[ "$declared" = "$shown" ] || { echo "header and library differ:"; echo "declared: $declared"; echo "shown: $shown"; exit 1; }
echo '#include <switchboard.h>
int main() { return sb_version() == nullptr; }' | "$3" -std=c++20 -Wall -Wextra -Werror -I"$2" -x c++ -fsyntax-only -
echo "$(echo "$shown" | wc -l) functions, all declared, nothing else shown"
