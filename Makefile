# What people, hooks and .ci/run call. `make help` lists it.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
INSTALL := $(PY) -m pip install -qq --disable-pip-version-check
export PORT ?= 8000
# Nothing else here may be found in place of the pinned packages.
unexport PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.PHONY: help run test lint bench

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 8

run: $(VENV)/.runtime ## prepares everything and runs the site on http://127.0.0.1:$PORT
	@exec $(PY) manage.py serve

test: lint ## prepares everything, checks the code, runs every test on a real PostgreSQL
	$(PY) -m pytest -n 2 --dist loadfile

lint: $(VENV)/.dev ## style, import directions, migrations
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	$(PY) manage.py makemigrations --check --dry-run

bench: $(VENV)/.dev ## measures what the performance goals speak of
	$(PY) -m benchmarks

# Only when the pins changed. A folder that is no working environment (half made, or of a Python that is gone) is made anew.
$(VENV)/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "tellerdesk needs Python 3.11 or newer (make PYTHON=…)")'
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing the pinned packages into $(VENV)"
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing the pinned packages for tests into $(VENV)"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@
