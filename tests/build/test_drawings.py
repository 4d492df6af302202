from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import Any

import altair as alt
import pandas as pd
import pytest

from analysis.build import drawings
from analysis.build.drawings import Drawings
from analysis.build.execute import execute
from analysis.build.pages import read_toc
from analysis.build.parameters import Parameters
from analysis.build.payloads import MIME
from analysis.build.tree import BuildError, Tree
from analysis.charts.calculator import Calculator
from analysis.charts.drawing import Drawing
from analysis.charts.html import DRAWN_APART
from analysis.charts.render import ChartFigure
from tests.browser import sample
from tests.build.tiny_book import BASE, cell, notebook, only, write_page
from tests.charts.test_render import simple


def outputs(shown: ChartFigure | Calculator) -> Any:
    """A notebook with one cell that shows a chart or a calculator."""
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    output = new_output("display_data", data=shown._repr_mimebundle_())
    return new_notebook(cells=[new_code_cell(outputs=[output])])


def drawn(tree: Tree, asked: Any) -> dict[str, Any]:
    """What its output holds once its drawings are put in."""
    with closing(Drawings(tree)) as made:
        made.ask(asked)
        made.put_in(asked, "book/aws.md")
    data: dict[str, Any] = asked.cells[0].outputs[0].data
    return data


@pytest.mark.parametrize(
    "title",
    [
        pytest.param(chart.title, marks=pytest.mark.long if at % 3 else ())
        for at, chart in enumerate(sample.charts())
    ],
)
def test_a_chart_drawn_by_the_build_is_the_one_a_notebook_draws(tree: Tree, title: str) -> None:
    chart = next(chart for chart in sample.charts() if chart.title == title)
    data = drawn(tree, outputs(chart))
    assert data[MIME]["html"] == chart.html()
    assert "drawing" not in data[MIME]


def test_a_calculator_is_drawn_for_the_page_and_for_the_notebook_taken_along(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = sample.calculator()._repr_mimebundle_()
    monkeypatch.setenv(DRAWN_APART, "1")
    asked = outputs(sample.calculator())
    assert "<svg" not in str(asked)
    assert drawn(tree, asked) == alone


def test_a_drawing_is_kept_and_made_again_if_it_is_damaged(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = simple().html()
    drawn(tree, outputs(simple()))
    (entry,) = (tree.cache / "drawings").iterdir()
    with monkeypatch.context() as patch:
        patch.setattr(Drawing, "parts", None)  # nothing is drawn a second time
        assert drawn(tree, outputs(simple()))[MIME]["html"] == html
    entry.write_bytes(entry.read_bytes().replace(b"path", b"line"))
    assert drawn(tree, outputs(simple()))[MIME]["html"] == html
    entry.write_bytes(b"{")
    assert drawn(tree, outputs(simple()))[MIME]["html"] == html


def test_other_code_or_another_version_of_the_library_draws_anew(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn(tree, outputs(simple()))
    monkeypatch.setattr(drawings, "version", lambda name: "0.0")
    drawn(tree, outputs(simple()))
    assert len(list((tree.cache / "drawings").iterdir())) == 2


def test_a_chart_that_cannot_be_drawn_is_named(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DRAWN_APART, "1")
    frame = pd.DataFrame({"a": [1]})
    wrong = ChartFigure(alt.Chart(frame).mark_bar().encode(x="a:Q"), "Sales", "Sales rose.", frame)
    asked = outputs(wrong)
    asked.cells[0].outputs[0].data[MIME]["drawing"]["charts"]["wide"]["mark"] = "elephant"
    with pytest.raises(BuildError, match=r"^book/aws.md: chart-sales cannot be drawn: "):
        drawn(tree, asked)


@pytest.mark.book
def test_a_notebook_that_the_build_runs_draws_nothing_and_has_its_pictures(tree: Tree) -> None:
    source = "import sys, altair, pandas\nfrom analysis.charts.render import ChartFigure\n"
    source += "frame = pandas.DataFrame({'a': [1, 2]})\n"
    source += (
        "chart = ChartFigure(altair.Chart(frame).mark_bar().encode(x='a:Q'), 'Sales', 'They rose.', frame)\n"
    )
    source += "import datetime\nchart.placed('index', 'sales', datetime.date(2025, 2, 7))"
    write_page(tree, "index", notebook("x", cell(source)))
    executed = execute(tree, BASE, read_toc(only(tree, "index")), quiet=True)
    (shown,) = [o for c in executed["index"].cells for o in c.get("outputs", [])]
    assert shown.data[MIME]["html"].count("<svg") == 2
    assert "<svg" not in next(tree.cache.rglob("notebook.ipynb")).read_text(encoding="utf-8")


def test_a_drawing_that_no_page_of_any_edition_uses_is_removed(tree: Tree) -> None:
    def built(parameters: Parameters, *charts: ChartFigure) -> set[str]:
        with closing(Drawings(tree)) as made:
            for chart in charts:
                asked = outputs(chart)
                made.ask(asked)
                made.put_in(asked, "book/aws.md")
            made.keep_only(parameters)
            return {path.stem for path in made.folder.iterdir()}

    one, other = simple(), replace(simple(), description="Another.")
    both = built(BASE, one, other)
    assert len(both) == 2
    later = Parameters("2025Q4", "base")
    assert built(later, one) == both
    assert len(built(BASE, one)) == 1
    assert built(later) == built(BASE, one)
    assert built(BASE) == set()
