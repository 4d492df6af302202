"""What an edition's page of changes shows beside the bridges: claims whose grade moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.articles import JudgedClaim, open_judge
from analysis.data import Edition


@dataclass(frozen=True)
class MovedGrade:
    """A claim that stands otherwise than an edition before: its grade, or that of its forecast."""

    claim: JudgedClaim
    before: str
    now: str


def moved_grades(before: Edition, now: Edition) -> list[MovedGrade]:
    """The claims of articles known to both editions whose grade or forecast stands otherwise now."""
    known = {each.claim.id: _standing(each) for each in open_judge(before).claims()}
    return list(_moved(known, open_judge(now).claims()))


def _moved(known: dict[str, str], claims: tuple[JudgedClaim, ...]) -> Iterator[MovedGrade]:
    for claim in claims:
        before, now = known.get(claim.claim.id), _standing(claim)
        if before is not None and before != now:
            yield MovedGrade(claim, before, now)


def _standing(claim: JudgedClaim) -> str:
    """The grade in words; of a forecast whether it is open, then its grade."""
    return claim.grade if claim.score is None else (claim.score.grade or claim.score.state)
