# make run and make test do all that is needed on a Debian machine with nothing but Swift 6.3 on it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The catalogue and the address of make run.
TERRABYTE_HOME ?= ./terrabyte-home
# sqlite, in that directory; or postgresql, in a scratch server that is gone with ours.
DATABASE ?= sqlite
HOST ?= 127.0.0.1
PORT ?= 8080

# One debug build serves all tests; the benchmarks are built as the release is.
RELEASE := .build/release/terrabyte

.PHONY: help run server release test test-long setup format check unit interoperability bench docs clean

help: ## Show what there is to make.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: server ## Serve a demo catalogue on http://127.0.0.1:8080/public/api; DATABASE=postgresql: with PostgreSQL.
	@DATABASE='$(DATABASE)' Scripts/run-demo $(RELEASE) '$(TERRABYTE_HOME)' --host '$(HOST)' --port '$(PORT)'

test: ## Check format and layers, build, run all tests; then say how long it took and what was skipped.
	@Scripts/test setup check build unit interoperability

test-long: ## The same with ten times as many random cases, kills and Items.
	@TERRABYTE_TEST_FACTOR=$${TERRABYTE_TEST_FACTOR:-10} Scripts/test setup check build unit interoperability

# With Swift's libraries in it, the program runs where no Swift is. The default
# linker warns of a function in Foundation that nobody calls.
RELEASE_FLAGS := -c release --static-swift-stdlib -Xswiftc -use-ld=lld

server: setup ## Build .build/release/terrabyte, to be copied to machines without Swift.
	swift build $(RELEASE_FLAGS) --product terrabyte

release: server ## Build .build/release/terrapi beside it, too.
	swift build $(RELEASE_FLAGS) --product terrapi

setup: ## Install what the build needs and is missing.
	@Scripts/setup build

format: ## Format all Swift code.
	swift format --in-place --parallel --recursive $$(Scripts/check-format --list)

check: ## Check the format of the code and the layers of the package.
	@Scripts/test check

unit: ## Run the Swift tests.
	@Scripts/test build unit

interoperability: ## Run the tests with other people's clients.
	@Scripts/test setup build interoperability

bench: setup ## Build the benchmarks and run those of the catalogue; ARGUMENTS are theirs.
	@for name in generate-items search-load; do swift build $(RELEASE_FLAGS) --product $$name; done
	swift run $(RELEASE_FLAGS) catalogue-benchmarks $(ARGUMENTS)

docs: ## Build the documentation into site/.
	@Scripts/setup python
	@Scripts/setup-python docs/requirements.txt .venv-docs
	.venv-docs/bin/zensical build --clean --strict

clean: ## Remove everything that was built; the catalogue stays.
	rm -rf .build .venv .venv-duckdb-2 .venv-docs site
