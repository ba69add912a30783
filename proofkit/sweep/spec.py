"""What a sweep is: the family, the widths, how many problems, from which seed."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

from proofkit.sweep.classification import Logistic, Softmax
from proofkit.sweep.families import Family
from proofkit.sweep.regression import (
    Huber,
    MaskedSquared,
    Measurements,
    PerturbedIdentity,
    Poisson,
    WeightedSquared,
)
from proofkit.sweep.template import Template

__all__ = ["FAMILIES", "Spec", "SweepError"]

FAMILIES: dict[str, type[Family]] = {
    family.name: family
    for family in (
        WeightedSquared,
        PerturbedIdentity,
        Logistic,
        Softmax,
        Huber,
        MaskedSquared,
        Measurements,
        Poisson,
        Template,
    )
}

RANGES = {
    "weighted-squared": ("spread",),
    "E01": ("c",),
    "logistic": ("count",),
    "poisson": ("count",),
    "masked-squared": ("kept",),
    "huber": ("delta",),
}
"""The numbers whose range can be chosen; those of a template are its holes."""

LEAST = {"spread": 1.0, "count": 1.0, "delta": 2.0**-7}
"""Where their ranges may begin."""

FORMAT = "proofkit/sweep/1"

LANES = 2**13
"""Searches side by side in a block, fewer where the Hessians would fill more than `ROOM`."""
ROOM = 2**19
"""Numbers that fit into a core's cache; more make larger tasks, no faster ones."""


class SweepError(ValueError):
    """A sweep that cannot be run or resumed, and why."""


@dataclass(frozen=True)
class Spec:
    """A sweep; together with an index it determines a problem and its row.

    Every ``diagnose``-th problem gets a second opinion, none where it is 0. ``ranges`` maps
    parameters to intervals to draw from; ``template`` and ``convex`` belong to the family
    ``expression``. Raises `SweepError` when no such sweep can be run.

    >>> Spec("E01", (2, 1, 2), 1000).block
    512
    """

    family: str
    dims: tuple[int, ...]
    count: int
    seed: int = 0
    starts: int = 16
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    template: str = ""
    convex: bool | None = None
    diagnose: int = 0

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise SweepError(
                f"no family is called {self.family!r}; there are {', '.join(FAMILIES)}"
            )
        if len(self.dims) < 3 or min(self.dims) < 1:
            raise SweepError("dims are at least three widths d_0, …, d_k, each at least 1")
        if self.size > 400:
            raise SweepError(f"{self.size} entries are too many for a sweep: at most 400")
        if self.diagnose < 0:
            raise SweepError("every how many-th problem to diagnose is at least 0")
        if self.count < 1 or self.starts < 2 or not 0 <= self.seed < 2**32:
            raise SweepError("count is at least 1, starts at least 2, seed from 0 to 2³² − 1")
        if bool(self.template) != (self.family == Template.name):
            raise SweepError("a template goes with the family expression, and only with it")
        for name, (low, high) in self.ranges.items():
            if not low <= high or not abs(low) + abs(high) < 1e6:
                raise SweepError(f"the range of {name} is not an interval: {low}, {high}")
            known = RANGES.get(self.family, ())
            if not self.template and name not in known:
                raise SweepError(
                    f"the family {self.family} has no parameter {name!r}; "
                    f"it has {', '.join(known) or 'none'}"
                )
            least = LEAST.get(name, low) if not self.template else low
            if low < least:
                raise SweepError(f"the range of {name} must not begin below {least:g}: {low:g}")
        self.make()

    @property
    def size(self) -> int:
        """The number of entries of all layers."""
        return sum(a * b for a, b in pairwise(self.dims))

    @property
    def block(self) -> int:
        """How many problems are searched side by side, the unit of work."""
        return max(1, min(LANES, ROOM // self.size**2) // self.starts)

    def make(self) -> Family:
        """The family, for products of these widths.

        Raises `SweepError` when it does not fit them.
        """
        shape = self.dims[-1], self.dims[0]
        if self.family == PerturbedIdentity.name and shape != (2, 2):
            raise SweepError("the family E01 is about 2×2 products: dims begin and end with 2")
        if self.family == Softmax.name and shape[0] < 2:
            raise SweepError("softmax needs at least two classes: d_k is at least 2")
        try:
            if self.family == Template.name:
                return Template(shape, self.ranges, self.template, self.convex)
            return FAMILIES[self.family](shape, self.ranges)
        except ValueError as fault:
            raise SweepError(str(fault)) from fault

    @property
    def command(self) -> str:
        """The command that runs this sweep.

        >>> Spec("E01", (2, 1, 2), 5, ranges={"c": (1.0, 3.0)}).command
        'proofkit sweep --family E01 --dims 2,1,2 --count 5 --range c=1.0:3.0 -o DIR'
        """
        parts = ["proofkit sweep --family", self.family, "--dims", ",".join(map(str, self.dims))]
        parts += ["--count", str(self.count)]
        for name, default in (("seed", 0), ("starts", 16), ("diagnose", 0)):
            if (value := getattr(self, name)) != default:
                parts += [f"--{name}", str(value)]
        for name, (low, high) in sorted(self.ranges.items()):
            parts += ["--range", f"{name}={low!r}:{high!r}"]
        if self.template:
            parts += ["--template", shlex.quote(self.template)]
        if self.convex is not None:
            parts.append("--convex" if self.convex else "--not-convex")
        return " ".join([*parts, "-o DIR"])

    def to_json(self) -> dict[str, Any]:
        """The specification as JSON data."""
        data = asdict(self) | {"dims": list(self.dims)}
        ranges = {name: list(ends) for name, ends in sorted(self.ranges.items())}
        return {"format": FORMAT} | data | {"ranges": ranges}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Spec:
        """The inverse of `to_json`; raises `SweepError` for anything else.

        >>> spec = Spec("E01", (2, 1, 2), 5, ranges={"c": (1.0, 3.0)})
        >>> Spec.from_json(spec.to_json()) == spec
        True
        """
        if data.get("format") != FORMAT:
            raise SweepError(f"this is not the specification of a sweep ({FORMAT})")
        try:
            fields = {key: value for key, value in data.items() if key != "format"}
            ranges = {name: (float(a), float(b)) for name, (a, b) in fields["ranges"].items()}
            return cls(**(fields | {"dims": tuple(fields["dims"]), "ranges": ranges}))
        except (KeyError, TypeError, AttributeError) as fault:
            raise SweepError(f"the specification of the sweep is damaged: {fault}") from fault
