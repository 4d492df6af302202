from __future__ import annotations

from typing import Any

from analysis.charts.placement import sides
from analysis.charts.scatter import scatter
from analysis.charts.theme import BEYOND, INK, SLATE, TARGET
from tests.charts.drawn import ABSENT, WORDS, documents, money, share, values

AXES: dict[str, Any] = {"x": ("growth", "fraction"), "y": ("value", "usd_bn"), **WORDS}
POINTS = {"Amazon": (share(0.1), money(3.0)), "Meta": (share(0.2), money(2.0)), "none": (share(0.1), ABSENT)}


def colour_of(chart: Any, layer: int) -> dict[str, str]:
    scale = chart.chart.to_dict()["layer"][layer]["encoding"]["color"]["scale"]
    return dict(zip(scale["domain"], scale["range"], strict=True))


def test_points_stand_at_their_figures_with_their_names() -> None:
    chart = scatter(POINTS, **AXES)
    assert values(chart, "name", "x", "y", "text") == {
        ("Amazon", 0.1, 3.0, "$3.0bn"),
        ("Meta", 0.2, 2.0, "$2.0bn"),
    }
    assert documents(chart) == {"Filing"}
    assert [(c.label, c.unit) for c in chart.columns][1:] == [("Growth", "fraction"), ("Value", "usd_bn")]


def test_one_is_set_off_or_each_has_the_colour_of_its_meaning() -> None:
    assert colour_of(scatter(POINTS, highlight=["Amazon"], **AXES), 0) == {"Amazon": INK, "Meta": SLATE}
    scenarios = {"bear": (share(0.1), money(1.0)), "today": (share(0.2), money(1.0))}
    assert colour_of(scatter(scenarios, **AXES), 0) == {"bear": SLATE, "today": INK}


def test_curves_are_named_where_asked_and_listed_with_the_points() -> None:
    chart = scatter(POINTS, curves={"$4T": [(0.0, 4.0), (0.2, 2.0)]}, curve_names="start", **AXES)
    assert values(chart, "name", "x", "y") >= {("$4T", 0.0, 4.0), ("$4T", 0.2, 2.0)}
    assert chart.csv().count("$4T") == 2


def test_lines_to_hold_points_against_and_upright_levels_are_named() -> None:
    chart = scatter(
        POINTS,
        dashed={"as Amazon": [(0.0, 0.0), (0.2, 6.0)]},
        targets={"$4T": 0.15},
        levels={"asked": 0.12},
        **AXES,
    )
    assert values(chart, "words") == {("as Amazon",)}
    assert values(chart, "name", "level") == {("$4T", 0.15), ("asked", 0.12)}
    assert TARGET in str(chart.chart.to_dict()["layer"][0])


def test_several_curves_among_points_are_told_apart_from_them() -> None:
    curves = {"$4T": [(0.0, 4.0)], "$5T": [(0.0, 5.0)]}
    colours = colour_of(scatter(POINTS, curves=curves, **AXES), 0)
    assert colours == {"$4T": TARGET, "$5T": BEYOND}


def test_points_of_one_thing_are_joined_and_carry_their_values() -> None:
    chart = scatter({"2019": (2019.5, money(1.0)), "2021": (2021.0, money(2.0))}, joined=True, **AXES)
    assert values(chart, "name", "x", "text") == {("2019", 2019.5, "$1.0bn"), ("2021", 2021.0, "$2.0bn")}
    assert [layer["mark"]["type"] for layer in chart.chart.to_dict()["layer"]] == [
        "line",
        "point",
        *["text"] * 4,  # each on its halo
    ]


def test_a_point_does_not_stand_on_the_axis_where_curves_leave_out_zero() -> None:
    curves = {"$4T": [(2.0, 4.0), (3.0, 3.0)]}
    chart = scatter({"bear": (1.0, money(1.0))}, curves=curves, zero=False, **AXES).chart.to_dict()
    left, right = chart["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert left < 1.0 < right


def test_names_take_their_places_in_the_order_in_which_none_is_crossed() -> None:
    along = [place / 100 for place in range(101)]
    curve = [(x, x / (1 + x)) for x in along] + [(x, x) for x in along]
    chosen = sides([(0.3, 0.231), (0.4, 0.286)], ["assumed; claimed, low", "claimed, high"], curve)
    assert chosen == ["far below right", "below right"]


def test_curves_alone_are_listed_side_by_side() -> None:
    curves = {"weighted": [(1.0, 0.5), (2.0, 0.25)], "assumptions alone": [(1.0, 0.4), (2.0, 0.2)]}
    chart = scatter(x=("market value", "usd_bn"), y=("odds", "fraction"), curves=curves, **WORDS)
    assert chart.csv().splitlines()[:2] == [
        "Market value [usd_bn],weighted [fraction],assumptions alone [fraction]", "1.0,0.5,0.4",
    ]  # fmt: skip
