# `make` needs python3 3.11 or newer; everything else is installed into .venv, from the locked list.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed

.PHONY: bench bench-small demo fleet releases test fuzz mutate dump-oracle input-fuzz catalogue-fuzz scale secrets cuts lint format docs site build smoke lock clean

demo: $(INSTALLED)
	$(BIN)/schemasync demo

# ARGUMENTS are pytest's: make test ARGUMENTS="-k config".
test: $(INSTALLED)
	$(BIN)/python -m pytest -n auto $(ARGUMENTS)

# 1,000 databases on one server, held against one schema: about 8 GB where the server keeps its data.
fleet: $(INSTALLED)
	SCHEMASYNC_TEST_FLEET=1000 $(BIN)/python -m pytest -s tests/fleet -k large $(ARGUMENTS)

# Schemas of Prisma's, made up and damaged, against Prisma itself; needs Node. SEED is the first round's.
SECONDS ?= 60
SEED ?= 1
fuzz: $(INSTALLED)
	$(BIN)/python tests/prisma_fuzz.py --seconds $(SECONDS) --seed $(SEED)

# Real schemas with one fact changed in one witness: exactly that must be reported. SCHEMASYNC_CORPUS is the schemas' folder.
MUTATIONS ?= 100000
mutate: $(INSTALLED)
	PYTHONPATH=tests $(BIN)/python tests/reliability/one_fault.py --mutations $(MUTATIONS) --seed $(SEED)

# Every change of the list, and random ones, with pg_dump as the judge of what has changed.
dump-oracle: $(INSTALLED)
	SCHEMASYNC_ALL_CHANGES=1 SCHEMASYNC_RANDOM_CHANGES=500 $(BIN)/python -m pytest tests/reliability/test_pg_dump*.py

# Damaged files of every kind that is read, for SECONDS.
input-fuzz: $(INSTALLED)
	PYTHONPATH=.:tests $(BIN)/python tests/reliability/damage.py --seconds $(SECONDS) --seed $(SEED)

# Random names for everything in a database.
catalogue-fuzz: $(INSTALLED)
	SCHEMASYNC_NAMES=1000 $(BIN)/python -m pytest tests/reliability/test_catalogue_contents.py

# Ten thousand tables and five hundred migrations; says how long and how much memory each command takes.
scale: $(INSTALLED)
	SCHEMASYNC_SCALE=10000 $(BIN)/python -m pytest -s tests/reliability/test_scale.py

# Small random releases: every order of each against the one that is found; then every order of every scenario, rehearsed.
releases: $(INSTALLED)
	SCHEMASYNC_RELEASES=20000 $(BIN)/python -m pytest tests/release/test_lattice.py
	SCHEMASYNC_TEST_EVERY_ORDER=1 $(BIN)/python -m pytest tests/release/test_scenarios.py

# All commands with a password that none of them may say.
secrets: $(INSTALLED)
	SCHEMASYNC_ALL_COMMANDS=1 $(BIN)/python -m pytest tests/reliability/test_secrets.py

# A connection cut at every message, and a signal at many moments.
cuts: $(INSTALLED)
	SCHEMASYNC_EVERY_CUT=1 $(BIN)/python -m pytest tests/reliability/test_interruptions.py

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

format: $(INSTALLED)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# The pages and pictures that are made from code.
docs: $(INSTALLED)
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/pictures.py

# The documentation as a site, in build/site; a warning is an error.
site: $(INSTALLED)
	$(BIN)/mkdocs build --strict

build: $(INSTALLED)
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist

# The wheel in a clean virtual environment, away from the sources.
smoke: build
	.ci/smoke dist/*.whl

# Ours, floors and peers side by side. SCHEMASYNC_ORACLE is a folder with the real Prisma; ARGUMENTS="--sizes 10 100".
bench: $(INSTALLED)
	$(BIN)/python -m benchmarks.run $(ARGUMENTS)

# For CI: small, and it never fails; ratios that fell by more than a third are printed.
bench-small: $(INSTALLED)
	$(BIN)/python -m benchmarks.run --small $(ARGUMENTS)

lock:
	PYTHON="$(PYTHON)" .ci/lock

clean:
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(INSTALLED): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
