#!/usr/bin/env bash
# The Python binding as a user gets it: `pip install bindings/python` in a fresh virtual environment, then pytest, mypy and the examples on the installed
# wheel. usage: python_test.sh CHECKOUT WORK_FOLDER. Exit code 77 (skipped) with the reason when there is no Python, no venv or no package index.
set -euo pipefail
source=$1
work=$2
skip() { echo "SKIPPED: $*"; exit 77; }

python=${SWITCHBOARD_PYTHON:-python3}
command -v "$python" >/dev/null || skip "no $python on this machine"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || skip "$("$python" --version) is older than 3.10"
rm -rf "$work"
mkdir -p "$work"
cd "$work" # not the checkout: the installed package is what is tested
"$python" -m venv "$work/venv" || skip "the venv module does not work (install python3-venv)"
pip() { "$work/venv/bin/python" -m pip --disable-pip-version-check --no-input -q "$@"; }
pip install pytest mypy >pip.log 2>&1 || { cat pip.log; skip "pip cannot install pytest and mypy: no package index within reach"; }

echo "== pip install bindings/python"
pip install "$source/bindings/python"
"$work/venv/bin/python" - <<'PYTHON'
import importlib.metadata as metadata
files = [str(f) for f in metadata.files("switchboard")]
assert any(f.endswith("py.typed") for f in files) and any(f.endswith("libswitchboard.so") for f in files), files
wheel = metadata.distribution("switchboard").read_text("WHEEL")
assert "Tag: py3-none-linux" in wheel, wheel
PYTHON

export SWITCHBOARD_SOURCE_DIR=$source
echo "== pytest"
"$work/venv/bin/python" -m pytest -q -p no:cacheprovider "$source/tests/bindings/python"
echo "== mypy"
"$work/venv/bin/python" -m mypy --strict --cache-dir "$work/mypy" -p switchboard
"$work/venv/bin/python" -m mypy --strict --cache-dir "$work/mypy" "$source/tests/bindings/python/test_switchboard.py"
for example in "$source"/examples/*.py; do
  echo "== ${example##*/}"
  "$work/venv/bin/python" -m mypy --strict --cache-dir "$work/mypy" "$example"
  "$work/venv/bin/python" "$example"
done
