"""An environment gives every symbol of a proof a concrete value.

Indices are integers, widths a function of the layer, families their layers, functions losses or
closed function terms (σ may be tanh), matrices `ExactMatrix` or (batches of) `FloatMatrix`, reals
exact numbers or `FloatScalar`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Generic, NoReturn, TypeAlias, TypeVar

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.matrices import Matrix

__all__ = ["Descents", "Environment", "Later", "Layers", "OutOfRange", "Unsuitable"]


class Memo:
    """What was computed already, the most recent of it: shared by related environments.

    ``batch`` is how many networks one value speaks of: the memory that is held does not grow with
    it.
    """

    SIZE = 1 << 20
    LEAST, MOST = 200, 400

    def __init__(self, batch: int = 1) -> None:
        self._size = min(max(self.SIZE // batch, self.LEAST), self.MOST)
        self._values: OrderedDict[Any, tuple[Any, Any]] = OrderedDict()

    def get(self, what: Any, values: tuple[Any, ...]) -> Any | None:
        """What was computed from these values, if it is remembered."""
        return self.at((what, *map(_identity, values)))

    def put(self, what: Any, values: tuple[Any, ...], value: Any) -> None:
        """Remember a value; what it was computed from is kept, so that no identity comes twice."""
        self.set((what, *map(_identity, values)), values, value)

    def at(self, key: tuple[Any, ...]) -> Any | None:
        """What is remembered under a key that was made of identities already."""
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def set(self, key: tuple[Any, ...], values: tuple[Any, ...], value: Any) -> None:
        """Remember a value under such a key."""
        self._values[key] = (value, values)
        if len(self._values) > self._size:
            self._values.popitem(last=False)


def _identity(value: Any) -> int:
    return value if type(value) is int else id(value)


REMEMBERED = 1 << 15
"""How many terms are known by sight, for each thing there is to know of them."""

T = TypeVar("T")


class BySight(Generic[T]):
    """What is worked out once for each term, and then known by the term's identity.

    Comparing terms takes ten times as long.

    >>> length = BySight(len)
    >>> length("abc")
    3
    """

    def __init__(self, work_out: Callable[[Any], T]) -> None:
        self._work_out = work_out
        self._known: dict[int, tuple[Any, T]] = {}

    def __call__(self, term: Any) -> T:
        known = self._known.get(id(term))
        if known is None:
            found = self._work_out(term)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            # The term is kept, so that its identity does not pass to another.
            known = self._known[id(term)] = (term, found)
        return known[1]


_numbers: dict[Any, int] = {}

number_of = BySight(lambda symbol: _numbers.setdefault(symbol, len(_numbers)))
"""The number of a symbol in this process, the same for equal symbols; values are kept by it."""


class OutOfRange(IndexError):
    """A layer, width or chain that the concrete network does not have."""


class Unsuitable(ValueError):
    """A network that a result does not speak about, such as several towers for one."""


@dataclass(frozen=True)
class Layers:
    """A concrete family: its members by index.

    >>> Layers({1: ExactMatrix.identity(2)}).member(1).shape
    (2, 2)
    """

    members: Mapping[Any, Matrix]

    def member(self, at: Any) -> Matrix:
        """The member at an index; `OutOfRange` when there is none."""
        if at not in self.members:
            raise OutOfRange(f"no member {at}; there are {sorted(self.members)}")
        return self.members[at]


class Later(Mapping[Any, T]):
    """A mapping that is worked out when it is first asked for anything.

    >>> squares = Later(lambda: {n: n * n for n in range(4)})
    >>> squares[3], 5 in squares
    (9, False)
    """

    def __init__(self, work_out: Callable[[], Mapping[Any, T]]) -> None:
        self._work_out = work_out

    @cached_property
    def _found(self) -> Mapping[Any, T]:
        return self._work_out()

    def __getitem__(self, key: Any) -> T:
        return self._found[key]

    def __contains__(self, key: object) -> bool:
        return key in self._found

    def __iter__(self) -> Iterator[Any]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


Descents: TypeAlias = tuple[Callable[[Fraction], Layers], ...]


@dataclass(frozen=True)
class Environment:
    """Values for symbols, the arithmetic (exact or float), and the number of instances.

    ``slots`` are the values by their symbols' numbers.
    ``memo`` remembers what terms are worth, which their symbols' values settle; environments may
    share it.  ``tried`` remembers what came of trying a claim on samples, which this environment
    chose.  ``known`` are claims settled by other means than trying, with whether they hold and
    why: a certified local minimum, for instance.  ``descents`` gives known ways down from
    the network: curves t ↦ the layers at t, which claims about all points near it are tried on
    besides random directions.  ``directions`` are how many random ones are tried around a point,
    around points near it, and so on; ``nesting`` counts the claims about near points that the
    present one stands in.  ``junk`` gives words a value outside their domains, where facts about
    all values that they may have are tried.
    """

    values: Mapping[Any, Any]
    exact: bool = True
    batch: int = 1
    seed: int = 0
    known: Mapping[Any, tuple[bool, str]] = field(default_factory=dict, compare=False)
    descents: Callable[[], Descents] = tuple
    nesting: int = 0
    junk: Callable[[str, Any, Any], Any] | None = None
    directions: tuple[int, ...] = (6, 2, 1)
    memo: Memo = field(default=None, compare=False, repr=False)  # type: ignore[assignment]
    tried: Memo = field(default=None, compare=False, repr=False)  # type: ignore[assignment]
    slots: Mapping[int, Any] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        slots = {number_of(symbol): value for symbol, value in self.values.items()}
        object.__setattr__(self, "slots", slots)
        for name in ("memo", "tried"):
            if getattr(self, name) is None:
                object.__setattr__(self, name, Memo(self.batch))

    def having(self, values: Mapping[Any, Any]) -> Environment:
        """The environment with more symbols, or others of the same name, given values."""
        # As `replace` does, in a third of the time: there are hundreds of thousands of them.
        other = object.__new__(Environment)
        other.__dict__.update(self.__dict__)
        other.__dict__["values"] = {**self.values, **values}
        slots = other.__dict__["slots"] = {**self.slots}
        for symbol, value in values.items():
            slots[number_of(symbol)] = value
        return other

    def __reduce__(self) -> NoReturn:
        raise TypeError("an environment belongs to its process: it knows symbols by number")

    def nested(self) -> Environment:
        """The environment inside a claim about near points."""
        return replace(self, nesting=self.nesting + 1)

    def __getitem__(self, symbol: Any) -> Any:
        try:
            return self.slots[number_of(symbol)]
        except KeyError:
            raise OutOfRange(f"{symbol} has no value here") from None

    @property
    def kind(self) -> Callable[..., Matrix]:
        """The matrix class of this arithmetic."""
        return ExactMatrix if self.exact else FloatMatrix

    def identity(self, n: int) -> Matrix:
        """The n×n identity."""
        return self.kind.identity(n)  # type: ignore[attr-defined,no-any-return]

    def zeros(self, rows: int, cols: int) -> Matrix:
        """The zero matrix."""
        return self.kind.zeros(rows, cols)  # type: ignore[attr-defined,no-any-return]
