# Everything a checkout needs, in one virtual environment. `make` alone lists the targets.

PYTHON ?= python3
VENV ?= .venv

BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PROJECTS := pyproject.toml core/pyproject.toml $(wildcard plugins/*/pyproject.toml)

# Where this is set, Python compiles all of ccxt anew at every start: five seconds instead of a half.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test browser check format lock cassettes clean

help: ## List the targets
	@echo "usage: make TARGET [PYTHON=python3.13] [VENV=.venv-3.13]"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(STAMP) ## Test two practice keys, one that may only read and one that may trade
	@echo
	@echo "== Two practice keys on an embedded exchange: no account, no real key, no network =="
	@echo
	@echo "$$ hashdata connectors test poloniex --sandbox read-only"
	@$(BIN)/hashdata connectors test poloniex --sandbox read-only; code=$$?; \
	  echo "exit code $$code, expected 0"; test $$code -eq 0
	@echo
	@echo "$$ hashdata connectors test poloniex --sandbox trading"
	@$(BIN)/hashdata connectors test poloniex --sandbox trading; code=$$?; \
	  echo "exit code $$code, expected 1"; test $$code -eq 1

test: $(STAMP) browser ## Run the tests, offline; TESTS=tests/cli runs a part of them
	$(BIN)/python -m pytest -n 3 $(TESTS)

browser: # The portal is tested in Chromium
	@sh tests/portal/chromium.sh

check: $(STAMP) ## Lint, check the formatting, the types and the layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(STAMP) ## Format the code and mend what ruff can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: $(STAMP) ## Write requirements.txt anew; UPGRADE=--upgrade takes the newest versions
	$(BIN)/uv pip compile requirements.in --group dev --python-version 3.11 --universal \
	  --no-header --no-annotate --quiet $(UPGRADE) --output-file requirements.txt

cassettes: $(STAMP) ## Record the cassettes anew from the practice exchanges
	$(BIN)/python -m tests.record_cassettes

clean: ## Remove the environment, the caches and the build products
	rm -rf $(VENV) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	rm -rf build dist core/dist plugins/*/dist
	find core plugins tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): requirements.txt $(PROJECTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "hashdata needs Python 3.11 or newer, and '$(PYTHON)' is not: name one with 'make PYTHON=python3.11'." >&2; \
	  exit 1; }
	@echo "Installing hashdata and its tools into $(VENV), which takes about half a minute ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m compileall -q core plugins
	@touch $@
