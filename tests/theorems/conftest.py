"""What the tests of the results share: the checks every proved result must pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from proofkit.claims import Claim, LessEqual, encode
from proofkit.script import Hypothesis, Result, Route, ScriptError

NOTHING = LessEqual(0, 0)


def assert_proved(result: Result, route: str) -> None:
    """The route proves the statement, with nothing cited, admitted or left open."""
    run = result.run(route)
    assert run.theorem.conclusion == encode(result.statement)
    assert not run.theorem.hypotheses
    assert not run.footprint.cited
    assert not run.footprint.admitted


def variant(result: Result, at: int, claim: Claim = NOTHING) -> Result:
    """The result with one hypothesis replaced (by nothing, when no claim is given)."""
    given = list(result.given)
    given[at] = Hypothesis(claim, given[at].words)
    routes = {name: Route(name, route.script) for name, route in result.routes.items()}
    return Result(
        f"{result.id}-variant",
        result.title,
        result.variables,
        tuple(given),
        result.claim,
        routes=routes,
    )


def assert_refused(result: Result, route: str, at: int, claim: Claim = NOTHING) -> None:
    """The route does not go through when the hypothesis is replaced."""
    with pytest.raises(ScriptError):
        variant(result, at, claim).run(route)


@pytest.fixture
def proved() -> Callable[..., None]:
    return assert_proved


@pytest.fixture
def refused() -> Callable[..., None]:
    return assert_refused


@pytest.fixture
def needs_every_hypothesis() -> Callable[..., None]:
    """Each hypothesis is used: without it the route is refused."""

    def check(result: Result, route: str, spare: tuple[int, ...] = ()) -> None:
        for at in range(len(result.given)):
            if at not in spare:
                assert_refused(result, route, at)

    return check


def every_route(*results: Result) -> Any:
    """Parametrise over the routes of the results."""
    return pytest.mark.parametrize(
        ("result", "route"),
        [pytest.param(r, name, id=f"{r.id}-{name}") for r in results for name in r.routes],
    )
