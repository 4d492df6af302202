from __future__ import annotations

from xml.etree import ElementTree

import pytest

from analysis.sphinx_ext.tex import TexError, mathml


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("V", "<mi>V</mi>"),
        ("3.4", "<mn>3.4</mn>"),
        ("a-b", "<mrow><mi>a</mi><mo>−</mo><mi>b</mi></mrow>"),
        ("g_t^2", "<msubsup><mi>g</mi><mi>t</mi><mn>2</mn></msubsup>"),
        (r"\frac{a}{b+1}", "<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>"),
        (r"\sum_t^N", '<munderover><mo largeop="true">∑</mo><mi>t</mi><mi>N</mi></munderover>'),
        (r"\text{cash flow} \le \sigma", "<mrow><mtext>cash flow</mtext><mo>≤</mo><mi>σ</mi></mrow>"),
        (r"\left(a\right)^n", "<msup><mrow><mo>(</mo><mi>a</mi><mo>)</mo></mrow><mi>n</mi></msup>"),
        (r"\sqrt{x}", "<msqrt><mi>x</mi></msqrt>"),
        (r"\bar{x}", '<mover accent="true"><mi>x</mi><mo>¯</mo></mover>'),
        (r"a \lt b", "<mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow>"),
        (r"5\,\%", '<mrow><mn>5</mn><mspace width="0.17em"></mspace><mi>%</mi></mrow>'),
    ],
)  # fmt: skip
def test_parts_of_formulas(source: str, expected: str) -> None:
    assert mathml(source) == f"<math>{expected}</math>"


def test_lines_and_columns() -> None:
    table = ElementTree.fromstring(mathml(r"\begin{aligned} a &= b \\ c &= d + 1 \end{aligned}", block=True))[
        0
    ]
    assert [len(row) for row in table] == [2, 2]
    assert table.tag == "mtable"


def test_whole_formula_is_well_formed() -> None:
    source = (
        r"V_0 = \sum_{t=1}^{N} \frac{F_t}{(1+w)^{t-\frac{1}{2}}} + \frac{F_{N+1}}{(w-g)(1+w)^N}, \quad g < w"
    )
    assert ElementTree.fromstring(mathml(source, block=True)).attrib == {"display": "block"}


@pytest.mark.parametrize(
    ("source", "named"),
    [
        (r"\unknown{a}", r"\\unknown is not known"),
        (r"\frac{a}", "the end"),
        ("a^b^c", r"two '\^'"),
        ("{a", "expected '}'"),
        ("a}", "'}' stands alone"),
        ("a & b", "'&' stands alone"),
        (r"\begin{matrix} a \end{matrix}", "environment 'matrix'"),
        (r"\text a", "words without braces"),
        ("a ~ b", "'~' is not known"),
        (r"\left( a", "the end"),
    ],
)
def test_what_is_not_known_is_named(source: str, named: str) -> None:
    with pytest.raises(TexError, match=named):
        mathml(source)
