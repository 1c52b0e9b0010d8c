# make run and make test do all that is needed on a Debian machine with nothing but Swift 6.3 on it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The catalogue and the address of make run.
TERRABYTE_HOME ?= ./terrabyte-home
HOST ?= 127.0.0.1
PORT ?= 8080

# The library's tests, and the server for those that talk to it, come from one debug build.
DEBUG := .build/debug/terrabyte
RELEASE := .build/release/terrabyte
PYTEST := .venv/bin/pytest

.PHONY: help run release test setup setup-test format check build-tests unit interoperability bench docs clean

help: ## Show what there is to make.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: release ## Serve a demo catalogue on http://127.0.0.1:8080/public/api.
	@Scripts/fill-demo $(RELEASE) '$(TERRABYTE_HOME)'
	@exec $(RELEASE) serve --home '$(TERRABYTE_HOME)' --host '$(HOST)' --port '$(PORT)'

test: setup-test check build-tests unit interoperability ## Check format and layers, build, run all tests.

# With Swift's libraries in it, the program runs where no Swift is. The default
# linker warns of a function in Foundation that nobody calls.
release: setup ## Build .build/release/terrabyte and terrapi, to be copied to machines without Swift.
	swift build -c release --product terrabyte --static-swift-stdlib -Xswiftc -use-ld=lld
	swift build -c release --product terrapi --static-swift-stdlib -Xswiftc -use-ld=lld

setup: ## Install what the build needs and is missing.
	@Scripts/setup build

setup-test:
	@Scripts/setup build python
	@Scripts/setup-python
	@Scripts/setup-python Tests/Interoperability/requirements-duckdb-2.txt .venv-duckdb-2

format: ## Format all Swift code.
	swift format --in-place --parallel --recursive $$(Scripts/check-format --list)

check: ## Check the format of the code and the layers of the package.
	Scripts/check-format
	Scripts/check-layers

# Warnings of our own targets are errors (see the manifest), those of dependencies are not shown.
build-tests:
	swift build --build-tests

unit: build-tests ## Run the Swift tests.
	swift test --skip-build

interoperability: setup-test build-tests ## Run the tests with other people's clients.
	TERRABYTE_EXECUTABLE=$(DEBUG) $(PYTEST) Tests/Interoperability

bench: setup ## Run the benchmarks of the catalogue; ARGUMENTS are theirs.
	swift run -c release catalogue-benchmarks $(ARGUMENTS)

docs: ## Build the documentation into site/.
	@Scripts/setup python
	@Scripts/setup-python docs/requirements.txt .venv-docs
	.venv-docs/bin/zensical build --clean --strict

clean: ## Remove everything that was built; the catalogue stays.
	rm -rf .build .venv .venv-docs site
