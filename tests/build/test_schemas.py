"""The schemas that editors check data files with say what the readers of the files say."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from analysis.build import schemas
from analysis.build.tree import BuildError, Tree
from analysis.data.yaml_files import parse_yaml
from tests.build.tiny_book import ROOT

DATA = ROOT / "data"
FILES = list(schemas.described(DATA))
MISSPELT = [
    ("amazon/quarters/2025Q4.yml", ("segments", "aws"), "net_sale"),
    ("amazon/quarters/2025Q4.yml", ("fiscal_year", "income"), "nett"),
    ("editions/2025Q4.yml", ("price",), "close"),
    ("scenarios/base.yml", ("drivers", "tax.effective"), "valu"),
    ("scenarios/bear.yml", ("drivers",), "tax.efective"),
    ("scenarios/bear.yml", ("drivers", "aws.margin_change"), "hihg"),
    ("articles/path-to-four-trillion.yml", (), "argumnt"),
    ("articles/path-to-four-trillion.yml", ("claims", 0, "numbers", 0), "messure"),
]


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((DATA / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def held(relative: str) -> dict[str, Any]:
    """What an editor reads in a file: days are text, and so is the key ``on``, a switch in older YAML."""
    raw = parse_yaml((DATA / relative).read_text(encoding="utf-8"), relative, [])
    read: dict[str, Any] = json.loads(json.dumps(raw, default=date.isoformat))
    return read


def told(relative: str, content: dict[str, Any]) -> list[str]:
    found = validator(dict(FILES)[relative]).iter_errors(content)
    return [f"{relative}: {error.json_path}: {error.message}" for error in found]


def test_every_file_is_as_its_schema_says() -> None:
    assert len(FILES) > 60
    assert [line for relative, _ in FILES for line in told(relative, held(relative))] == []


@pytest.mark.parametrize(("relative", "place", "name"), MISSPELT)
def test_a_misspelt_field_is_refused(relative: str, place: tuple[str | int, ...], name: str) -> None:
    content = held(relative)
    at: Any = content
    for step in place:
        at = at[step]
    at[name] = {}
    assert [line for line in told(relative, content) if f"({name!r} was unexpected)" in line]


@pytest.mark.parametrize(
    ("relative", "change"),
    [
        ("editions/2025Q4.yml", {"quarter": "Q4 2025"}),
        ("editions/2025Q4.yml", {"cut_off": "soon"}),
        ("amazon/quarters/2025Q4.yml", {"income": {"net_sales": "213,386"}}),
        ("amazon/quarters/2025Q4.yml", {"url": "ir.aboutamazon.com"}),
    ],
)
def test_a_value_of_another_kind_is_refused(relative: str, change: dict[str, Any]) -> None:
    assert len(told(relative, held(relative) | change)) == 1


def test_a_field_that_is_required_is_missed() -> None:
    content = held("editions/2025Q4.yml")
    del content["shares"]["as_of"]
    assert told("editions/2025Q4.yml", content) == [
        "editions/2025Q4.yml: $.shares: 'as_of' is a required property"
    ]


def test_schemas_and_the_lines_that_lead_to_them_are_as_the_code_says() -> None:
    schemas.check(Tree(ROOT))
    for relative, name in FILES:
        first = (DATA / relative).read_text(encoding="utf-8").splitlines()[0]
        _, _, where = first.partition("$schema=")
        assert ((DATA / relative).parent / where).resolve() == DATA / "schemas" / f"{name}.json"


def test_what_is_stale_is_named_and_written_once(real: Tree) -> None:
    edition, schema = real.data / "editions" / "2025Q4.yml", real.data / "schemas" / "edition.json"
    edition.write_text(edition.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")
    schema.unlink()
    with pytest.raises(BuildError) as refused:
        schemas.check(real)
    assert [problem.partition(":")[0] for problem in refused.value.problems] == [
        "data/schemas/edition.json",
        "data/editions/2025Q4.yml",
    ]
    assert sorted(schemas.write(real)) == [edition, schema]
    assert schemas.write(real) == []
