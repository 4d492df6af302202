"""Checks of Amazon's quarters: one file each, none missing between them, and sums that hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from analysis.data import quarters
from analysis.data.amazon import QUARTERS_FOLDER, QuarterFile, load_quarter, quarter_labels
from analysis.data.check_sizes import check_quarter_sizes
from analysis.data.crossfoot import Difference, across_quarters, check_earnings_per_share, within_statements
from analysis.data.fields import Field
from analysis.data.known_differences import load_known, report_differences
from analysis.data.problems import Problem
from analysis.data.reads import shown
from analysis.data.splits import load_splits
from analysis.data.xbrl import load_company
from analysis.data.yaml_files import read_yaml

_FILER = re.compile(r"(?:CIK=|/edgar/data/)0*(\d+)")

# A part of total assets, or a count that includes another: the first may not exceed the second.
_NOT_MORE = (
    ("balance.cash_and_equivalents", "balance.total_assets"),
    ("balance.marketable_securities", "balance.total_assets"),
    ("balance.long_term_lease_liabilities", "balance.total_assets"),
    ("balance.long_term_debt", "balance.total_assets"),
    ("balance.stockholders_equity", "balance.total_assets"),
    ("balance.shares_outstanding", "balance.common_shares_and_stock_awards"),
)


def check_amazon(root: Path, fields: Mapping[str, Field], problems: list[Problem]) -> dict[str, QuarterFile]:
    """Every quarter that could be read, after reporting all that is wrong with any of them."""
    labels = quarter_labels(root)
    loaded = (load_quarter(root, label, fields, problems) for label in labels)
    files = {file.quarter: file for file in loaded if file is not None}
    _report_strays(root, labels, problems)
    _report_gaps(root, labels, problems)
    company = load_company(root, [])
    for file in files.values():
        _report_order(file, problems)
        _report_document(file, company, problems)
    check_quarter_sizes(files, fields, load_splits(root, []), problems)
    report_differences(_differences(files, fields), load_known(root, problems), problems)
    return files


def _differences(files: Mapping[str, QuarterFile], fields: Mapping[str, Field]) -> Iterator[Difference]:
    for file in files.values():
        yield from within_statements(file, files.get(quarters.add(file.quarter, -4)))
        yield from check_earnings_per_share(file)
    yield from across_quarters(files, fields)


def _report_strays(root: Path, labels: list[str], problems: list[Problem]) -> None:
    """Files that are not named by their quarter, and the quarters that they give a second time."""
    for path in sorted((root / QUARTERS_FOLDER).glob("*")):
        name = shown(root, f"{QUARTERS_FOLDER}/{path.name}")
        if path.suffix == ".yml" and path.stem in labels:
            continue
        problems.append(Problem(name, "(file)", "is not named by its quarter", "a name such as 2025Q4.yml"))
        given = (read_yaml(root, f"{QUARTERS_FOLDER}/{path.name}", problems) or {}).get("quarter")
        if given in labels:
            wrong = f"{given} is given twice, here and in {given}.yml"
            problems.append(Problem(name, "quarter", wrong, "one file for each quarter"))


def _report_gaps(root: Path, labels: list[str], problems: list[Problem]) -> None:
    if not labels:
        folder = shown(root, QUARTERS_FOLDER)
        problems.append(Problem(folder, "(folder)", "has no quarter", "a file for each reported quarter"))
    for before, after in pairwise(labels):
        for missing in quarters.span(quarters.add(before, 1), quarters.add(after, -1)):
            name = shown(root, f"{QUARTERS_FOLDER}/{missing}.yml")
            wrong = f"is missing between {before} and {after}"
            problems.append(Problem(name, "(file)", wrong, "a file for every quarter from first to last"))


def _report_document(file: QuarterFile, company: str | None, problems: list[Problem]) -> None:
    """Report a document of another quarter by its name, or company by its address, and one published late."""
    year, number = quarters.split(file.quarter)
    named = re.search(rf"\b({'|'.join(quarters.ORDINALS)}) quarter of (\d{{4}})\b", file.document)
    if named is None or (quarters.ORDINALS.index(named[1]) + 1, int(named[2])) != (number, year):
        wrong = f"{file.document!r} does not name the {quarters.ORDINALS[number - 1]} quarter of {year}"
        problems.append(Problem(file.path, "document", wrong, "the document of this quarter's results"))
    for url in {printed.source.url for printed in file.printed.values()}:
        filer = _FILER.search(url or "")
        if company is not None and filer is not None and int(filer[1]) != int(company):
            wrong = f"{url} is of the company {filer[1]}"
            problems.append(Problem(file.path, "url", wrong, f"an address of {company}"))
    latest = quarters.period_end(quarters.add(file.quarter, 1))
    if file.published >= latest:
        wrong = f"{file.published} is in a later quarter's time"
        problems.append(
            Problem(file.path, "published", wrong, f"a day before {latest}, when the next quarter ends")
        )


def _report_order(file: QuarterFile, problems: list[Problem]) -> None:
    for part, whole in _NOT_MORE:
        less, more = file.printed.get(part), file.printed.get(whole)
        if less is not None and more is not None and less.value > more.value:
            wrong = f"{less.value:.15g} is more than {whole}, {more.value:.15g}"
            problems.append(Problem(file.path, part, wrong, "a part that is not larger than the whole"))
