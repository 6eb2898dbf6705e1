#!/usr/bin/env bash
# Finds Chromium for the browser tests, or installs it where apt is allowed.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "正在安装 Chromium（浏览器测试要用）……"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null
else
  echo "没有 Chromium，浏览器测试跑不了。请运行：sudo apt-get install chromium fonts-noto-cjk" >&2
  exit 1
fi
