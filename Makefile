# The commands a person needs. Everything lives in .venv and var/; `make` alone says what there is.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement
UNREACHED := echo "The packages could not be fetched: look whether this machine reaches a package index, and try again"; exit 1
CORE := .venv/.core-installed
DEV := .venv/.development-installed
CATALOGUES := $(wildcard qa_service/locale/*/*/LC_MESSAGES/django.po)
COMPILED := .venv/.catalogues-compiled
ARGS ?=

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install demo demo-data test check bench prove fonts

help: ## Say what each command does
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(CORE) $(COMPILED) ## Make .venv and install what the service needs, locked by hash

demo: install ## Start an invented county on this machine (PORT=8000); Ctrl-C stops it, the data is kept
	@DEMO=1 $(BIN)/python manage.py serve --demo --port "$(PORT)"

demo-data: install ## Load the invented county without starting the service
	@DEMO=1 $(BIN)/python manage.py load_demo

test: $(DEV) $(COMPILED) ## Run the whole suite (ARGS= goes to pytest)
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal $(ARGS)

check: $(DEV) $(COMPILED) ## Format, lint, types, layers, migrations, translations, deployment settings, tests that load
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy & types=$$!; \
	  $(BIN)/lint-imports && \
	  deploy/with-example-settings $(BIN)/python manage.py makemigrations --check --dry-run && \
	  deploy/with-example-settings $(BIN)/python manage.py check --deploy --fail-level WARNING && \
	  deploy/with-example-settings $(BIN)/python manage.py messages --check && \
	  { found=$$(CI= $(BIN)/python -m pytest --collect-only -qq) || { echo "$$found"; false; }; }; \
	  rest=$$?; wait $$types && exit $$rest

bench: $(DEV) $(COMPILED) ## Measure against plain baselines (ARGS="intake --rounds 15")
	@$(BIN)/python -m bench $(ARGS)

prove: $(DEV) $(COMPILED) ## Read whatever comes in, and kill the worker again and again
	@$(BIN)/python -m prove $(ARGS)

fonts: install ## Fetch the faces of the official look (needs npm and apt)
	@$(BIN)/python manage.py fonts --official $(ARGS)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: name one, e.g. make PYTHON=python3.12"; exit 1; }
	@echo "Making .venv ..."
	@$(PYTHON) -m venv .venv || \
	  { rm -rf .venv; echo "Python cannot make a virtual environment: on Debian, apt install python3-venv"; exit 1; }
	@# Debian's own takes half as long again over the same lock files.
	@$(PIP) requirements/pip.lock || { rm -rf .venv; $(UNREACHED); }

$(CORE): requirements/core.lock | $(BIN)/python
	@echo "Installing (once, a minute or so) ..."
	@$(PIP) requirements/core.lock || { $(UNREACHED); }
	@touch $@

$(DEV): requirements/dev.lock | $(BIN)/python
	@echo "Installing what the tests and checks need (once, a minute or so) ..."
	@# Most of what is installed here is never imported: to compile it all takes a third of the time.
	@$(PIP) requirements/dev.lock --no-compile || { $(UNREACHED); }
	@touch $@ $(CORE)

$(COMPILED): $(CATALOGUES) | $(BIN)/python
	@$(BIN)/python manage.py messages --compile
	@touch $@
