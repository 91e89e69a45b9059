# The only door: people and CI call the same verbs. `make` lists them.

# Tried in this order for the virtual environment; `make PYTHON=/path/to/python` names one.
PYTHON ?= python3.14 python3.13 python3.12 python3.11 python3
BIN := .venv/bin
STAMP := .venv/.stamp
# What iwscore is compared with has an environment of its own.
PEERS := .venv-peers/bin
PEERS_STAMP := .venv-peers/.stamp
PYTEST := $(BIN)/pytest -p no:benchmark
# The floors whose own tests must take every branch.
GATED := core domain catalog

.DEFAULT_GOAL := help
.PHONY: help demo test fuzz faults check gates lint types floors house cover fmt golden bench bench-log bench-live bench-peers bench-smoke lock wheel clean

help: ## list these verbs
	@while IFS= read -r line; do case "$$line" in [a-z]*:*' ## '*) \
	  printf '  %-11s %s\n' "$${line%%:*}" "$${line##*## }";; esac; done < Makefile

demo: $(STAMP) ## score the built-in example
	@$(BIN)/iwscore demo

test: $(STAMP) ## run every test and every example in a docstring
	$(PYTEST) -n 2

fuzz: $(STAMP) ## ask the service at length: cases that chance makes, and all that could show what is hidden (IWSCORE_FUZZ=200)
	IWSCORE_FUZZ=$(or $(IWSCORE_FUZZ),100) $(PYTEST) -q -s tests/api/test_schemathesis.py tests/api/test_leaks.py

faults: $(STAMP) ## kill, fill, cut and crowd the log at length, on both databases
	IWSCORE_FAULTS=1 $(PYTEST) -q tests/faults

check: gates house ## all that must hold besides `test`

gates: lint types floors cover bench-smoke ## what no test of `test` holds

lint: $(STAMP) ## style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## static types
	$(BIN)/mypy src tests $(wildcard benchmarks)

floors: $(STAMP) ## imports point down
	$(BIN)/lint-imports --no-cache --no-logo

house: $(STAMP) ## sizes, names, docs, duplicates, the wheel
	$(PYTEST) -q tests/house

cover: $(STAMP) ## every branch of core, domain and catalog is taken by its own tests
	$(PYTEST) -q -n 2 $(GATED:%=tests/%) $(GATED:%=src/iwscore/%) \
	  $(GATED:%=--cov=iwscore.%) --cov-branch --cov-fail-under=100

fmt: $(STAMP) ## format the code and mend what can be mended
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

golden: $(STAMP) ## write tests/golden anew; then review the diff
	$(PYTEST) -q --golden tests

bench: $(STAMP) ## measure; OpenBLAS chooses its kernel itself
	unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE; $(BIN)/pytest benchmarks --ignore benchmarks/peers --benchmark-only

bench-log: $(STAMP) ## measure import and export of a large file on both databases (ROWS=200000 for a smaller one)
	$(BIN)/python -m benchmarks.bench_log $(ROWS:%=--rows %)

bench-live: $(STAMP) ## measure from record to answer with many entries in the log, on both databases (ROWS=200000 for fewer)
	$(BIN)/python -m benchmarks.bench_live $(ROWS:%=--rows %)

bench-peers: $(PEERS_STAMP) ## compare with other engines and write docs/performance.md (ROWS=1000000, ONLY=evidence)
	unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE; PYTHONPATH=src $(PEERS)/python -m benchmarks.peers --write \
	  $(ROWS:%=--rows %) $(if $(ONLY),--only $(ONLY))

bench-smoke: $(STAMP) ## hold small answers against other ways to them; no time is judged
	$(BIN)/python -m benchmarks.peers --smoke
	$(BIN)/python -m benchmarks.fused_bands --smoke

lock: $(STAMP) ## resolve both requirements.lock again (LOCKFLAGS=--upgrade for newer releases)
	unset UV_INDEX UV_INDEX_URL UV_DEFAULT_INDEX UV_EXTRA_INDEX_URL UV_FIND_LINKS UV_CONSTRAINT UV_OVERRIDE; \
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-config --no-emit-index-url --no-emit-find-links --no-header --quiet $(LOCKFLAGS) -o requirements.lock; \
	$(BIN)/uv pip compile benchmarks/requirements.in pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --constraint requirements.lock \
	  --no-config --no-emit-index-url --no-emit-find-links --no-header --quiet $(LOCKFLAGS) -o benchmarks/requirements.lock
	@! grep -n '://' requirements.lock benchmarks/requirements.lock

wheel: $(STAMP) ## build the wheel into dist/
	$(BIN)/python -m hatchling build --target wheel

clean: ## remove the environment and everything built
	rm -rf .venv .venv-peers dist build htmlcov .coverage .benchmarks .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(STAMP): requirements.lock pyproject.toml
	@python=; for candidate in $(PYTHON); do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    python="$$candidate"; break; fi; done; \
	if [ -z "$$python" ]; then \
	  echo "iwscore needs Python 3.11 or newer; tried: $(PYTHON)." >&2; \
	  echo "Install one (Debian 12 or newer: apt install python3 python3-venv), or name yours: make PYTHON=/path/to/python" >&2; \
	  exit 1; fi; \
	if ! "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	  echo "$$python cannot make virtual environments: its module venv or ensurepip is missing." >&2; \
	  echo "Install it (Debian: apt install python3-venv), or name another: make PYTHON=/path/to/python" >&2; \
	  exit 1; fi; \
	if ! $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	  echo "Making .venv with $$python" >&2; "$$python" -m venv --clear .venv; fi
	@echo "Installing requirements.lock into .venv (about a minute)" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(PEERS_STAMP): $(STAMP) benchmarks/requirements.lock
	@echo "Installing benchmarks/requirements.lock into .venv-peers (about a minute)" >&2
	@$(BIN)/python -m venv --clear .venv-peers
	@$(PEERS)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock
	@touch $@
