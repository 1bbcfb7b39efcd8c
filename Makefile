# Everything that a newcomer, a developer or CI starts. `make help` lists it.
# Each set-up step leaves a stamp, so that it runs again only when what it depends on has changed.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8000
PYTHON := .venv/bin/python
SERVICES := DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/coalition} \
	REDIS_URL=$${REDIS_URL:-redis://127.0.0.1:6379/0}

BASE := .venv/.base-installed
DEV := .venv/.dev-installed
SCAN := .tools/scan/.installed
PROBE := .tools/probe/.installed
NODE := node_modules/.installed
ASSETS := build/static/.built
MESSAGES := build/.messages-compiled
ASSET_SOURCES := $(shell find assets -type f 2>/dev/null)
CATALOGUES := $(shell find locale -name '*.po' 2>/dev/null)

# Steps share .venv and node_modules.
.NOTPARALLEL:
.PHONY: help demo test test-services test-leaks test-faults bench lint scan probe format messages locks assets

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(BASE) $(ASSETS) $(MESSAGES)  ## install, build, migrate, seed and serve the demo coalition (PORT=8000, SIZE=small|large)
	@PORT=$(PORT) SIZE=$(SIZE) exec $(PYTHON) .ci/demo.py

test: $(DEV) $(ASSETS) $(MESSAGES)  ## the whole suite on SQLite; browser journeys where Chromium is found
	@$(PYTHON) -m pytest -n 2 $(ARGS)

test-services: $(DEV) $(ASSETS) $(MESSAGES)  ## what meets a database, on PostgreSQL and Redis (DATABASE_URL, REDIS_URL)
	@$(SERVICES) $(PYTHON) -m pytest -n 3 -m "services or not journey" $(ARGS)

test-leaks: $(DEV) $(ASSETS) $(MESSAGES)  ## the leak matrix at length: roles × states × addresses × ways to ask
	@$(PYTHON) -m pytest -n 2 tests/permissions/leak_matrix.py $(ARGS)

test-faults: $(DEV) $(ASSETS) $(MESSAGES)  ## takes single checks out of a copy: do the tests notice? (ONLY=word)
	@ONLY="$(ONLY)" $(PYTHON) -m tests.faults

bench: $(DEV) $(ASSETS) $(MESSAGES)  ## the benchmarks: a table and build/bench.json (ONLY=pages|start, PEER=<url>)
	@ONLY=$(ONLY) PEER=$(PEER) $(PYTHON) -m bench

lint: $(DEV)  ## formatting, lint, types, layers, templates, migrations, translations, house rules
	@$(PYTHON) .ci/lint.py

scan: $(SCAN) $(DEV)  ## bandit, and semgrep with rules of this house
	@$(PYTHON) .ci/scan.py

probe: $(PROBE) $(DEV) $(ASSETS) $(MESSAGES)  ## attack a demo of its own with wapiti and sqlmap (PROBE_SECONDS=600)
	@$(PYTHON) .ci/probe.py

format: $(DEV)  ## rewrite Python in the house's format
	@.venv/bin/ruff check --fix-only --quiet . && .venv/bin/ruff format .

messages: $(DEV)  ## bring locale/*.po in line with the texts in code and templates
	@$(PYTHON) .ci/update_catalogues.py

locks: $(DEV)  ## compile requirements/*.in into locks with hashes
	@.ci/compile-locks

assets: $(ASSETS)  ## bundle CSS, scripts and fonts into build/static

$(BASE): requirements/base.txt .ci/install-python .ci/tools.sh
	@.ci/install-python base
	@touch $@

$(DEV): requirements/dev.txt .ci/install-python .ci/tools.sh
	@.ci/install-python dev
	@touch $(BASE) $@

$(SCAN) $(PROBE): .tools/%/.installed: requirements/%.txt .ci/install-apart .ci/tools.sh
	@.ci/install-apart $*
	@touch $@

$(NODE): package-lock.json .npmrc .ci/install-node .ci/tools.sh
	@.ci/install-node
	@touch $@

$(ASSETS): $(NODE) package.json $(ASSET_SOURCES) .ci/build-assets
	@.ci/build-assets
	@touch $@

# Catalogues are compiled with Babel: the machine may have no msgfmt.
$(MESSAGES): $(CATALOGUES) .ci/compile_messages.py | $(BASE)
	@$(PYTHON) .ci/compile_messages.py
	@mkdir -p $(@D)
	@touch $@
