#!/usr/bin/env bash
# All tests, on both cores: those that need the running desk or a browser on one, all others on the other.
# 1 when any fails; what the second half printed is shown after the first half's.
set -uo pipefail
python=.venv/bin/python
printed=$(mktemp)
trap 'rm -f "$printed"' EXIT
"$python" -m pytest -q -m "not running and not browser" >"$printed" 2>&1 &
others=$!
"$python" -m pytest -m "running or browser"
desk=$?
wait "$others"
rest=$?
echo
echo "—— 不用模型和浏览器的测试 ——"
cat "$printed"
[ "$desk" -eq 0 ] && [ "$rest" -eq 0 ]
