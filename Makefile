# Verbs of daily work; every one of them begins with what `make setup` makes.
SHELL := /bin/bash
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
N ?= 200
BENCH ?= all

.PHONY: help setup run test check fix messages catalogue screenshots bench fuzz kill wheel licenses lock audit clean

help:            ## this list
	@sed -n 's/^\([a-z]*\): *[a-z]* *## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

setup:           ## .venv with the locked packages, the front end, the messages
	@tools/setup.sh

run: setup       ## the product with the demo company, on the home folder ~/.akrab (or AKRAB_HOME)
	@exec $(BIN)/akrab up --demo --host $(HOST) --port $(PORT)

test: setup      ## the whole suite; ARGS go to pytest
	@tools/chromium.sh
	$(BIN)/pytest -n $${AKRAB_TEST_WORKERS:-2} --dist loadgroup $(ARGS)

check: setup     ## format, lint, types, imports, templates, messages, catalogs, licenses
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy akrab tests tools
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/djade --target-version 5.2 --check $$(git ls-files 'akrab/**/templates/**/*.html')
	$(BIN)/python -m tools.messages check
	$(BIN)/python -m tools.catalogue check
	$(BIN)/python -m tools.licenses

fix: setup       ## format, and repair what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	-$(BIN)/djade --target-version 5.2 $$(git ls-files 'akrab/**/templates/**/*.html')

messages: setup  ## gather texts for translation and compile them
	$(BIN)/python -m tools.messages update
	$(BIN)/python -m tools.messages compile
	$(BIN)/python -m tools.messages missing

catalogue: setup ## write the catalogs of facts, metrics, settings and commands in docs/
	$(BIN)/python -m tools.catalogue

screenshots: setup ## pictures for the README, from the demo company
	@tools/chromium.sh
	$(BIN)/python -m tools.screenshots

bench: setup     ## measure; BENCH=name for one of them
	$(BIN)/akrab bench $(BENCH)

fuzz: setup      ## thousands of made-up requests to the API; its tool has a .venv-fuzz of its own
	@test -x .venv-fuzz/bin/schemathesis || { $(BIN)/python -m venv .venv-fuzz && .venv-fuzz/bin/pip install --quiet --require-hashes -r requirements-fuzz.lock; }
	$(BIN)/python -m tools.fuzz $(ARGS)

kill: setup      ## kill processes N times during an import and compare the state
	$(BIN)/python -m tests.kill.harness --kills $(N)

wheel: setup     ## dist/akrab-*.whl, with built assets and messages; installing it needs no Node
	rm -rf dist
	$(BIN)/hatchling build -t wheel

licenses: setup  ## every dependency's license; fails on one that does not go with Apache-2.0
	$(BIN)/python -m tools.licenses --list

lock: setup      ## pin every package again, with hashes and without the name of a package host
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 pyproject.toml --extra spark -o requirements.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 pyproject.toml --extra spark --group dev -o requirements-dev.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 --group fuzz -o requirements-fuzz.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 --group node -o requirements-node.lock

audit: setup     ## known security problems of the locked packages (asks a service on the internet)
	$(BIN)/pip-audit --require-hashes -r requirements.lock

clean:           ## remove what setup and tests made, not the home folder
	rm -rf .venv .venv-fuzz .cache dist build akrab/static/built frontend/node_modules
