# SPDX-License-Identifier: Apache-2.0
# A bare machine needs python3 (3.11 or newer) and make. Everything else comes from uv.lock into .venv.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
SYNC_DEMO := $(VENV)/.synced-demo
SYNC_ALL := $(VENV)/.synced-all
LOCKED := pyproject.toml uv.lock

# The first Python that is new enough; named by full path, since a shim may exist and not run.
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.version_info < (3, 11) and sys.exit(1); print(sys.executable)' 2>/dev/null && break; done)

# What fetches: by the certificates of the system, never another Python, no settings from outside.
UV = unset VIRTUAL_ENV UV_EXTRA_INDEX_URL UV_FIND_LINKS; UV_SYSTEM_CERTS=1 UV_PYTHON_DOWNLOADS=never UV_NO_CONFIG=1 $$($(PYTHON) scripts/bootstrap.py)
ALL_EXTRAS := --extra dev --extra docs --extra stata --extra service --extra learning --extra spark

.PHONY: help setup demo check slow postgres spark pages pages-postgres torture tutorial bench docs clean format test

help:  ## This list.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: $(SYNC_ALL)  ## Everything for work on the code, into .venv.

demo: $(SYNC_DEMO)  ## Screen an invented county, print who is poor and why, then serve it in the browser.
	@$(BIN)/hearthline demo --out build/demo
	@HEARTHLINE_HOME=build/demo-county $(BIN)/hearthline serve --demo

check: $(SYNC_ALL)  ## All that must pass: format, lint, types, layers, docs, tests.
	@$(BIN)/python -m scripts.check

postgres: $(SYNC_ALL)  ## The tests of the service once more, on a PostgreSQL of their own.
	@$(BIN)/python -m scripts.check postgres

slow: $(SYNC_ALL)  ## The tests that take long: the tutorial, kills, generated packages, attacks on tables.
	@$(BIN)/python -m scripts.check slow

spark: $(SYNC_ALL)  ## The tests of the engines once more, on Spark; Java 17 is needed.
	@$(BIN)/python -m scripts.check spark

pages: $(SYNC_ALL)  ## The ways of officers through a browser; pictures of every page in build/screenshots.
	@$(BIN)/python -m scripts.check pages

pages-postgres: $(SYNC_ALL)  ## The same on a PostgreSQL of their own.
	@$(BIN)/python -m scripts.check pages postgres

torture: $(SYNC_ALL)  ## Attack 100,000 published tables; kill workers a hundred times, on SQLite and on PostgreSQL.
	@$(BIN)/python -m scripts.check torture

test: $(SYNC_ALL)  ## The tests alone.
	@$(BIN)/python -m pytest -q -n 2

format: $(SYNC_ALL)  ## Put the code into its format.
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

tutorial: $(SYNC_ALL)  ## Run the commands of the tutorial; leaves build/tutorial.
	@$(BIN)/python -m scripts.tutorial --out build/tutorial

DATA ?= build/bench/data
bench: $(SYNC_ALL)  ## Measure every promised figure and write docs/explanation/figures.md. DATA: a folder of big data.
	@$(BIN)/python -m benchmarks --data "$(DATA)" $(BENCH)

docs: $(SYNC_ALL)  ## Build the documentation into build/docs, after writing reference and outputs anew.
	@$(BIN)/python -m scripts.reference
	@$(BIN)/python -m scripts.page_commands
	@$(BIN)/properdocs build --strict --quiet --site-dir build/docs

clean:  ## Remove what commands made, .venv included.
	rm -rf build dist site .venv .bootstrap .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# A stamp is newer than the lock when .venv holds what the lock says. The small set is enough to serve;
# --inexact leaves the tools of the large set where they are.
$(SYNC_DEMO): $(LOCKED) | needs-python
	@[ ! -e $(SYNC_ALL) ] || [ $(SYNC_ALL) -ot uv.lock ] || [ $(SYNC_ALL) -ot pyproject.toml ] || { touch $@; exit 0; }; \
	$(UV) sync --quiet --frozen --inexact --python $(PYTHON) --extra service && touch $@

$(SYNC_ALL): $(LOCKED) | needs-python
	@$(UV) sync --quiet --frozen --inexact --python $(PYTHON) $(ALL_EXTRAS) && touch $(SYNC_DEMO) $@

.PHONY: needs-python
needs-python:
	@[ -n "$(PYTHON)" ] || { echo "Hearthline needs Python 3.11 or newer, and there is none on the PATH."; \
	echo "On Debian 12 or Ubuntu 24.04: apt-get install -y python3"; \
	echo "On macOS: brew install python@3.12"; exit 1; }
