# Everything a developer does. Set-up happens by itself: each target names the files it needs.
# PYTHON=python3.12 chooses another interpreter for the environment.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := wire device fleet_server provisioning
# Files of tests are spread over the cores; one file stays together, so brokers start once. They are
# dealt out in the order of tests/conftest.py and not by their number of tests: the slowest have few.
SPREAD := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
# Tests of the pure code. Only they are watched for coverage, which makes others twice as slow.
PURE := tests/unit/wire tests/unit/device/core tests/unit/fleet_server/core
CATALOGUES := $(wildcard device/*/*/*/LC_MESSAGES/*.po device/*/*/LC_MESSAGES/*.po fleet_server/*/*/*/LC_MESSAGES/*.po)
export PYTHON
# Whole systems start hundreds of processes: where it is set, each compiles all our sources anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo demo-district test lint fix bench soak lock assets pictures messages clean system-test image image-test image-smoke bundle-test

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---- set-up, by stamp files ----

$(VENV)/.made:
	tools/system-packages demo
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.installed: $(VENV)/.made requirements/development.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/development.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.assets: $(VENV)/.installed hatch_build.py fleet_server/web/package-lock.json $(CATALOGUES)
	$(BIN)/python hatch_build.py
	touch $@

$(VENV)/.checkers: $(VENV)/.installed tools/checkers.py tests/checkers/package-lock.json
	$(BIN)/python -m tools.checkers
	touch $@

# sslyze is released as sources alone: the setuptools that builds it is locked with it.
$(VENV)/tls/.installed: $(VENV)/.installed requirements/tls.txt
	$(PYTHON) -m venv $(VENV)/tls
	$(BIN)/uv pip install --quiet --python $(VENV)/tls --require-hashes -r requirements/tls.txt --build-constraints requirements/tls.txt
	touch $@

system-test:
	tools/system-packages test

# ---- what people call ----

demo: $(VENV)/.assets ## a whole fleet on this machine; SECONDS=30 ends it by itself
	@$(BIN)/hailong-fleet demo $(if $(SECONDS),--seconds $(SECONDS))

demo-district: $(VENV)/.assets ## a quarter of a whole district; built once, REFRESH=1 builds it anew
	@$(BIN)/hailong-fleet demo --district $(if $(SECONDS),--seconds $(SECONDS)) $(if $(REFRESH),--refresh)

test: system-test $(VENV)/.assets $(VENV)/.checkers $(VENV)/tls/.installed ## set up everything and run every test
	tools/browser
ifdef PYTEST_ARGS
	$(BIN)/pytest $(PYTEST_ARGS)
else
	$(BIN)/pytest $(SPREAD) $(PURE) --cov
	$(BIN)/pytest $(SPREAD) $(addprefix --ignore=,$(PURE))
endif

lint: $(VENV)/.assets ## format, rules, types, who may import whom, dependencies
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

fix: $(VENV)/.installed ## format, and mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.assets ## speeds beside the bare parts, as ratios; BENCH=pages one of them, FULL=1 100 million ratings
	tools/system-packages bench
	$(BIN)/python -m tests.bench $(BENCH) $(if $(FULL),--full)

soak: system-test image ## crashes, cuts and restores, the full number of times
	tools/browser
	$(BIN)/pytest --soak -m soak -p no:randomly
	$(BIN)/pytest --soak -m soak -p no:randomly tests/image/test_counter.py

image: $(VENV)/.assets ## the SD card's image in build/image; KEY=pki/update.key signs it, REFRESH=1 takes Debian anew
	tools/system-packages image
	$(BIN)/hailong-provision image build --out build/image $(if $(KEY),--key $(KEY)) $(if $(REFRESH),--refresh)

image-test: system-test image ## start that image under QEMU, against a real server
	tools/browser
	$(BIN)/pytest tests/image -m image -p no:randomly --ignore=tests/image/test_bundle.py $(PYTEST_ARGS)

# What continuous integration has time for: four starts. Twenty cuts: make soak
image-smoke: system-test image ## of that: a blank card becomes a terminal, presses become rows, its power is cut twice
	tools/browser
	$(BIN)/pytest tests/image/test_counter.py -m image -p no:randomly $(PYTEST_ARGS)

bundle-test: system-test $(VENV)/.assets ## make a terminal of a stock system under QEMU, without network
	tools/system-packages image
	$(BIN)/pytest tests/image/test_bundle.py -p no:randomly $(PYTEST_ARGS)

assets: $(VENV)/.assets ## page assets from npm, compiled translations
	$(BIN)/python hatch_build.py

messages: $(VENV)/.installed ## collect the texts to translate into the catalogues
	$(BIN)/python tools/messages.py

pictures: system-test $(VENV)/.assets ## draw the README's pictures anew
	tools/browser
	$(BIN)/python tools/pictures.py
	$(BIN)/python -m tools.wiring

lock: $(VENV)/.installed ## work out the locked requirements anew
	$(call lock,terminal,--extra terminal)
	$(call lock,server,--extra server)
	$(call lock,provisioning,--extra provisioning)
	$(call lock,development,--extra terminal --extra server --extra image --extra dev)
	$(call lock,tls,--extra tls)
	cd fleet_server/web && npm install --package-lock-only
	cd tests/checkers && npm install --package-lock-only

lock = UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile pyproject.toml $(2) \
	--universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --quiet \
	--output-file requirements/$(1).txt $(LOCK_ARGS)

clean: ## take away what was made, the environment too
	rm -rf $(VENV) fleet_server/web/static/vendor build dist .pytest_cache .mypy_cache .ruff_cache
	find $(PACKAGES) -name '*.mo' -delete
