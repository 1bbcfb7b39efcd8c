# Everything that a newcomer, a developer or CI starts. `make help` lists it.
# Each set-up step leaves a stamp, so that it runs again only when what it depends on has changed.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Without byte-code every start of Python compiles the project and its packages anew.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000
PYTHON := .venv/bin/python
SERVICES := DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/coalition} \
	REDIS_URL=$${REDIS_URL:-redis://127.0.0.1:6379/0}

BASE_INSTALLED := .venv/.base-installed
DEV_INSTALLED := .venv/.dev-installed
SCAN := .tools/scan/.installed
PROBE := .tools/probe/.installed
NODE := node_modules/.installed
ASSETS := build/static/.built
MESSAGES := build/.messages-compiled
ASSET_SOURCES := $(shell find assets -type f 2>/dev/null)
CATALOGUES := $(shell find locale -name '*.po' 2>/dev/null)

# Steps share .venv and node_modules.
.NOTPARALLEL:
.PHONY: help demo quick test test-slow test-browser test-services test-all test-leaks test-faults bench lint scan \
	probe format messages locks assets

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(BASE_INSTALLED) $(ASSETS) $(MESSAGES)  ## install, build, migrate, seed and serve the demo coalition (PORT=8000, SIZE=small|large)
	@PORT=$(PORT) SIZE=$(SIZE) exec $(PYTHON) .ci/serve_demo.py

READY := $(DEV_INSTALLED) $(ASSETS) $(MESSAGES)
PYTEST := $(PYTHON) -m pytest -n 2

quick: $(READY)  ## tests of the files changed since BASE (default: newest commit older than four hours)
	@BASE="$(BASE)" $(PYTHON) -m tests.quick $(ARGS)

test: $(READY)  ## what needs no browser, service or outside program, on SQLite; one journey where Chromium is
	@$(PYTEST) --dist loadfile --no-loadscope-reorder -m "not slow and (not journey or smoke)" $(ARGS)

test-slow: $(READY)  ## state machines, leak sweeps, outside programs, killed processes, races, the demo
	@$(PYTEST) -m "slow and not journey" $(ARGS)

test-browser: $(READY)  ## all journeys and accessible pages, in Chromium
	@$(PYTEST) --dist loadfile --no-loadscope-reorder -m journey $(if $(findstring tests/,$(ARGS)),,tests/journeys) $(ARGS)

test-services: $(READY)  ## what PostgreSQL or Redis may answer otherwise (DATABASE_URL, REDIS_URL), and an eighth of the rest
	@$(SERVICES) $(PYTEST) -m "not journey" $(ARGS)

test-all: $(READY)  ## everything on both databases, all leak cells, long state machines, seeded faults: hours
	@failed=; \
	RECORDINGS=off LEAKS_PART=all RIGHTS_MACHINE=long $(PYTEST) -m "not journey" --hypothesis-profile=random || failed="$$failed SQLite"; \
	$(MAKE) test-browser || failed="$$failed test-browser"; \
	$(MAKE) test-leaks || failed="$$failed test-leaks"; \
	$(SERVICES) SERVICES_PART=all LEAKS_PART=all $(PYTEST) -m "not journey" || failed="$$failed PostgreSQL"; \
	$(MAKE) test-faults || failed="$$failed test-faults"; \
	[ -z "$$failed" ] || { echo "Failed:$$failed"; exit 1; }

test-leaks: $(READY)  ## the leak matrix at length: roles × states × addresses × ways to ask
	@$(PYTHON) -m pytest -n 2 tests/permissions/leak_matrix.py $(ARGS)

test-faults: $(READY)  ## takes single checks out of a copy: do the tests notice? (ONLY=word)
	@ONLY="$(ONLY)" $(PYTHON) -m tests.faults

bench: $(READY)  ## the benchmarks: a table and build/bench.json (ONLY=pages|start, PEER=<url>)
	@ONLY=$(ONLY) PEER=$(PEER) $(PYTHON) -m bench

lint: $(DEV_INSTALLED) $(NODE)  ## formatting, lint, types, layers, templates, migrations, translations, house rules
	@$(PYTHON) .ci/lint.py

scan: $(SCAN) $(DEV_INSTALLED)  ## bandit, and semgrep with rules of this house
	@$(PYTHON) .ci/scan.py

probe: $(PROBE) $(READY)  ## attack a demo of its own with wapiti and sqlmap (PROBE_SECONDS=600)
	@$(PYTHON) .ci/probe.py

format: $(DEV_INSTALLED)  ## rewrite Python in the house's format, and indent templates
	@.venv/bin/ruff check --fix-only --quiet . && .venv/bin/ruff format .
	@$(PYTHON) .ci/check_templates.py --fix

messages: $(DEV_INSTALLED)  ## bring locale/*.po in line with the texts in code and templates
	@$(PYTHON) .ci/update_catalogues.py

locks: $(DEV_INSTALLED)  ## compile requirements/*.in into locks with hashes
	@.ci/compile-locks

assets: $(ASSETS)  ## bundle CSS, scripts and fonts into build/static

$(BASE_INSTALLED): requirements/base.txt .ci/install-python .ci/tools.sh
	@.ci/install-python base
	@touch $@

$(DEV_INSTALLED): requirements/dev.txt .ci/install-python .ci/tools.sh
	@.ci/install-python dev
	@touch $(BASE_INSTALLED) $@

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
$(MESSAGES): $(CATALOGUES) .ci/compile_messages.py | $(BASE_INSTALLED)
	@$(PYTHON) .ci/compile_messages.py
	@mkdir -p $(@D)
	@touch $@
