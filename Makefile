# The commands of Causeway. `make help` lists them; the README explains them.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet install --require-hashes

.PHONY: help install run fresh test lint bench lock messages screenshots
.DEFAULT_GOAL := help

help: ## list these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	@bash tools/make_environment.sh "$(PYTHON)"

.venv/run.ok: requirements/demo.txt | $(BIN)/python
	@echo "Installing what the service needs (half a minute or two) ..."
	@$(PIP) -r requirements/demo.txt && touch $@

.venv/test.ok: requirements/test.txt tools/install_browser.sh | .venv/run.ok
	@echo "Installing what the tests need ..."
	@$(PIP) -r requirements/test.txt
	@bash tools/install_browser.sh $(BIN)
	@touch $@

# Only the compiled catalogues are made here; the sources are kept in git.
translations/.compiled: $(wildcard translations/*/LC_MESSAGES/messages.po) | .venv/run.ok
	@$(BIN)/python tools/compile_messages.py && touch $@

install: .venv/run.ok translations/.compiled ## make the environment in .venv, nothing else

run: install ## start everything with the demonstration data; Ctrl-C stops it
	@$(BIN)/python -m tools.run

fresh: install ## throw the demonstration data away, and run
	@$(BIN)/python -m tools.run --fresh

lint: .venv/test.ok ## formatting, common mistakes, types, who imports whom, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint webapp/templates --lint --quiet

# Two processes with one thread each: threads that wait for one another's core cost more than they bring.
test: .venv/test.ok translations/.compiled lint ## everything that decides whether a change is good
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2

bench: .venv/test.ok ## ratios against named baselines, side by side
	$(BIN)/python -m benchmarks

screenshots: .venv/test.ok translations/.compiled ## draw the pictures of the documentation, and every page into var/screenshots
	$(BIN)/python -m tools.screenshots
	$(BIN)/python -m tools.gallery

messages: .venv/test.ok ## collect the texts again and bring every language up to date
	$(BIN)/pybabel -q extract -F babel.cfg -k _l -k N_ --no-location --sort-output --no-wrap \
		--project Causeway --copyright-holder "The Causeway authors" -o translations/messages.pot .
	$(BIN)/pybabel -q update -i translations/messages.pot -d translations --no-wrap --no-fuzzy-matching --ignore-obsolete

LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml
lock: ## resolve the dependencies again (needs uv on the path)
	$(LOCK) --upgrade -o requirements/run.txt
	$(LOCK) --group demo -c requirements/run.txt -o requirements/demo.txt
	$(LOCK) --group demo --group test -c requirements/run.txt -o requirements/test.txt
