# Every target says what it does while it does it. `make` alone lists them.
PYTHON ?= python3
BIN    := .venv/bin
READY  := .venv/.ready
TESTS  ?= tests

.DEFAULT_GOAL := help
.PHONY: help demo test lint fix types web bench docs serve lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name what; do printf '  make %-6s %s\n' "$$name" "$$what"; done

demo: web ## watch one program live its whole life (EXIT=1 ends instead of serving)
	@$(BIN)/python scripts/demo.py --home .demo $(if $(EXIT),--exit)

test: lint types web ## all that CI asks for: lint, types, contracts, web app, every test (TESTS=path for some)
	@scripts/step "Web app: lint, types, unit tests" $(BIN)/python scripts/web.py check
	@scripts/step "What the tests need: Chromium, a warm package cache" $(BIN)/python scripts/prepare_tests.py
	@scripts/step "Tests" env UV_OFFLINE=1 $(BIN)/python -m pytest $(TESTS) -q -n 2 --dist loadscope

lint: $(READY) ## style, formatting and import contracts
	@scripts/step "Style" $(BIN)/ruff check .
	@scripts/step "Formatting" $(BIN)/ruff format --check .
	@scripts/step "Import contracts" $(BIN)/lint-imports

fix: $(READY) ## let ruff repair style and formatting, and write the generated pages of docs/
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format . && $(BIN)/python scripts/reference.py

types: $(READY) ## pyright, strict on src
	@scripts/step "Types" $(BIN)/pyright src

web: $(READY) ## build the web app into the package when web/ changed, with Node from a wheel
	@scripts/step "Web app" $(BIN)/python scripts/web.py build

bench: web ## measure every figure we claim, each against its peer
	@$(BIN)/python -m benchmarks

docs: web ## try the commands of the documentation and check its headings
	@scripts/step "Documentation" $(BIN)/python -m pytest tests/docs -q

serve: web ## run the platform of this checkout in .wardian
	@$(BIN)/wardian up --home .wardian

lock: $(READY) ## resolve requirements/*.txt anew from pyproject.toml
	@scripts/lock

clean: ## remove what the other targets made
	rm -rf .venv .demo .wardian dist build web/node_modules web/dist src/wardian/server/static .pytest_cache .ruff_cache

$(READY): requirements/dev.txt pyproject.toml
	@PYTHON=$(PYTHON) scripts/setup .venv
	@touch $@
