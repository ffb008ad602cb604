# Gongfang. `make run` needs Python 3.11 or newer and nothing else.

PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 2
PEOPLE ?= 300
ONLY ?=
TESTS ?= tests

.PHONY: run demo test drills check format messages baseline bench shots pins clean install install-dev

run: install
	@exec $(BIN)/python manage.py serve

demo: install
	@$(BIN)/python manage.py with_servers demo --people $(PEOPLE)

test: install-dev
	@$(BIN)/python -m pytest -n $(WORKERS) -q -m "not drill" $(TESTS)

drills: install-dev
	@$(BIN)/python -m tests.drills $(ONLY)

check: install-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet templates portal crm
	$(BIN)/python -W ignore manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check_translations

format: install-dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

messages: install-dev
	@$(BIN)/python manage.py collect_messages

bench: install-dev
	@$(BIN)/python -m benchmarks $(ONLY)

baseline: install-dev
	@$(BIN)/python -W ignore manage.py dump_baseline

shots: install-dev
	@$(BIN)/python -m tests.browser.shots

pins:
	@$(PYTHON) deploy/pins.py

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

install:
	@$(PYTHON) deploy/install.py requirements.txt

install-dev:
	@$(PYTHON) deploy/install.py requirements-dev.txt
