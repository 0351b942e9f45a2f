#!/usr/bin/env bash
# Makes the Python environment of the suite in test/interop/.venv, unless it is there and current.
set -euo pipefail
cd "$(dirname "$0")"

# The copy of the list is the last thing to be put into the folder.
if cmp --silent requirements.txt .venv/requirements.txt && .venv/bin/python -c 'import dlt' 2> /dev/null; then
  exit 0
fi
rm -rf .venv

find_python() {
  local name
  for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 10))' > /dev/null 2>&1; then
      echo "$name"
      return
    fi
  done
  echo 'There is no Python 3.10 or later, which dlt 1.31 needs. Install python3 (Debian: apt-get install python3 python3-venv), or uv.' >&2
  return 1
}

if command -v uv > /dev/null; then
  uv venv --quiet --python '>=3.10,<3.15' .venv
  uv pip install --quiet --python .venv/bin/python --requirement requirements.txt
else
  python=$(find_python)
  if ! "$python" -c 'import venv, ensurepip' 2> /dev/null; then
    echo "$python cannot make virtual environments. Install them (Debian: apt-get install python3-venv), or uv." >&2
    exit 1
  fi
  "$python" -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
fi
cp requirements.txt .venv/
