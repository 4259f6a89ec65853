# Everything a person or CI does here, one word each. `make` alone lists them.

PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
UV := UV_PYTHON_DOWNLOADS=never $(BIN)/uv
TESTS ?=
# One more than there are cores: tests wait for Postgres, sandboxes and each other.
WORKERS ?= $(shell expr $$(nproc) + 1)
OPERATIONS ?= 10000
SEED ?= 20
BENCH ?= api safety execution promote compare evil_trees runtimes key_timing
CHROMIUM ?= /usr/bin/chromium
REDIS ?= /usr/bin/redis-server
TEST_PACKAGES := tests/identity_provider tests/protocol_clients
BENCH_PACKAGES := $(if $(filter api,$(BENCH)),$(if $(shell which npm),bench/peers))

.DEFAULT_GOAL := help
.PHONY: help setup dashboard run test whole check format e2e wheel screenshots faults matrix bench lock schema clean

help: ## list these commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: $(VENV)/.synced dashboard ## everything a clone needs: virtual environment, locked packages, front-end build

$(VENV)/.synced: requirements.lock requirements-dev.lock pyproject.toml
	@test -x $(BIN)/python || python3 -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.lock
	PINMARK_SKIP_DASHBOARD=1 $(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

dashboard: $(VENV)/.synced ## build the dashboard, GraphiQL and the page of the REST API (needs node; skipped with a word without it)
	@$(BIN)/python -m pinmark.static_build

run: setup ## set up, then serve with the sample app on http://127.0.0.1:8000; PORT=9000 takes another
	$(BIN)/pinmark serve --demo --port $(PORT)

test: setup $(TEST_PACKAGES:%=%/node_modules/.package-lock.json) $(REDIS) ## set up, then every test that needs no browser and is soon over; TESTS=path narrows it
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal $(TESTS)

%/node_modules/.package-lock.json: %/package-lock.json
	@npm ci --prefix $* --no-audit --no-fund --loglevel=error
	@touch $@

whole: setup $(TEST_PACKAGES:%=%/node_modules/.package-lock.json) $(REDIS) ## set up, then every test that needs no browser, those that take long too
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal -m "not browser" $(TESTS)

e2e: setup $(CHROMIUM) ## set up, then the tests in a real browser, the dashboard's against the installed wheel
	CHROMIUM=$(CHROMIUM) $(BIN)/python -m pytest -m browser $(TESTS)

wheel: setup ## build the wheel into dist/ and open it: the dashboard and GraphiQL have to be inside
	rm -rf dist
	$(BIN)/python -m hatchling build --target wheel --directory dist
	$(BIN)/python -m tests.support.wheels dist/*.whl

screenshots: setup $(CHROMIUM) ## a picture of every screen, light and dark, into dashboard/screenshots
	CHROMIUM=$(CHROMIUM) $(BIN)/python -m tests.e2e.dashboard

$(CHROMIUM):
	apt-get update --quiet && apt-get install --yes --quiet --no-install-recommends chromium

$(REDIS):
	apt-get update --quiet && apt-get install --yes --quiet --no-install-recommends redis-server

faults: setup $(REDIS) ## 10,000 operations and 100 kills, with figures; OPERATIONS=1000 does less, SEED=n another
	PINMARK_FAULT_OPERATIONS=$(OPERATIONS) PINMARK_FAULT_ROUNDS=$$(expr $(OPERATIONS) / 100) PINMARK_FAULT_SEED=$(SEED) \
		$(BIN)/python -m pytest -m "not browser" $(or $(TESTS),tests/faults)

matrix: setup ## the whole access matrix: every role and scope of a key against everything there is
	$(BIN)/python -m tests.support.access
	PINMARK_WHOLE_MATRIX=1 $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal tests/api/test_access_matrix.py

bench: setup $(BENCH_PACKAGES:%=%/node_modules/.package-lock.json) ## reads beside a raw handler and other servers, what safety costs, promote 1,000 files, compare 10,000, evil commits, calls over a promotion; BENCH=name runs one, BENCH=subscriptions opens 5,000 of them
	for name in $(BENCH); do $(BIN)/python -m bench.$$name || exit 1; done

check: $(VENV)/.synced ## format, lint, types, import rules, schema, documents; the dashboard's types and tests where it was built
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/pinmark schema --check
	$(BIN)/python -m pytest --quiet tests/unit/test_documents.py
	@if test -d dashboard/node_modules; then npm --prefix dashboard run --silent check && npm --prefix dashboard test; \
	else echo "The dashboard was not built here, and is not checked."; fi

format: $(VENV)/.synced ## rewrite the code in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: $(VENV)/.synced ## write schema.graphql from the code
	$(BIN)/pinmark schema > schema.graphql.new && mv schema.graphql.new schema.graphql

lock: ## resolve the dependencies again and pin them by hash
	@test -x $(BIN)/uv || { python3 -m venv $(VENV) && $(BIN)/python -m pip install --quiet uv; }
	$(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate pyproject.toml -o requirements.lock
	$(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate --all-extras -c requirements-dev.lock pyproject.toml -o requirements-image.lock

clean: ## remove the virtual environment and what was built
	rm -rf $(VENV) dashboard/node_modules $(TEST_PACKAGES:%=%/node_modules) bench/peers/node_modules pinmark/static
