# `make app` serves the dashboard, `make test` runs the suite. Both set up .venv first, and again only when the requirements change.

PYTHON ?= $(shell for name in python3.11 python3; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
RUN := .venv/bin/python
# stamps carry a sum of the requirements' content: a fresh clone or another branch must not be fooled by file times
APP_READY := .venv/.app-$(shell cat requirements.txt constraints.txt | cksum | cut -d' ' -f1)
TEST_READY := .venv/.test-$(shell cat requirements.txt constraints.txt requirements-dev.txt | cksum | cut -d' ' -f1)

.PHONY: app test lint soak bench browser coverage

app: $(APP_READY)
	$(RUN) -m streamlit run app.py

# a process for each core (three on two cores took longer); the tests of a file stay
# together, for they share servers and packs; tests/conftest.py says
# which files come first
test: $(TEST_READY) browser
	$(RUN) -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(TEST_READY)
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

soak: $(TEST_READY) browser
	$(RUN) -m pytest -m slow

# lines and branches of the readers that their tests reach
coverage: $(TEST_READY)
	$(RUN) -m coverage run -m pytest -q tests/records
	$(RUN) -m coverage report

bench: $(TEST_READY) browser
	for file in benchmarks/*.py; do $(RUN) -m "benchmarks.$$(basename $$file .py)" || exit 1; done

browser:
	@tests/browser/find_browser

$(APP_READY): $(RUN)
	@echo "Installing the packages of requirements.txt"
	@$(RUN) -m pip install --disable-pip-version-check -c constraints.txt -r requirements.txt
	@rm -f .venv/.app-* && touch $@

$(TEST_READY): $(RUN)
	@$(RUN) -m pip install --quiet --disable-pip-version-check -c constraints.txt -r requirements-dev.txt
	@rm -f .venv/.app-* .venv/.test-* && touch $@ $(APP_READY)

$(RUN):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, then run make again." >&2; exit 1; }
	@echo "Setting up .venv: a few minutes, the first time only"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }
