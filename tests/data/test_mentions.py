"""What a sentence of the data leads to is there: files, figures, assumptions, and the metrics of a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Edit
from tests.data.conftest import Problems

SOURCE = '    source: "the test"\n    distribution'
WRONG = {
    "data/rates.cvs and data/peers/observation.csv": (
        "'data/peers/observation.csv' is no file of the data (expected nearest: data/peers/observations.csv,"
    ),
    "segments.aws.net_sale": "'segments.aws.net_sale' is no figure, assumption or metric",
    "segmets.aws.net_sales": "'segmets.aws.net_sales' is no figure, assumption or metric",
    "aws.growht of the test": "'aws.growht' is no figure, assumption or metric (expected nearest: aws.growth",
    "key figure guidance_net_sales_lo_usd_bn": "(expected nearest: guidance_net_sales_low_usd_bn,",
    "data/cloud.csv (AWS synergy_market_shares)": (
        "'synergy_market_shares' is nothing of data/cloud.csv (expected nearest: synergy_market_share"
    ),
    "data/cloud.csv (performance_obligations_usd_bn)": "'performance_obligations_usd_bn' is nothing of data/",
}


def put(data: Path, source: str) -> None:
    base = data / "scenarios/base.yml"
    text = base.read_text(encoding="utf-8").replace('source: "the test"', f'source: "leans on {source}"', 1)
    base.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("source", WRONG)
def test_what_a_source_leads_to_and_is_not_there_is_named(
    data: Path, problems: Problems, source: str
) -> None:
    put(data, source)
    (found,) = problems()
    assert found.startswith("data/scenarios/base.yml: drivers.aws.growth.source: ")
    assert WRONG[source] in found


@pytest.mark.parametrize(
    "source",
    [
        "segments.aws.net_sales, net_sales of usd_bn, aws.growth and performance_obligations_usd_bn",
        "data/cloud.csv (AWS synergy_market_share) and market_values.csv (market_value_usd_bn)",
        "cloud.csv, shown on www.sec.gov, aws.amazon.com/ec2 and at https://example.org/a_b.csv?c_d=e_f",
    ],
)
def test_what_is_there_or_elsewhere_is_left_alone(data: Path, problems: Problems, source: str) -> None:
    put(data, source)
    assert problems() == []


@pytest.mark.parametrize(
    ("text", "slip", "wrong"),
    [
        ('AWS / revenue"', 'AWS / revenues"', "AWS / revenues: is no entity / metric of the table"),
        ("[segments.aws.net_sales]", "[segments.aws.net_sale]", "'segments.aws.net_sale' is in no quarter's"),
        ('"*margin*": [-1, 1]', '"*marign*": [-1, 1]', "'*marign*' fits no metric"),
    ],
)
def test_what_a_sidecar_leads_to_is_there(
    edit: Edit, problems: Problems, text: str, slip: str, wrong: str
) -> None:
    edit("cloud.meta.yml", text, slip)
    assert any(line.startswith("data/cloud.meta.yml: ") and wrong in line for line in problems())
