# make run      set up whatever is missing and start everything
# make setup    the set-up alone
# make test     the test suite          make check   format, lint, types, layers, content
# make bench    measure beside a stock Rasa server    make nightly  the tests marked nightly too
# make nlu-report   how well the model understands, into nlu/REPORT.md (TABLE=file.tsv: on real questions too)

PYTHON ?= $(shell command -v python3.13 >/dev/null && python3.13 -V >/dev/null 2>&1 && echo python3.13 || \
  (command -v python3.12 >/dev/null && python3.12 -V >/dev/null 2>&1 && echo python3.12) || \
  (command -v python3.11 >/dev/null && python3.11 -V >/dev/null 2>&1 && echo python3.11) || echo python3)
UV := $(shell (cd nlu && uv --version) >/dev/null 2>&1 && command -v uv || echo $(CURDIR)/.tools/bin/uv)
UV_VERSION := 0.13.9
BIN := .venv/bin

.PHONY: run setup test check bench nightly nlu-report format lock clean
.DEFAULT_GOAL := run

# `motcua run` trains and migrates by itself, and answers meanwhile.
run: .venv/.synced nlu/.venv/.synced
	@exec $(BIN)/motcua run

setup: .venv/.synced nlu/.venv/.synced
	@$(BIN)/motcua train
	@$(BIN)/motcua migrate

$(CURDIR)/.tools/bin/uv:
	@echo "• Lấy uv vào .tools/ …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần Python 3.11 trở lên."; exit 1; }
	@$(PYTHON) -m venv .tools
	@.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.synced: requirements.lock pyproject.toml | $(UV)
	@echo "• Cài các gói của trợ lý vào .venv/ …"
	@[ -x $(BIN)/python ] || $(UV) venv --quiet --python "$$(cat .python-version)" .venv
	@$(UV) pip sync --require-hashes --compile-bytecode requirements.lock
	@$(UV) pip install --quiet --no-deps --editable .
	@touch $@

nlu/.venv/.synced: nlu/requirements.lock | $(UV)
	@echo "• Cài Rasa vào nlu/.venv/ (khoảng 0,4 GB, một hai phút) …"
	@cd nlu && { [ -x .venv/bin/python ] || $(UV) venv --quiet .venv; }
	@cd nlu && $(UV) pip sync --require-hashes requirements.lock
	@touch $@

test: setup
	@$(BIN)/python -m pytest -n 2 -m "not nightly"
	@cd nlu && .venv/bin/python validate.py && .venv/bin/python -m pytest

nightly: setup
	@$(BIN)/python -m pytest -n 2

check: .venv/.synced
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/motcua check

nlu-report: nlu/.venv/.synced
	@cd nlu && .venv/bin/python -m evaluation.report $(if $(TABLE),--table $(abspath $(TABLE)))

format:
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: setup
	@$(BIN)/python -m bench search
	@$(BIN)/python -m bench

# Locks name no host and are understood by pip too.
lock: | $(UV)
	$(UV) pip compile pyproject.toml --group dev --universal --generate-hashes --no-header -o requirements.lock
	cd nlu && $(UV) pip compile pyproject.toml --group dev --universal --generate-hashes --no-header -o requirements.lock

clean:
	rm -rf .venv nlu/.venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis
