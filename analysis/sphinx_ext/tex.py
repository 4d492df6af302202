"""TeX formulas as MathML, for the part of TeX that the report's formulas use.

Browsers draw MathML themselves, so a page with formulas needs no script and no font. What is not
known here is an error that names it, never a formula drawn wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)
_ALPHABET = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu",
    "nu", "xi", "omicron", "pi", "rho", "varsigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
)  # fmt: skip
_CAPITALS = {
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω",
}  # fmt: skip
_GREEK = {name: chr(0x3B1 + place) for place, name in enumerate(_ALPHABET)} | _CAPITALS
_OPERATORS = {
    "cdot": "·", "times": "×", "div": "÷", "pm": "±", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠",
    "neq": "≠", "approx": "≈", "equiv": "≡", "sim": "∼", "to": "→", "rightarrow": "→", "in": "∈", "mid": "|",
    "dots": "…", "ldots": "…", "cdots": "⋯", "lt": "<", "gt": ">",
}  # fmt: skip
_LARGE = {"sum": "∑", "prod": "∏", "int": "∫"}
_NAMES = {"ln", "log", "exp", "max", "min", "Pr"}
_SPACES = {
    ",": "0.17em",
    ";": "0.28em",
    ":": "0.22em",
    "quad": "1em",
    "qquad": "2em",
    " ": "0.25em",
    "!": "-0.17em",
}
_ACCENTS = {"bar": "¯", "hat": "^", "tilde": "~", "overline": "¯"}
_SYMBOLS = {
    "infty": "∞",
    "partial": "∂",
    "%": "%",
    "$": "$",
    "&": "&",
    "#": "#",
    "_": "_",
    "{": "{",
    "}": "}",
}


class TexError(ValueError):
    """A formula that cannot be read; the message names the part that is not known."""


def mathml(source: str, block: bool = False) -> str:
    """The formula ``source`` as a ``<math>`` element, on a line of its own if ``block``.

    >>> mathml("g^2")
    '<math><msup><mi>g</mi><mn>2</mn></msup></math>'
    """
    body = _Reader(source).formula()
    return f'<math display="block">{body}</math>' if block else f"<math>{body}</math>"


class _Reader:
    """Reads tokens from left to right; each method takes what it names and returns its MathML."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = [token for token in _TOKEN.findall(source) if not token.isspace()]
        self.position = 0

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        if not token or (expected is not None and token != expected):
            raise TexError(f"{self.source!r}: found {token or 'the end'!r} (expected {expected or 'more'!r})")
        self.position += 1
        return token

    def formula(self) -> str:
        content = self.row(lambda token: False)
        if self.peek():
            raise TexError(f"{self.source!r}: {self.peek()!r} stands alone")
        return content

    def row(self, ends: Callable[[str], bool]) -> str:
        """Parts up to a token that ends the row, as one element."""
        parts = []
        while (token := self.peek()) and not ends(token) and token not in ("}", "&", "\\\\"):
            parts.append(self.scripted())
        return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"

    def scripted(self) -> str:
        """One part with what is set below and above it."""
        is_large = self.peek().removeprefix("\\") in _LARGE
        base = self.part()
        marks: dict[str, str] = {}
        while (mark := self.peek()) in ("_", "^"):
            if mark in marks:
                raise TexError(f"{self.source!r}: two {mark!r} on one part")
            self.take()
            marks[mark] = self.part()
        below, above = ("munder", "mover") if is_large else ("msub", "msup")
        both = "munderover" if is_large else "msubsup"
        match marks:
            case {"_": low, "^": high}:
                return f"<{both}>{base}{low}{high}</{both}>"
            case {"_": low}:
                return f"<{below}>{base}{low}</{below}>"
            case {"^": high}:
                return f"<{above}>{base}{high}</{above}>"
        return base

    def part(self) -> str:
        token = self.take()
        if token == "{":
            content = self.row(lambda token: False)
            self.take("}")
            return content
        if token.startswith("\\"):
            return self.command(token[1:])
        if token[0].isdigit():
            return f"<mn>{token}</mn>"
        if token.isalpha():
            return f"<mi>{token}</mi>"
        if token in "+-=()[]|<>/,.:;!*'":
            sign = {"-": "−", "*": "∗", "'": "′"}.get(token, token)
            stretch = ' stretchy="false"' if token in "()[]|" else ""
            return f"<mo{stretch}>{escape(sign)}</mo>"
        raise TexError(f"{self.source!r}: {token!r} is not known")

    def command(self, name: str) -> str:
        if name in _GREEK:
            return f"<mi>{_GREEK[name]}</mi>"
        if name in _OPERATORS:
            return f"<mo>{escape(_OPERATORS[name])}</mo>"
        if name in _LARGE:
            return f'<mo largeop="true">{_LARGE[name]}</mo>'
        if name in _NAMES:
            return f"<mi>{name}</mi>"
        if name in _SPACES:
            return f'<mspace width="{_SPACES[name]}"></mspace>'
        if name in _SYMBOLS:
            return f"<mi>{escape(_SYMBOLS[name])}</mi>"
        if name in _ACCENTS:
            return f'<mover accent="true">{self.part()}<mo>{_ACCENTS[name]}</mo></mover>'
        rules = {
            "frac": lambda: f"<mfrac>{self.part()}{self.part()}</mfrac>",
            "sqrt": lambda: f"<msqrt>{self.part()}</msqrt>",
            "text": self.words, "mathrm": self.words, "operatorname": self.words,
            "left": self.fenced, "begin": self.environment,
        }  # fmt: skip
        if name not in rules:
            raise TexError(f"{self.source!r}: \\{name} is not known")
        return rules[name]()

    def words(self) -> str:
        """The words between the braces that follow, spaces kept."""
        match = re.compile(r"\s*\{([^{}]*)\}").match(self.source, self._offset())
        if match is None:
            raise TexError(f"{self.source!r}: words without braces")
        while self.take() != "}":
            continue
        return f"<mtext>{escape(match[1])}</mtext>"

    def _offset(self) -> int:
        """Where in the source the next token starts."""
        kept = 0
        for match in _TOKEN.finditer(self.source):
            if not match[0].isspace():
                if kept == self.position:
                    return match.start()
                kept += 1
        return len(self.source)

    def fenced(self) -> str:
        left = self.take()
        content = self.row(lambda token: token == "\\right")
        self.take("\\right")
        marks = [escape(mark.removeprefix("\\")) for mark in (left, self.take())]
        first, last = ("" if mark == "." else f"<mo>{mark}</mo>" for mark in marks)
        return f"<mrow>{first}{content}{last}</mrow>"

    def environment(self) -> str:
        """The lines of ``aligned`` or ``cases``, columns parted by ``&``."""
        name = self.name()
        if name not in ("aligned", "cases"):
            raise TexError(f"{self.source!r}: environment {name!r} is not known")
        lines: list[list[str]] = [[]]
        while True:
            lines[-1].append(self.row(lambda token: token == "\\end"))
            token = self.take()
            if token == "\\end":
                break
            if token == "\\\\":
                lines.append([])
        if self.name() != name:
            raise TexError(f"{self.source!r}: {name!r} is not closed")
        rows = "".join(f"<mtr>{''.join(f'<mtd>{cell}</mtd>' for cell in line)}</mtr>" for line in lines)
        if name == "cases":
            return f"<mrow><mo>{{</mo><mtable>{rows}</mtable></mrow>"
        return f'<mtable class="aligned" displaystyle="true">{rows}</mtable>'

    def name(self) -> str:
        self.take("{")
        letters = ""
        while (token := self.take()) != "}":
            letters += token
        return letters
