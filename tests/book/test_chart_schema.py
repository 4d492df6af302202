"""A build does not hold its charts against Vega-Lite's schema, which takes long: it is done here, for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import jsonschema
import pytest

from analysis.charts.calculator import Calculator
from analysis.charts.render import ChartFigure
from tests.notebooks import as_built, computing, run, some

VEGA_LITE = jsonschema.Draft7Validator(alt.load_schema())


def validate(spec: Mapping[str, Any]) -> None:
    """Raises ``ValidationError``; no background, which Vega-Lite takes as null, its schema does not know.

    Of the data one row is looked at: they may be anything that is a record.
    """
    some = {name: rows[:1] for name, rows in spec.get("datasets", {}).items()}
    known = {**spec, "config": {**spec["config"], "background": "transparent"}, "datasets": some}
    VEGA_LITE.validate(known)


@pytest.mark.parametrize("page", some(("aws", "history", "robotics"), computing(), "pages"))
def test_every_chart_of_a_page_is_valid_vega_lite(page: str) -> None:
    parts = [part for part in run(page).parts.values() if isinstance(part, ChartFigure | Calculator)]
    with as_built():
        specs = [spec for part in parts for spec in part.drawing().charts.values()]
    for spec in specs:
        validate(spec)


def test_a_chart_that_is_no_vega_lite_does_not_pass() -> None:
    (part, *_) = (part for part in run("aws").parts.values() if isinstance(part, ChartFigure))
    spec = part.drawing().charts["wide"]
    with pytest.raises(jsonschema.ValidationError):
        validate({**spec, "height": "tall"})
