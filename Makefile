# Two commands matter: `make report` and `make test`. Everything else is a part of one of them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SRC := sap analysis reports executable_sap
SIZES := 10000,100000,1000000

.DEFAULT_GOAL := help
.PHONY: help seal report results bench example test browse lint types imports pytest record mutants docs lock clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | sort | expand -t 12

$(VENV)/.runtime: requirements.txt pyproject.toml
	@echo "[setup] creating $(VENV) with the pinned, hash-checked dependencies"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11 report")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	@echo "[setup] adding the tools for tests"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.mutants: $(VENV)/.dev requirements-mutants.txt
	@echo "[setup] adding the tool for the mutation check"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-mutants.txt
	@touch $@

# An environment of its own: one of these tools would stand among the libraries that a seal holds.
$(VENV)/.docs: requirements.txt requirements-docs.txt pyproject.toml
	@echo "[setup] creating $(VENV)/docs with the tools for the documentation"
	@$(PYTHON) -m venv $(VENV)/docs
	@$(VENV)/docs/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-docs.txt
	@$(VENV)/docs/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

report: $(VENV)/.runtime  ## validate, analyse, render _site/index.html
	@$(BIN)/sap render

results: $(VENV)/.runtime  ## validate and analyse only: results/ard.csv, results/ard.json
	@$(BIN)/sap run

test: lint types imports pytest  ## lint, types, import contracts, tests

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev
	@$(BIN)/mypy

imports: $(VENV)/.dev
	@$(BIN)/lint-imports

pytest: $(VENV)/.dev
	@rm -rf .record
	@SAP_REFERENCE_RECORD=.record/reference.jsonl $(BIN)/pytest --ignore=tests/site
	@$(BIN)/python tests/record_evidence.py .record .record/record.json

record: pytest  ## the comparisons with reference values, as the quality page quotes them; commit and seal it
	@cp .record/record.json tests/reference/record.json

browse: report $(VENV)/.dev  ## open every page in a headless Chromium: links, keyboard, WCAG, phone, paper
	@SAP_SITE="$(CURDIR)/_site" SAP_SITE_RESULTS="$(CURDIR)/results" $(BIN)/pytest -n 0 tests/site

bench: $(VENV)/.runtime  ## measure every command in one sitting, write BENCHMARKS.md (ROUNDS=, REGISTRY=)
	@$(BIN)/python -m benchmarks.bench --rounds $(or $(ROUNDS),5) --registry "$(or $(REGISTRY),$(SIZES))"

example: $(VENV)/.runtime  ## give the studies in examples/ the pages that sap new writes, all but their own first ones
	@new=$$(mktemp -d)/study && $(BIN)/sap new --no-ask --no-render "$$new" >/dev/null && rm "$$new/reports/index.qmd" && \
	  cp -r "$$new/reports/." examples/two_cohorts/reports/ && cp -r "$$new/reports/." examples/two_arms/reports/

mutants: $(VENV)/.mutants  ## change the methods on purpose, count what no test notices (MODULE=, SAMPLE=)
	@$(BIN)/python tests/analysis/methods/surviving_mutants.py --module "$(MODULE)" --sample "$(SAMPLE)"

docs: $(VENV)/.docs  ## the documentation as a site, _docs/index.html; the reference is made from the code
	@NO_MKDOCS_2_WARNING=1 $(VENV)/docs/bin/mkdocs build --quiet --strict
	@echo "Open _docs/index.html"

lock: $(VENV)/.dev  ## refresh the four requirements files from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade --quiet -o requirements.txt
	@$(BIN)/uv pip compile pyproject.toml --group build --group dev --constraint requirements.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade --quiet -o requirements-dev.txt
	@$(BIN)/uv pip compile --group pyproject.toml:mutants --constraint requirements-dev.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade --quiet -o requirements-mutants.txt
	@$(BIN)/uv pip compile --group pyproject.toml:docs --constraint requirements-dev.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade --quiet -o requirements-docs.txt

seal: $(VENV)/.runtime  ## seal plan, data and code afresh in sap.lock, when everything is committed
	@changed=$$(git status --porcelain -- . ':!sap.lock' ':!sap/history') || exit 1; \
	  test -z "$$changed" || { echo "Commit these first, then seal:"; echo "$$changed"; exit 1; }
	@! grep -qsE '"event": "amendment"|"signature":' sap.lock || { echo "sap.lock holds amendments or signatures, which making it afresh would lose. Use: sap lock code --reason \"…\""; exit 1; }
	@rm -rf sap.lock sap/history
	@$(BIN)/sap lock

clean:  ## remove what the commands made, and the environment
	rm -rf $(VENV) _site _docs results mutants .record .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
