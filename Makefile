# FréquENT. Two commands: `make demo` (see it) and `make test` (trust it).
.DEFAULT_GOAL := aide
SHELL := /bin/bash
export PATH := $(HOME)/.cargo/bin:$(PATH)
CONSOLE := dashboards
# The identity provider that the tests sign in through.
FOURNISSEUR := tests/fournisseur_identite
NPM := npm --prefix $(CONSOLE) --no-fund --no-audit --loglevel=error

# How many random sequences `make sequences` runs, and from which seed.
N ?= 5000
GRAINE ?= $(shell date +%s)

.PHONY: sequences aide demo test fmt lint bench doc audit console construire essais fuzz

aide: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

demo: construire ## a whole working console, on real schools and simulated traffic
	@target/release/frequent demo

test: ## everything: formats, lints, licences, unit tests, end to end in a browser
	@scripts/prerequis.sh tester
	@scripts/longueur.sh
	@cargo fmt --all --check
	@$(MAKE) --no-print-directory console
	@$(NPM) run check && $(NPM) run lint && $(NPM) test
	@cargo clippy --workspace --all-targets --quiet -- -D warnings
	@cargo deny --log-level error check bans licenses sources
	@$(MAKE) --no-print-directory essais

essais: $(FOURNISSEUR)/node_modules ## the Rust tests alone, end to end included
	@cargo test --workspace --quiet

$(FOURNISSEUR)/node_modules: $(FOURNISSEUR)/package-lock.json
	@npm --prefix $(FOURNISSEUR) --no-fund --no-audit --loglevel=error ci
	@touch $@

sequences: ## N=5000 random sequences of sends, crashes and counts (GRAINE=1 to choose them)
	@echo "$(N) séquences depuis la graine $(GRAINE)"
	@SEQUENCES=$(N) SEQUENCES_KAFKA=$$(( $(N) / 20 )) GRAINE=$(GRAINE) cargo test --quiet --test sequences

construire: console ## the release binary, console inside
	@cargo build --release --quiet

console: $(CONSOLE)/dist/index.html ## the web console's files, that the binary carries

$(CONSOLE)/dist/index.html: $(shell find $(CONSOLE)/src $(CONSOLE)/public $(CONSOLE)/index.html $(CONSOLE)/package-lock.json -type f 2>/dev/null)
	@scripts/prerequis.sh construire
	@echo "Console : installation et construction"
	@$(NPM) ci && $(NPM) run build

fmt: ## format Rust and TypeScript
	@cargo fmt --all
	@$(NPM) run format

lint: ## lints of Rust and TypeScript
	@cargo clippy --workspace --all-targets -- -D warnings
	@$(NPM) run lint

bench: construire ## every benchmark, with medians
	@scripts/mesures.sh

fuzz: ## make up bytes for each reader of strangers' bytes, DUREE=60 seconds each (nightly compiler)
	@scripts/fuzz.sh $(or $(DUREE),60)

audit: ## known vulnerabilities in what we depend on (asks the advisory database on the network)
	@cargo deny check advisories

doc: ## the API documentation of the crates
	@cargo doc --workspace --no-deps
