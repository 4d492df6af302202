# Every target is a thin call of `python -m analysis <verb>`; .venv is made first where it is needed.
PYTHON ?= python3
RUN = .venv/bin/python -m analysis

# What is given to make reaches the verbs through the environment, as it is: no shell reads it.
GIVEN = AS_OF SCENARIO Q XBRL PAGE PORT
$(foreach name,$(GIVEN),$(eval export REPORT_$(name) = $$(value $(name))))
unexport $(GIVEN)

.DEFAULT_GOAL := book
.PHONY: book test test-all check add-quarter serve export pdf verify bench clean lint lock book-set pdf-set dev-set

book: book-set  ## build the site at _build/html (AS_OF=2024Q4, SCENARIO=bull choose an edition)
	@$(RUN) book

test: dev-set  ## run the whole test suite
	@.venv/bin/python -m pytest -n 2 --dist worksteal

test-all: dev-set  ## run the long sets too: every input raised, every edition and scenario
	@.venv/bin/python -m pytest -n 2 --dist worksteal -m ""

check: book-set  ## validate all data and prose; print every problem
	@$(RUN) check

add-quarter: book-set  ## start the file of the next quarter: Q=2026Q1, XBRL=path fills it from a filing
	@$(RUN) add-quarter

serve: book-set  ## live preview at http://localhost:8000, or PORT=…
	@$(RUN) serve

export: book-set  ## write the workbook with live formulas to _build/html/downloads (AS_OF, SCENARIO as above)
	@$(RUN) export

pdf: pdf-set  ## print the book, or with PAGE=aws one page, to _build/pdf (AS_OF, SCENARIO as above)
	@$(RUN) pdf

verify: book-set  ## build twice, in two places and time zones, and compare (AS_OF, SCENARIO as above)
	@$(RUN) verify

bench: book-set  ## print the benchmark table
	@$(RUN) bench

lint: dev-set  ## style and types of the code, that of the notebooks included
	@$(RUN) lint

LOCK = .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11.5 --generate-hashes \
	--only-binary :all: --no-emit-index-url --no-annotate --custom-compile-command "make lock"

lock: dev-set  ## renew the locks of the three sets of packages, for every Python and platform at once
	@$(LOCK) requirements-dev.in -o requirements-dev.txt
	@$(LOCK) -c requirements-dev.txt requirements-pdf.in -o requirements-pdf.txt
	@$(LOCK) -c requirements-dev.txt requirements.in -o requirements.txt

clean:  ## remove everything that was built
	@$(PYTHON) -m analysis clean

book-set pdf-set dev-set:  # each set of packages holds the one before
	@$(PYTHON) analysis/build/environment.py $(@:-set=)
