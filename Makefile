# Every target is a thin call of `python -m analysis <verb>`; .venv is made first where it is needed.
PYTHON ?= python3
RUN = .venv/bin/python -m analysis
TEST = .venv/bin/python -m pytest -n 3 --dist loadgroup  # one more than two cores: a browser's tests wait a lot

# What is given to make reaches the verbs through the environment, as it is: no shell reads it.
GIVEN = AS_OF SCENARIO Q XBRL PAGE PORT EXECUTOR A B
$(foreach name,$(GIVEN),$(eval export REPORT_$(name) = $$(value $(name))))
unexport $(GIVEN)

.DEFAULT_GOAL := book
SETS = book-set cluster-set pdf-set dev-set lab-set
.PHONY: help book editions test test-quick test-pages test-all check add-quarter publish-edition diff schemas serve lab export pdf verify bench score clean lint lock $(SETS)

help:  ## print what each target does
	@sed -n 's/^\([a-z-]*\):[^#]*##  *\(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 17

book: book-set  ## build the site at _build/html (AS_OF=2024Q4, SCENARIO=bull choose an edition)
	@$(RUN) book

# With EXECUTOR=dask://HOST:PORT the workers of a Dask cluster build the books.
editions: $(if $(value EXECUTOR),cluster,book)-set  ## build every edition as one site at _build/editions/html, on all cores or EXECUTOR=…
	@$(RUN) editions

test: dev-set  ## run the tests, each behaviour once
	@$(TEST)

test-quick: dev-set  ## run what neither builds a book nor drives a browser
	@$(TEST) -m "not (long or book or browser)"

test-pages: dev-set  ## run what `make test` shows on a few pages on all others, as CI and publish-edition do
	@$(TEST) -m "pages and not long"

test-all: dev-set  ## run the long sets too: every input raised, more editions, builds that are killed or damaged
	@$(TEST) -m ""

check: book-set  ## validate all data and prose; print every problem
	@$(RUN) check

publish-edition: dev-set  ## keep the latest edition as published, once check, book and tests are clean
	@$(RUN) publish-edition

diff: book-set  ## print every number that two editions publish otherwise: the latest two, or A=2025Q3 B=2025Q4
	@$(RUN) diff

add-quarter: book-set  ## start the file of the next quarter: Q=2025Q4, XBRL=path fills it from a filing
	@$(RUN) add-quarter

serve: book-set  ## live preview at http://localhost:8000, or PORT=…
	@$(RUN) serve

lab: lab-set  ## open the pages as notebooks in JupyterLab
	@.venv/bin/jupytext-config --settings-file $(LAB_SETTINGS) set-default-viewer markdown
	@.venv/bin/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/book/index.md

LAB_SETTINGS = .venv/etc/jupyter/labconfig/default_setting_overrides.json  # of this environment, not the user's own

schemas: book-set  ## write the JSON Schemas of the data files
	@$(RUN) schemas

export: book-set  ## write the workbook with live formulas to _build/html/downloads (AS_OF, SCENARIO as above)
	@$(RUN) export

pdf: pdf-set  ## print the book, or with PAGE=aws one page, to _build/pdf (AS_OF, SCENARIO as above)
	@$(RUN) pdf

verify: book-set  ## build twice, in two places and time zones, and compare (AS_OF, SCENARIO as above)
	@$(RUN) verify

bench: book-set  ## print the benchmark table
	@$(RUN) bench

score: book-set  ## print how past forecasts and odds did against what was asked (AS_OF as above)
	@$(RUN) score

lint: dev-set  ## style and types of the code, that of the notebooks included
	@$(RUN) lint

LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11.5 --generate-hashes \
	--only-binary :all: --no-emit-index-url --no-annotate --custom-compile-command "make lock" pyproject.toml

lock: dev-set  ## renew the locks of the five sets of packages, for every Python and platform at once
	@$(LOCK) --upgrade --group lab -o requirements-lab.txt
	@for set in dev pdf cluster; do $(LOCK) -c requirements-lab.txt --upgrade --group $$set -o requirements-$$set.txt || exit 1; done
	@$(LOCK) -c requirements-lab.txt --upgrade --group book -o requirements.txt

clean:  ## remove everything that was built
	@$(PYTHON) -m analysis clean

# The environment there is looks at itself, which is sooner done, unless PYTHON asks for another.
ITSELF = $(if $(filter file,$(origin PYTHON)),$(wildcard .venv/bin/python))
$(SETS):  # each set of packages holds the one before
	@$(if $(ITSELF),$(ITSELF) -IS analysis/build/environment.py --holds $(@:-set=) 2>/dev/null ||) \
	$(PYTHON) analysis/build/environment.py $(@:-set=)
