# Every target says what it does while it does it. `make` alone lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
WEBAPP := src/wardian/server/static/index.html
DEMO   := --home .demo $(if $(EXIT),--exit)
TESTS  ?= tests

.DEFAULT_GOAL := help
.PHONY: help demo test lint fix types web bench docs serve lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf '  make %-7s %s\n' "$$name" "$$what"; done

demo: $(READY) $(WEBAPP) ## watch one program live its whole life (EXIT=1 ends instead of serving)
	@$(BIN)/python scripts/demo.py $(DEMO)

test: lint types $(WEBAPP) ## everything CI asks for: lint, types, contracts, web app, all tests (TESTS=path for some)
	@scripts/step "Web app: lint, types, unit tests" $(BIN)/python scripts/web.py check
	@scripts/step "Tools the tests need: Chromium and a warm package cache" $(BIN)/python scripts/prepare_tests.py
	@scripts/step "Tests" env UV_OFFLINE=1 $(BIN)/python -m pytest $(TESTS) -q -n 2 --dist loadscope

lint: $(READY) ## style, formatting and import contracts
	@scripts/step "Style (ruff)" $(BIN)/ruff check .
	@scripts/step "Formatting (ruff format)" $(BIN)/ruff format --check .
	@scripts/step "Import contracts (import-linter)" $(BIN)/lint-imports

fix: $(READY) ## let ruff repair style and formatting
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

types: $(READY) ## pyright, strict on src
	@scripts/step "Types (pyright strict)" $(BIN)/pyright src

web: $(READY) ## build the web app into the package, with Node from a wheel
	@scripts/step "Web app" $(BIN)/python scripts/web.py build --force

bench: $(READY) ## measure every figure we claim, each against its peer
	@$(BIN)/python -m benchmarks

docs: $(READY) $(WEBAPP) ## try every command and check every heading of the documentation
	@scripts/step "Documentation" $(BIN)/python -m pytest tests/docs -q

serve: $(READY) $(WEBAPP) ## run the platform of this checkout in .wardian
	@$(BIN)/wardian up --home .wardian

lock: $(READY) ## resolve requirements/*.txt anew from pyproject.toml
	@scripts/lock

clean: ## remove what the other targets made
	rm -rf $(VENV) .demo .wardian dist build web/node_modules web/dist src/wardian/server/static .pytest_cache .ruff_cache test-results

$(READY): requirements/dev.txt pyproject.toml
	@PYTHON=$(PYTHON) scripts/setup $(VENV)
	@touch $@

$(WEBAPP): | $(READY)
	@scripts/step "Web app, with Node from a wheel" $(BIN)/python scripts/web.py build
