"""Scrambled Sobol nets, built by doubling: fast, and free of the interpreter while they are.

The points of a net are all exclusive-or sums of its direction numbers, so each doubling of the net is one
vectorised operation. Scrambling multiplies the direction numbers by a random lower-triangular matrix of bits
and shifts all points by a random number: any net so made is as even as the original, and every point of it
is uniformly distributed.

Source: Sobol' 1967 with the direction numbers of Joe and Kuo 2008, as SciPy has them; Matoušek 1998, for
scrambling.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.model._inputs import checked
from analysis.model._normal import Array

BITS = 30
"""Binary digits of a coordinate."""

DOUBLINGS = 16
"""A net has at most two to this power of points."""


@checked
def directions(dimensions: int) -> NDArray[np.uint32]:
    """The direction numbers of a Sobol net, dimensions × 16, as whole numbers of 30 bits.

    Read off SciPy's sequence: its point number 2^(k+1) − 1 is the direction number k.
    Raises ``ValueError`` unless dimensions are 1 to the 21,201 that are tabulated.
    """
    from scipy.stats.qmc import Sobol  # half of all that `import analysis` would take, and needed here alone

    sequence = Sobol(dimensions, scramble=False, bits=BITS)
    found, taken = np.empty((dimensions, DOUBLINGS), dtype=np.uint32), 0
    for k in range(DOUBLINGS):
        at = 2 ** (k + 1) - 1
        point = sequence.fast_forward(at - taken).random(1)[0]
        found[:, k], taken = np.rint(point * 2.0**BITS), at + 1
    return found


@checked
def scrambled_net(numbers: NDArray[np.uint32], points: int, stream: np.random.Generator) -> Array:
    """A net of ``points`` scrambled by ``stream``, dimensions × points, all above 0 and below 1.

    Each coordinate has one point in every interval of length one over ``points``. ``numbers`` as from
    :func:`directions`. Raises ``ValueError`` unless points are a power of two up to 65,536.
    """
    most = 2**DOUBLINGS
    if not 1 <= points <= most or points & (points - 1):
        raise ValueError(f"points must be a power of two up to {most:,}, got {points:,}")
    steps, first = scrambled(numbers, stream)
    net = np.empty((len(numbers), points), dtype=np.uint32)
    net[:, 0] = first
    for k in range(points.bit_length() - 1):
        half = 2**k
        np.bitwise_xor(net[:, :half], steps[:, k, None], out=net[:, half : 2 * half])
    uniform: Array = net.astype(np.float64)
    uniform += 0.5  # so that no coordinate is 0
    uniform *= 0.5**BITS
    return uniform


@checked
def scrambled(
    numbers: NDArray[np.uint32], stream: np.random.Generator
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """What a scrambled net is built from: its direction numbers, and its first point, of 30 bits.

    Point ``2^k + i`` is point ``i`` exclusive-or number ``k``.
    """
    steps = _mixed(numbers, stream)
    return steps, stream.integers(2**BITS, size=len(numbers), dtype=np.uint32)


def _mixed(numbers: NDArray[np.uint32], stream: np.random.Generator) -> NDArray[np.uint32]:
    """Direction numbers times a random lower-triangular matrix of bits, one for each dimension."""
    places = np.arange(BITS - 1, -1, -1, dtype=np.uint32)
    bits = (numbers[..., None] >> places) & 1
    lower = np.tril(stream.integers(2, size=(len(numbers), BITS, BITS), dtype=np.uint32), -1)
    lower += np.eye(BITS, dtype=np.uint32)
    mixed = np.einsum("dij,dkj->dki", lower, bits) & 1
    return np.asarray((mixed << places).sum(axis=-1), dtype=np.uint32)
