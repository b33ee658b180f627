# `make demo` shows the product, `make test` proves it. Both set up what is missing.
.PHONY: setup clients agents demo test unit lint bench package package-gateway package-desktop lock clean
PYTHON := .venv/bin/python

setup:
	@sh packaging/setup.sh

# Official clients of other makers, for the tests that drive them through the gateway.
clients: setup
	@sh packaging/clients.sh

# Agents of the command line, 1.5 GB, for tests/e2e/clients/test_agents.py; without them it skips, saying so.
agents: clients
	@sh packaging/agents.sh

demo: setup
	@.venv/bin/auditor demo

# What drives whole programs runs afterwards, no more than two at a time (tests/scheduling.py): it waits more than it
# works, but needs a core when it wakes up. A machine that is busy with something else can starve a test; what failed
# (and nothing else) is run once more, alone, and both runs are printed.
AGAIN = || { [ $$? = 1 ] && echo "Once more, what failed:" && \
	$(PYTHON) -m pytest -q --last-failed --last-failed-no-failures none

test: setup
	@$(MAKE) --no-print-directory -j3 clients lint unit
	@$(PYTHON) -m pytest -q -n auto --maxprocesses 2 --dist loadfile --no-loadscope-reorder tests/e2e $(AGAIN) tests/e2e; }

unit: setup
	@$(PYTHON) -m pytest -q -n auto --maxprocesses 4 --dist loadfile -m "not e2e" $(AGAIN) -m "not e2e"; }

lint: setup
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports --no-logo

bench: setup
	@$(PYTHON) -m tests.benchmarks

# Packages for this machine's system, in dist/.
package: package-gateway package-desktop

package-gateway: setup
	@sh packaging/deb.sh

package-desktop: setup
	@sh packaging/desktop.sh

lock: setup
	@sh packaging/lock.sh

clean:
	rm -rf .venv .venv-clients .agents .uv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
