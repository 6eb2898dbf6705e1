# Two commands do everything on a fresh machine: `make serve` and `make test`.
SHELL := /bin/bash
PYTHON := .venv/bin/python

.PHONY: serve test test-fast fuzz quality train check talk bench lint setup setup-test clean

serve: setup
	@$(PYTHON) -m bot serve

talk: setup
	@$(PYTHON) -m bot talk

train: setup
	@$(PYTHON) -m bot train

check: setup
	@$(PYTHON) -m bot check

test: setup-test lint
	@bash .ci/chromium.sh
	@$(PYTHON) -m bot train --if-stale
	@bash .ci/tests.sh

test-fast: setup-test
	@$(PYTHON) -m pytest -m "not running and not browser"

# The laws of the reading, the interview and the routing on thousands of new random cases; takes a while.
fuzz: setup-test
	@$(PYTHON) -m pytest -q --hypothesis-profile=fuzz tests/intake

# The figures of CONTRACT on every set that is there, and the published quality card docs/quality.md from them.
quality: setup
	@$(PYTHON) -m bot train --if-stale
	@$(PYTHON) -m bot evaluate --publish docs

lint: setup-test
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench: setup-test
	@$(PYTHON) -m bot train --if-stale
	@$(PYTHON) -m bot bench

setup: .venv/.serve
setup-test: .venv/.test

.venv/.python:
	@bash .ci/venv.sh

.venv/.serve: .venv/.python pyproject.toml constraints.txt
	@echo "正在安装（第一次约三四分钟）……"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -c constraints.txt $$($(PYTHON) .ci/requirements.py)
	@touch $@

.venv/.test: .venv/.serve
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -c constraints.txt $$($(PYTHON) .ci/requirements.py test)
	@touch $@

clean:
	rm -rf models results .pytest_cache .mypy_cache .ruff_cache .hypothesis
