# Everything runs from one virtual environment, .venv, made from the lock files on first use.
# Stamp files inside it record what is installed, so that a second run starts at once, offline.

# The first Python new enough; each candidate is run, as a command on the PATH may not start.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV_VERSION := 0.13.9
UV := build/uv/bin/uv
# --universal: one lock for every platform and every Python from 3.11 on. No index is named in it.
COMPILE = $(UV) pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
.PHONY: help install serve test check format bench openapi lint-openapi sdk docs docs-check lock clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

install: .venv/.project .venv/.dev ## install everything, tools included, without running anything

serve: .venv/.project ## run the API (ARGS="--port 9000" is handed on)
	$(BIN)/lexcompare serve $(ARGS)

test: .venv/.project .venv/.dev ## run the tests (ARGS="-k paging -x" is handed on)
	$(BIN)/python -m pytest $(ARGS)

check: .venv/.project .venv/.dev ## formatting, lint, types, imports, dataset, OpenAPI snapshot and its breaking changes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/lexcompare seed check
	$(BIN)/lexcompare openapi --check
	$(BIN)/python -m docs.breaking

format: .venv/.dev ## format the code and apply the safe fixes
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.project .venv/.dev ## run the benchmarks (ARGS is handed on)
	$(BIN)/python -m bench $(ARGS)

openapi: .venv/.project ## rewrite the snapshot docs/openapi.json
	$(BIN)/lexcompare openapi

lint-openapi: .venv/.project ## lint the OpenAPI document (needs npm; installs below build/sdk)
	$(BIN)/python -m sdk lint

sdk: .venv/.project ## lint the document, then generate, build and test clients (ARGS="java go" chooses)
	$(BIN)/python -m sdk $(ARGS)

docs: .venv/.project ## regenerate what docs holds of the data: questions, matrices, data quality
	$(BIN)/python -m docs.questions
	$(BIN)/python -m docs.matrices
	$(BIN)/python -m docs.data_quality

docs-check: .venv/.project .venv/.dev ## run the snippets of guides and README, and the notebooks (ARGS="--update" stores what they show)
	$(BIN)/python -m docs.snippets $(ARGS)
	$(BIN)/python -m docs.notebook $(ARGS)

lock: $(UV) ## lock the dependencies again (UPGRADE=1: newest releases; needs the network)
	$(COMPILE) --group build --output-file requirements-build.lock
	$(COMPILE) --group sdk --output-file sdk/requirements.lock
	$(COMPILE) pyproject.toml --extra postgres --output-file requirements.lock
	$(COMPILE) pyproject.toml --extra postgres --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## remove the environment, caches and whatever was built
	rm -rf .venv .lexcompare build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis
	find api models seed tests bench sdk -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

.venv/.created:
	@test -n "$(PYTHON)" || { echo "Lexcompare needs Python 3.11 or newer, and none was found: name one with make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Lexcompare needs Python 3.11 or newer, and $(PYTHON) is not: name one with make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Making .venv ..."
	@rm -rf .venv
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "$(PYTHON) could not make a virtual environment (on Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@touch $@

.venv/.runtime: requirements.lock requirements-build.lock .venv/.created
	@echo "Installing the dependencies ..."
	@$(PIP) install --require-hashes -r requirements.lock -r requirements-build.lock
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	@echo "Installing the tools for tests and checks ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.project: pyproject.toml .venv/.runtime
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(UV):
	@test -n "$(PYTHON)" || { echo "make lock needs Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) -m venv build/uv
	@build/uv/bin/python -m pip --disable-pip-version-check --quiet install uv==$(UV_VERSION)
