# `make demo` shows the product, `make test` proves it. Both set up what is missing.
.PHONY: setup demo test lint bench lock clean
PYTHON := .venv/bin/python

setup:
	@sh packaging/setup.sh

demo: setup
	@.venv/bin/auditor demo

test: setup lint
	@$(PYTHON) -m pytest -q

lint: setup
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports --no-logo

bench: setup
	@$(PYTHON) -m tests.benchmarks

lock: setup
	@sh packaging/lock.sh

clean:
	rm -rf .venv .uv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
