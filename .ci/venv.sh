#!/usr/bin/env bash
# Makes .venv with Python 3.10 (Rasa 3.6.21 runs on nothing newer): python3.10, pyenv or uv, whichever is there.
set -euo pipefail
works() { "$@" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; }
found=""
for candidate in python3.10 "$(command -v python3 || true)" "$HOME"/.pyenv/versions/3.10*/bin/python3.10; do
  if [ -n "$candidate" ] && works "$candidate"; then found="$candidate"; break; fi
done
if [ -z "$found" ] && command -v pyenv >/dev/null; then
  version=$(pyenv versions --bare 2>/dev/null | grep '^3\.10' | tail -n 1 || true)
  if [ -z "$version" ]; then pyenv install -s 3.10 && version=$(pyenv versions --bare | grep '^3\.10' | tail -n 1); fi
  [ -n "$version" ] && found="$(pyenv root)/versions/$version/bin/python"
fi
if [ -n "$found" ]; then
  "$found" -m venv .venv
elif command -v uv >/dev/null; then
  uv venv --seed --python 3.10 .venv
else
  echo "没有找到 Python 3.10。请先装好它（例如 apt-get install python3.10，或 pyenv install 3.10，或装 uv），再运行一次。" >&2
  exit 1
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check "pip<26" "setuptools<81" wheel
touch .venv/.python
