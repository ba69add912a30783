"""Diagnose a network or what was read as one, and say what the reading did.

A network that is not critical as it was read, but is when its layers or its data are transposed,
was hardly meant as it was read; the answer says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

import numpy as np

from proofkit.diagnose.check.certificate import digest
from proofkit.diagnose.check.verdicts import IN_WORDS, Diagnosis
from proofkit.diagnose.intake import reading_given
from proofkit.diagnose.search.diagnosis import diagnose as diagnose_network
from proofkit.networks.assembling import Reading
from proofkit.networks.elementwise import LossError
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.gradients import layer_gradients
from proofkit.networks.losses import Loss
from proofkit.networks.network import Network, Tower
from proofkit.networks.scalars import Undecidable

__all__ = ["diagnose", "diagnose_reading", "other_reading"]

# A hint only, which states both sizes: trained weights are hardly ever critical to the last digit.
_SMALLER: Final = 1e-3
_SHORT: Final = 2.0**16

_ORDERS: Final[tuple[tuple[str, bool, bool], ...]] = (
    ("", False, False),
    ("each layer is transposed", True, False),
    ("the order of the layers is reversed", False, True),
    ("each layer is transposed and their order reversed", True, True),
)


def diagnose(
    network: Any,
    *,
    loss: Any = None,
    biases: Sequence[Any] | None = None,
    order: Sequence[str] | None = None,
    convention: str = "W@x",
    seed: int = 0,
    certify: bool = False,
    tolerance: float | None = None,
    **data: Any,
) -> Diagnosis:
    """What kind of point a network is, with a certificate that stands on its own.

    Args:
        network: a ``Network``; or its layers, the one that sees the input first: NumPy arrays,
            anything with ``__array__`` (PyTorch and JAX tensors), nested lists; or a mapping of
            names to arrays, such as a ``state_dict()``, with biases and data among them. Integers
            and exact texts (``"1/3"``) are exact; a single float makes all layers float.
        loss: of layers: a kind (``"squared"``), an expression in the entries w_rc of the product,
            a loss object, or a mapping as in a network file.
        biases: of layers: one for each, None for a layer without.
        order: of a mapping: the layers' names, where the names do not tell the order.
        convention: of layers: ``W@x``, ``x@W`` or ``x@W.T``; see
            ``proofkit.networks.assembling.CONVENTIONS``.
        seed: of everything random; the same seed gives the same answer.
        certify: for floats, prove by interval Newton that an exact critical point of the stated
            kind lies near.
        tolerance: for floats, how far entries may be off, in units of their layer's largest; the
            verdict is that of the critical points within it. By default a few units of roundoff
            of the format that they were stored in.
        data: of layers: what the loss needs, X=…, Y=…, labels=…, target=….

    Raises:
        NetworkFileError: layers, biases, loss or data do not fit; in the words used for files.
        RefusedLoss: the loss is no function of the product, weight decay for instance.
        TypeError: a ``Network`` with a loss or data beside it: it has its own.

    >>> diagnose([[["1/3"]], [[9]]], X=[[1]], Y=[[3]]).verdict
    'global-minimum'
    """

    def one(asked: Network) -> Diagnosis:
        return diagnose_network(asked, seed=seed, certify=certify, tolerance=tolerance)

    if isinstance(network, Network):
        if data or any(x is not None for x in (loss, biases, order)) or convention != "W@x":
            raise TypeError("a Network has its own loss and data; give its layers instead")
        return diagnose_reading(Reading(network), one)
    reading = reading_given(
        network, loss=loss, biases=biases, order=order, convention=convention, data=data
    )
    return diagnose_reading(reading, one)


def diagnose_reading(reading: Reading, answer: Callable[[Network], Diagnosis]) -> Diagnosis:
    """The diagnosis of a network that was read, with what the reading did among its reasons.

    Where the last bias is not the best one, the answer is that of the loss as a function of the
    last bias alone, if it is not critical there: then the whole network is not.

    Args:
        reading: what was read.
        answer: diagnoses a network.

    >>> from proofkit.networks.weights import read_weights
    >>> reading = read_weights([[[1]]], biases=[[2]], data={"X": [[0, 1]], "Y": [[2, 3]]})
    >>> found = diagnose_reading(reading, diagnose)
    >>> found.verdict, found.why[-1]
    ('global-minimum', "The first layer's bias is the last column of M_1, and X has a last row \
of ones.")
    """
    if reading.last_bias is not None:
        alone = answer(reading.last_bias)
        if alone.verdict == "not-critical":
            best = answer(reading.network)
            said = (
                "So the point is not critical; value and gradient are those of the loss as a "
                "function of the last bias alone. With the best last bias the answer for these "
                f"layers is: {IN_WORDS[best.verdict]}."
            )
            return _told(alone, (*reading.notes, said))
    found = answer(reading.network)
    hint = None
    if found.verdict == "not-critical":
        hint = _coarser(reading.network, answer) or other_reading(reading.network)
    return _told(found, (*reading.notes, *([hint] if hint else [])))


def _coarser(network: Network, answer: Callable[[Network], Diagnosis]) -> str | None:
    """Whether doubles that are all float32 numbers are critical when they are judged as such."""
    if network.exact or network.precision != "float64":
        return None
    layers: list[Any] = [m for tower in network.towers for m in tower.layers]
    entries = np.concatenate([m.value.ravel() for m in layers])
    with np.errstate(over="ignore"):
        stored = (entries.astype(np.float32) == entries).all()
    # Short binary fractions are written by hand, and say nothing of a format.
    if not stored or not np.modf(np.frexp(entries)[0] * _SHORT)[0].any():
        return None
    found = answer(replace(network, precision="float32"))
    if found.verdict in ("not-critical", "undecided"):
        return None
    return (
        f"Every entry is a float32 number, and judged as such this is {IN_WORDS[found.verdict]}: "
        'arrays of float32, or "precision": "float32" in a file, say so.'
    )


def other_reading(network: Network) -> str | None:
    """Whether a network that is not critical is so when transposed, as a sentence.

    Tried are the layers transposed, in the reverse order and both, each with the data as they are
    and with X and Y transposed.

    >>> from proofkit.networks.losses import SquaredLoss
    >>> target, layer = ExactMatrix.of([[0, 1], [0, 0]]), ExactMatrix.of([[0, 0], [1, 0]])
    >>> loss = SquaredLoss(ExactMatrix.identity(2), target)
    >>> other_reading(Network.single("", [layer], loss))
    'It is critical when each layer is transposed: is it written for row vectors, x @ W?'
    """
    size = None
    for words, rows, other in _others(network):
        there = _slope(other)
        if there is None or (network.exact and there > 0):
            continue
        if not network.exact:
            size = _slope(network) if size is None else size
            if size is None or not there <= _SMALLER * size:
                continue
            words = f"{words} (|gradient| {there:.3g} instead of {size:.3g})"
        question = f": is it written for {rows}?" if rows else "."
        near = "" if network.exact else " nearly"
        return f"It is{near} critical when {words}{question}"
    return None


def _others(network: Network) -> Iterator[tuple[str, str, Network]]:
    """Other readings that fit: what is changed, in what they would be written, the network."""
    if len(network.towers) > 1:
        return
    for turned in (False, True):
        loss = _turned(network.loss) if turned else network.loss
        if loss is None:
            continue
        for order, transposed, reverse in _ORDERS:
            if not order and not turned:
                continue
            layers = [m.T if transposed else m for m in network.layers]
            try:
                tower = Tower.of(layers[::-1] if reverse else layers)
            except ValueError:
                continue
            if (tower.dims[-1], tower.dims[0]) != loss.shape:
                continue
            words = " and ".join(
                part for part in (order, "X and Y are transposed" if turned else "") if part
            )
            rows = "row vectors, x @ W" if transposed and not reverse else ""
            if turned and not order:
                rows = "samples in rows, x @ W.T"
            yield words, rows, replace(network, towers=(tower,), loss=loss)


def _turned(loss: Loss) -> Loss | None:
    """The loss with X and Y transposed, if it has both and they fit."""
    if not (is_dataclass(loss) and {"X", "Y"} <= {field.name for field in fields(loss)}):
        return None
    x, y = getattr(loss, "X", None), getattr(loss, "Y", None)
    if not (isinstance(x, ExactMatrix) and isinstance(y, ExactMatrix)):
        return None
    try:
        return replace(loss, X=x.T, Y=y.T)
    except ValueError:
        return None


def _slope(network: Network) -> float | None:
    """The norm of the gradient in all layers, 0 only if it is; None where there is none."""
    try:
        found = [m for tower in layer_gradients(network) for m in tower]
        if network.exact and all(m.is_zero() for m in found):
            return 0.0
        square = sum(_square(m) for m in found)
    except (LossError, Undecidable, ArithmeticError):
        return None
    return math.sqrt(square) if math.isfinite(square) else None


def _square(matrix: Any) -> float:
    if isinstance(matrix, ExactMatrix):
        # Only whether it is 0 matters, and here it is not.
        return 0.0 if matrix.is_zero() else 1.0
    with np.errstate(over="ignore"):
        return float((matrix.value**2).sum())


def _told(found: Diagnosis, sentences: tuple[str, ...]) -> Diagnosis:
    if not sentences:
        return found
    why = (*found.why, *sentences)
    document = {**found.certificate, "why": list(why)}
    document["digest"] = digest(document)
    return replace(found, certificate=document, why=why)
