"""A pack: results, and how their symbols get values on examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from proofkit.evaluate import Environment, Unsuitable
from proofkit.evaluate.instances import meeting
from proofkit.networks.network import Network
from proofkit.packs.about import About
from proofkit.packs.faults import PackError
from proofkit.packs.values import Values, check_shapes
from proofkit.script import Result
from proofkit.script.places import raised_at, told
from proofkit.symbols import MatrixVariable
from proofkit.trace import Illustration, ResultTrace

if TYPE_CHECKING:
    from proofkit.walkthroughs.data import Walkthrough

__all__ = ["Example", "Pack"]

Example: TypeAlias = Network | Values
"""What a result is shown on."""


@dataclass(eq=False)
class Pack:
    """Results in order, their examples, and how these give the results' symbols values.

    A name, a title and results are enough: what is shown is then an instance that is drawn, and
    each result is tried on small random instances on which its hypotheses hold.

    ``examples`` are plain values, ``{X: [[1, 2]], …}`` (see `Values.of`), or several of these by
    name; or a network file, or a folder of such files, with ``values(network)`` giving variables
    their values there.

    A paper about networks says more.  ``examples()`` may be a function that maps names to network
    files; ``environment(network, seed, result)`` gives the symbols of a result values on a
    network; ``exact(seed, count, result)`` and ``batches(seed, count, result)`` do so on random
    exact networks and on batches of random float networks, by name.
    ``main`` names the example a result is shown on when none is asked for; ``auxiliary`` are
    results that are not the paper's own but are used by its proofs; ``figures(trace, network)``
    draws what belongs beside a result; ``walkthroughs`` maps results to what a reader can do
    there; ``experiments`` maps names to summaries of sweeps (`proofkit sweep summarise`), each a
    page of the pack's reports.  ``memory`` holds what giving symbols their values found out about
    networks, if that takes long: plain data by the contents of the network, which one process may
    take over from another.  Beside its reports stands the ``handbook`` of proofkit if that is set;
    ``about`` tells what the paper is.
    """

    name: str
    title: str
    results: Sequence[Result]
    examples: Any = None
    environment: Callable[[Any, int, Result], Any] = None  # type: ignore[assignment]
    exact: Callable[[int, int, Result], dict[str, Any]] = None  # type: ignore[assignment]
    batches: Callable[[int, int, Result], dict[str, Any]] = None  # type: ignore[assignment]
    main: dict[str, str] = field(default_factory=dict)
    auxiliary: Sequence[Result] = ()
    figures: Callable[[ResultTrace, Any], Sequence[Illustration]] | None = None
    walkthroughs: Mapping[str, Walkthrough] = field(default_factory=dict)
    experiments: Callable[[], dict[str, Any]] = dict
    memory: dict[str, Any] = field(default_factory=dict)
    values: Callable[[Network], Mapping[Any, Any]] | None = None
    handbook: bool = False
    about: About | None = None

    def __post_init__(self) -> None:
        if isinstance(self.results, Result):
            one = self.results.id
            raise PackError(f"the results of the pack {self.name} are a list: [{one}, …]")
        self.results, self.auxiliary = tuple(self.results), tuple(self.auxiliary)
        if self.values is not None and not callable(self.values):
            raise PackError(
                f"values of the pack {self.name} is a function of a network, not "
                f"{self.values!r:.60}: def values(network): return {{symbol: its value, …}}"
            )
        self.examples = _examples(self.examples)
        if self.environment is None:
            self.environment = self._on_network
        if self.exact is None:
            self.exact = _random
        if self.batches is None:
            self.batches = lambda seed, count, result: {}

    @property
    def everything(self) -> tuple[Result, ...]:
        """The results, then the auxiliary ones that they rest on."""
        return (*self.results, *self.auxiliary)

    def __getitem__(self, id: str) -> Result:
        for r in self.everything:
            if r.id == id:
                return r
        raise KeyError(id)

    def on(self, example: Example, seed: int, result: Result) -> Environment:
        """The values of the result's symbols on an example; `Unsuitable` if it gives none."""
        if isinstance(example, Values):
            return example.environment(result, seed)
        env: Environment = self.environment(example, seed, result)
        return env

    def example_for(self, result: Result) -> str:
        """The name of the example that a result is shown on; "" if the pack has none for it.

        An instance is then drawn (`Values.drawn`).
        """
        if result.id in self.main:
            return self.main[result.id]
        for name, example in self.examples().items():
            if not isinstance(example, Values):
                return str(name)
            if all(v in example.values for v in result.variables):
                return str(name)
        return ""

    def _on_network(self, network: Network, seed: int, result: Result) -> Environment:
        if self.values is None:
            raise Unsuitable(f"the pack {self.name} does not say what its symbols are on a network")
        whose = f"values(network) of the pack {self.name}, on {network.title!r}"
        try:
            given = self.values(network)
        except Unsuitable:
            raise
        except Exception as fault:  # whatever the function does wrong, in words
            file, line = raised_at(fault)
            widths = ", ".join(map(str, network.dims))
            raise PackError(
                f"{whose} (widths {widths}), stopped with {told(fault)}\n  {file}, line {line}"
            ) from fault
        if not isinstance(given, Mapping):
            raise PackError(
                f"values(network) of the pack {self.name} returns {given!r}, and no dict"
            )
        env = Environment(dict(given), network.exact, 1, seed)
        matrices = [v for v in result.variables if isinstance(v, MatrixVariable)]
        missing = [v for v in result.variables if v not in env.values]
        if missing and any(v in env.values for v in matrices):
            names = ", ".join(map(str, missing))
            raise PackError(f"{whose}, gives {names} no value, and {result.id} speaks of it")
        if not missing:  # a result whose matrices have no values at all is not about networks
            check_shapes(env, result.variables, f"{whose},")
        return env


def _examples(given: Any) -> Callable[[], dict[str, Any]]:
    """The examples by name, as a function: files are looked for when they are needed."""
    if callable(given):
        found: Callable[[], dict[str, Any]] = given
        return found
    if isinstance(given, Mapping):
        named = given if all(isinstance(key, str) for key in given) else {"example": given}
        read = {name: Values.of(name, values) for name, values in named.items()}
        return lambda: dict(read)
    return lambda: _files(given)


def _files(place: str | Path | None) -> dict[str, Any]:
    if place is None:
        return {}
    path = Path(place)
    paths = sorted(path.glob("*.json")) if path.is_dir() else [path]
    return {file.stem: file for file in paths}


def _random(seed: int, count: int, result: Result) -> dict[str, Environment]:
    found = meeting(result.variables, [h.claim for h in result.given], seed, count)
    return {f"random instance {n}": env for n, env in enumerate(found, start=1)}
