# Two commands do everything on a machine with Python >= 3.11 and make:
#   make demo   install, review a sample declaration, show the model's flags
#   make test   install, run the tests
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip
# A CPU build of torch: the default wheel on Linux brings several GB of CUDA libraries along.
TORCH       ?= torch==2.13.0
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
OUT    ?= out
SAMPLE ?= corpus/declarations/hubei-excellent-2026.pdf

.PHONY: help demo test test-fast check eval quality ui screenshots install install-dev clean
.DEFAULT_GOAL := help

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.torch: $(BIN)/python
	@$(BIN)/python -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)' \
	  || $(PIP) install --quiet --no-deps --retries 1 --timeout 20 --index-url $(TORCH_INDEX) $(TORCH) \
	  || $(PIP) install --quiet --no-deps $(TORCH)
	@touch $@

$(VENV)/.all: pyproject.toml $(VENV)/.torch
	$(PIP) install --quiet -e '.[all]'
	@touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.torch
	$(PIP) install --quiet -e '.[dev]'
	@touch $@ $(VENV)/.all

install: $(VENV)/.all ## install everything a user needs into .venv

install-dev: $(VENV)/.dev ## install what developers need as well

demo: $(VENV)/.all ## review a sample declaration end to end
	@sh tools/demo.sh $(BIN) $(OUT) $(SAMPLE)

test: $(VENV)/.dev ## run all tests
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-fast: $(VENV)/.dev ## run the tests that take seconds
	$(BIN)/python -m pytest -m 'not slow and not model'

check: $(VENV)/.dev ## ruff, ruff format, mypy strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

eval: $(VENV)/.all ## run all eval suites offline and compare with the blessed baselines
	$(BIN)/python -m evals.all

quality: $(VENV)/.all ## write README's quality table from the blessed baselines
	$(BIN)/python -m evals.readme

ui: $(VENV)/.all ## start the application on http://127.0.0.1:7860
	$(BIN)/assistant ui

screenshots: $(VENV)/.dev ## photograph every room of the application into out/screenshots
	$(BIN)/python tools/screenshots.py $(OUT)/screenshots

clean:
	rm -rf $(VENV) $(OUT) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
