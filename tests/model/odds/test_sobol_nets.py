"""Nets are SciPy's before scrambling, and as even as theory says after it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.stats.qmc import Sobol, discrepancy

from analysis.model.odds import sobol_nets
from analysis.model.odds.sobol_nets import BITS, directions, scrambled_net


def whole(points: np.ndarray) -> set[tuple[int, ...]]:
    return {tuple(point) for point in np.floor(points * 2**BITS).astype(int).tolist()}


def test_without_scrambling_the_points_are_scipys(monkeypatch: pytest.MonkeyPatch) -> None:
    class Zeros:
        def integers(self, _: int, *, size: int, dtype: type) -> np.ndarray:
            return np.zeros(size, dtype=dtype)

    ours = scrambled_net(directions(12), 512, Zeros()).T
    assert whole(ours) == whole(Sobol(12, scramble=False, bits=BITS).random(512))


@pytest.mark.parametrize("points", [1, 2, 64, 2**16])
def test_every_coordinate_has_one_point_in_each_interval(points: int) -> None:
    net = scrambled_net(directions(5), points, np.random.default_rng(3))
    for coordinate in net:
        assert sorted(np.floor(coordinate * points).astype(int).tolist()) == list(range(points))


def test_the_first_two_coordinates_are_even_in_every_elementary_box() -> None:
    """A (0, 8, 2)-net in base 2: each box of area 2⁻⁸ holds exactly one point, whatever its sides."""
    x, y = scrambled_net(directions(2), 256, np.random.default_rng(9))
    for k in range(9):
        boxes = {(int(a * 2**k), int(b * 2 ** (8 - k))) for a, b in zip(x, y, strict=True)}
        assert len(boxes) == 256


def test_points_are_as_even_as_scipys_scrambled_ones_and_more_than_random_ones() -> None:
    ours = np.mean(
        [discrepancy(scrambled_net(directions(6), 256, np.random.default_rng(s)).T) for s in range(8)]
    )
    theirs = np.mean([discrepancy(Sobol(6, rng=s).random(256)) for s in range(8)])
    random = discrepancy(np.random.default_rng(1).random((256, 6)))
    assert ours == pytest.approx(theirs, rel=0.2)
    assert ours < random / 3


def test_each_single_point_is_uniform_over_scramblings() -> None:
    numbers = directions(2)
    drawn = np.array([scrambled_net(numbers, 8, np.random.default_rng(s))[:, 5] for s in range(2000)])
    for coordinate in drawn.T:
        assert stats.kstest(coordinate, "uniform").pvalue > 0.01
    assert abs(stats.spearmanr(drawn[:, 0], drawn[:, 1]).statistic) < 0.06


def test_the_whole_matrix_scrambles_not_only_the_shift() -> None:
    """Distances between two points change with the scrambling; a shift alone would keep their bits apart."""
    numbers = directions(1)
    apart = set()
    for seed in range(20):
        a, b = scrambled_net(numbers, 2, np.random.default_rng(seed))[0] * 2**BITS
        apart.add(int(a) ^ int(b))
    assert len(apart) == 20


def test_no_coordinate_is_at_an_end() -> None:
    class Lowest:
        def integers(self, _: int, *, size: int, dtype: type) -> np.ndarray:
            return np.zeros(size, dtype=dtype)

    net = scrambled_net(directions(3), 2**16, Lowest())
    assert net.min() == 0.5 ** (BITS + 1)
    assert net.max() < 1


@pytest.mark.parametrize("points", [0, 3, 1000, 2**17])
def test_other_numbers_of_points_are_refused(points: int) -> None:
    with pytest.raises(ValueError, match=f"points must be a power of two up to 65,536, got {points:,}"):
        scrambled_net(directions(1), points, np.random.default_rng(1))


def test_the_number_of_doublings_reaches_the_most_points() -> None:
    assert directions(3).shape == (3, sobol_nets.DOUBLINGS)
    assert np.all(directions(3) < 2**BITS)


def test_the_first_coordinate_is_van_der_corputs() -> None:
    assert directions(1)[0].tolist() == [2 ** (BITS - 1 - k) for k in range(sobol_nets.DOUBLINGS)]
