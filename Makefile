# The words that people and CI both type. Everything stands on `setup`, which is idempotent.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

# Kernels have no annotations: Numba takes their types from the launch.
TYPED := $(filter-out %_cuda/, $(wildcard solutions/*/))

.PHONY: help setup system check test demo desk panel images bench gpu prove stale starter clean

help:            ## what each word does
	@grep -E '^[a-z]+: .*##|^[a-z]+:  +##' $(MAKEFILE_LIST) | sed 's/:[^#]*## /\t/' | expand -t 12

$(STAMP): pyproject.toml autograder/__init__.py labs/requirements.txt $(wildcard labkit/panel/labextension/*.json)
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make setup PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[dev]' --constraint labs/requirements.txt
	@touch $@

system:          ## system packages: bubblewrap; Chromium, g++, PostgreSQL for tests; where it is allowed
	@infra/system/install.sh

setup: $(STAMP)  ## .venv with all that the command line and the tests need

check: setup     ## format, lint, types, floors, generated files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/clang-format --dry-run --Werror $$(git ls-files "labkit/npu/*.h" "labkit/npu/*.cpp")
	$(BIN)/mypy
	@for lab in $(TYPED); do MYPYPATH=$$lab:. $(BIN)/mypy --strict --explicit-package-bases $$lab || exit; done
	$(BIN)/lint-imports
	$(BIN)/autograder lab build --check

test: setup system  ## the whole test suite; what needs containers is skipped where there are none
	$(BIN)/python -m pytest -n 2 tests/unit
	$(BIN)/python -m pytest tests/labs tests/submissions tests/e2e
	$(BIN)/python -m pytest tests/engine tests/images tests/ci
	$(BIN)/python -m pytest tests/attacks --sandbox namespace,docker,user

demo: setup      ## grade sample submissions of Lab 1, and show the report
	@infra/demo/run.sh

desk: setup      ## the labs as a student gets them, in desk/, in JupyterLab
	@infra/desk/run.sh

panel: setup     ## build the JupyterLab panel from infra/panel; needs Node
	@infra/panel/build.sh

images: setup    ## container images, see docker/; IMAGES="runner-cuda" for others
	@docker/build.sh

bench: setup     ## every figure, as ratios or seconds of one run
	$(BIN)/python -m tests.bench

gpu: setup       ## compare the virtual GPU with a real one; needs a GPU and numba-cuda
	$(BIN)/python -m tests.hardware

prove: setup     ## prove every lab, and write labs/proofs.toml
	$(BIN)/autograder lab verify --record

stale: setup     ## verify labs whose digest differs from the ledger, labs/proofs.toml
	$(BIN)/autograder lab verify --stale

starter: setup   ## write starter/ anew from solutions/ and labs/
	$(BIN)/autograder lab build

clean:           ## remove what the other words made
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
