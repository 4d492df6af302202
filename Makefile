# Every target is a thin call of `python -m analysis <verb>`; .venv is made first where it is needed.
PYTHON ?= python3
PORT ?= 8000
RUN = .venv/bin/python -m analysis
EDITION = $(if $(AS_OF),--as-of $(AS_OF)) $(if $(SCENARIO),--scenario $(SCENARIO))

.DEFAULT_GOAL := book
.PHONY: book test test-all check add-quarter serve export pdf bench clean lint environment

book: environment  ## build the site at _build/html (AS_OF=2024Q4, SCENARIO=bull choose an edition)
	@$(RUN) book $(EDITION)

test: environment  ## run the whole test suite
	@.venv/bin/python -m pytest -n 2 --dist worksteal

test-all: environment  ## run the long sets too: every input raised, every edition and scenario
	@.venv/bin/python -m pytest -n 2 --dist worksteal -m ""

check: environment  ## validate all data and prose; print every problem
	@$(RUN) check

add-quarter: environment  ## start the file of the next quarter: Q=2026Q1, XBRL=path fills it from a filing
	@$(RUN) add-quarter $(Q) $(if $(XBRL),--xbrl $(XBRL))

serve: environment  ## live preview at http://localhost:$(PORT)
	@$(RUN) serve $(EDITION) --port $(PORT)

export: environment  ## write the workbook with live formulas to _build/html/downloads (AS_OF, SCENARIO as above)
	@$(RUN) export $(EDITION)

pdf: environment  ## print the book, or with PAGE=aws one page, to _build/pdf (AS_OF, SCENARIO as above)
	@$(RUN) pdf $(PAGE) $(EDITION)

bench: environment  ## print the benchmark table
	@$(RUN) bench

lint: environment  ## style and types of the code, that of the notebooks included
	@$(RUN) lint

clean:  ## remove everything that was built
	@$(PYTHON) -m analysis clean

environment:
	@$(PYTHON) analysis/build/environment.py
