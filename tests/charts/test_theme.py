"""One palette: the style sheet knows every colour of the theme, and all can be told apart and read."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from analysis.charts import theme

CSS = (Path(__file__).parents[2] / "book" / "_static" / "site" / "figures.css").read_text(encoding="utf-8")
SITE = (Path(__file__).parents[2] / "book" / "_static" / "site" / "site.css").read_text(encoding="utf-8")
PAIR = re.compile(r"--(?P<name>[\w-]+): light-dark\((?P<light>#\w{6}), (?P<dark>#\w{6})\)")
VARIABLES = {m["name"]: (m["light"], m["dark"]) for m in PAIR.finditer(SITE + CSS)}
RULES = dict(re.findall(r'\.plot, \.readout\) \[fill="(#\w{6})"\] \{ fill: var\(--([\w-]+)\)', CSS))
STROKES = dict(re.findall(r'\.plot, \.readout\) \[stroke="(#\w{6})"\] \{ stroke: var\(--([\w-]+)\)', CSS))
COLOURS = {
    colour
    for name, value in vars(theme).items()
    if name.isupper()
    for colour in ((value,) if isinstance(value, str) else value if isinstance(value, tuple) else ())
    if isinstance(colour, str) and colour.startswith("#")
}
# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of linear RGB."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def shown(colour: str, scheme: int) -> str:
    return VARIABLES[RULES[colour]][scheme]


def test_every_colour_of_the_theme_has_a_rule_and_every_rule_a_colour() -> None:
    assert set(RULES) == set(STROKES) == COLOURS
    assert RULES == STROKES


def test_every_thing_that_has_a_colour_is_drawn_by_that_name() -> None:
    """A name that a page gives otherwise would fall to another colour there, and nobody would tell."""
    root = Path(__file__).parents[2]
    texts = [
        path.read_text(encoding="utf-8").lower()
        for path in (*root.glob("book/*.md"), *root.glob("analysis/**/*.py"), *root.glob("data/**/*.yml"))
        if path != Path(theme.__file__)
    ]
    quoted = (r'"([^"\n]+)"', r"'([^'\n]+)'")
    told = {words for text in texts for form in quoted for words in re.findall(form, text)}
    assert [thing for thing in theme.COLOURS if thing.lower() not in told] == []


def test_light_scheme_shows_the_colours_as_drawn() -> None:
    assert {c: shown(c, 0) for c in COLOURS} == {c: c for c in COLOURS}


def test_each_colour_is_used_for_one_thing() -> None:
    named = [v for k, v in vars(theme).items() if k.isupper() and isinstance(v, str) and v.startswith("#")]
    every = [*named, *theme.RAMP, *theme.DIVERGING, *set(theme.RAMP_TEXT)]
    assert len(every) == len(set(every))


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("kind", BLINDNESS)
def test_series_differ_in_every_kind_of_sight(scheme: int, kind: str) -> None:
    seen = [lab(BLINDNESS[kind] @ linear(shown(c, scheme))) for c in theme.SERIES]
    distances = [float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2)]
    assert min(distances) > 10


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_series_and_words_are_readable_on_paper(scheme: int) -> None:
    words = [*theme.SERIES, theme.INK, theme.INK_SOFT, theme.TARGET]
    for ground in ("paper", "wash"):
        assert min(contrast(shown(c, scheme), VARIABLES[ground][scheme]) for c in words) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_words_are_readable_on_the_ramp(scheme: int) -> None:
    pairs = zip(theme.RAMP, theme.RAMP_TEXT, strict=True)
    assert min(contrast(shown(ground, scheme), shown(word, scheme)) for ground, word in pairs) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_ramp_runs_one_way(scheme: int) -> None:
    steps = [luminance(shown(colour, scheme)) for colour in theme.RAMP]
    assert steps == sorted(steps, reverse=scheme == 0)
