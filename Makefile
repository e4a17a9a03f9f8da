# Every target sets itself up: `make run` and `make test` work on a fresh checkout.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SEEDS ?= seeds
CLEAN ?= clean

.PHONY: run flow serve test lint unit fuzz test-slow golden docs bench clean-venv

# Clean the sample articles and show what was removed and why.
run: $(READY)
	@$(BIN)/copydesk preview $(SEEDS)
	@$(BIN)/copydesk clean $(SEEDS) -o $(CLEAN) -q
	@echo "The articles are in $(CLEAN)/. The same as a Prefect flow: make flow"

# The same work as a Prefect flow, once.
flow: $(READY)
	@$(BIN)/python -m flows $(SEEDS) -o $(CLEAN)

# The same by the clock, until stopped; needs a Prefect server (docs/flows.md).
CRON ?= 0 * * * *
serve: $(READY)
	@$(BIN)/python -m flows serve $(SEEDS) -o $(CLEAN) --cron "$(CRON)"

test: lint unit

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(READY)
	$(BIN)/pytest -n auto --dist loadgroup

# The laws on 100,000 inputs, other ones every day, and input of the size of real trouble: for the night.
SEED ?= $(shell date +%Y-%m-%d)
fuzz: $(READY)
	@echo "SEED=$(SEED)"
	$(BIN)/pytest -n auto --nightly --fuzz-seed $(SEED) -m "fuzz or slow" -rfEP -q --no-header tests/test_laws.py tests/test_hostile.py

# What takes minutes: a real server with a schedule, killed processes, Dask and Ray on this machine, a store.
test-slow: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dask,ray,parquet,remote,slow]"
	$(BIN)/pytest -q -rs tests/test_shards.py -k parquet
	$(BIN)/pytest -m slow -rs --durations 0 tests/test_objects.py tests/test_slow_flow.py

# Rewrite the golden outputs; read the diff like code before committing it.
golden: $(READY)
	$(BIN)/python -m tests.golden

# Write the list of all rules.
docs: $(READY)
	$(BIN)/copydesk rules list --markdown > docs/rules.md

# Ratios to the floor, then quality where the labelled texts are at hand.
bench: $(READY)
	$(BIN)/python benchmarks/speed.py

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[flows,dev]"
	@touch $(READY)

clean-venv:
	rm -rf $(VENV)
