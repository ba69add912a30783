"""Beats: what one says at the blackboard, and the levels of the steps beneath it."""

import pytest

from proofkit.claims import Equal, Exists, ForAll, Implies, NonZero
from proofkit.evaluate.traces import traced
from proofkit.script import Result, ScriptError, algebra, result, witness
from proofkit.symbols import MatrixVariable, natural, vector
from proofkit.trace import StepTrace

n = natural("n")
A, B, C = (MatrixVariable(name, n, n) for name in "ABC")


def three_factors() -> Result:
    """AB = B and BC = B: A does nothing to B from the left, C nothing from the right."""
    return result(
        "three-factors",
        "Three factors",
        variables=(n, A, B, C),
        given=[(Equal(A * B, B), "AB is B"), (Equal(B * C, B), "BC is B")],
        claim=Equal(A * A * B * C, B),
    )


def proved(script: object) -> Result:
    r = three_factors()
    r.route()(script)  # type: ignore[arg-type]
    return r


def steps(r: Result) -> dict[str, StepTrace]:
    return {step.number: step for step in traced(r, r.run()).steps for step in step.walk()}


def test_the_facts_of_a_beat_stay_in_scope_and_its_claim_is_its_last() -> None:
    r = three_factors()

    def script(p, product, same):  # type: ignore[no-untyped-def]
        with p.beat("First."):
            fixed = p.have(Equal(A * A * B, B), algebra(product))
        with p.beat("Second."):
            p.have(Equal(A * A * B * C, B), algebra(fixed, same))

    r.route()(script)
    found = steps(r)
    assert found["1"].kind == "beat" and found["1"].claim == Equal(A * A * B, B)
    assert found["2"].claim == Equal(A * A * B * C, B)
    assert found["2.1"].uses == ("H2", "1.1")


def r_two() -> Result:
    r = three_factors()

    def script(p, product, same):  # type: ignore[no-untyped-def]
        with p.beat("First."):
            bare = p.have(Equal(A * A * B, B), algebra(product))
            once = p.have(Equal(A * A * B * C, B * C), algebra(bare), "Times {C}.", C=C)
        with p.beat("Second."):
            p.have(Equal(A * A * B * C, B), algebra(once, same), "So.")

    r.route()(script)
    return r


def test_levels_and_what_a_sentence_cites() -> None:
    found = steps(r_two())
    assert {number: s.level for number, s in found.items()} == {
        "H1": 3,
        "H2": 3,
        "1": 1,
        "1.1": 3,
        "1.2": 2,
        "2": 1,
        "2.1": 2,
    }
    # 1.2 uses the bare 1.1, which rests on a hypothesis: that is what a reader is told.
    assert found["1.2"].uses == ("1.1",)
    assert found["1.2"].cites == ("H1",)
    assert found["2.1"].cites == ("H2", "1.2")
    assert found["2"].cites == ("H2", "1")


def test_a_supposition_is_cited_as_the_block_that_opens_with_it() -> None:
    v = vector("v", n)
    r = result(
        "kernel",
        "Kernel",
        variables=(n, A, B),
        given=[(Equal(B, A), "they agree")],
        claim=ForAll(v, Implies(Equal(A * v, 0), Equal(B * v, 0))),
    )

    def script(p, same):  # type: ignore[no-untyped-def]
        with (
            p.beat("The kernels agree."),
            p.for_all(v, given=[Equal(A * v, 0)], words="Take {v} from the kernel.", v=v) as block,
        ):
            p.have(Equal(B * v, 0), algebra(same, *block.given), "The same product.")

    r.route()(script)
    found = steps(r)
    assert found["1.1"].level == 2 and found["1.1.1"].level == 3
    assert found["1.1.2"].uses == ("H1", "1.1.1")
    assert found["1.1.2"].cites == ("H1", "1.1")


def test_what_is_obtained_in_a_beat_is_there_after_it() -> None:
    v = vector("v", n)
    exists = Exists(v, NonZero(v))
    r = result("some", "Some", variables=(n,), given=[(exists, "some v")], claim=exists)

    def script(p, some):  # type: ignore[no-untyped-def]
        with p.beat("Take one."):
            (nonzero,) = p.obtain(some, v)
        with p.beat("There it is."):
            p.have(exists, witness(v, facts=[nonzero]), "Here.")

    r.route()(script)
    assert r.theorem().conclusion


def beats(count: int) -> Result:
    def script(p, product, same):  # type: ignore[no-untyped-def]
        for n in range(count - 1):
            with p.beat(f"Beat {n}."):
                p.have(Equal(A * A * B, B), algebra(product))
        with p.beat("The end."):
            p.have(Equal(A * A * B * C, B), algebra(product, same))

    return proved(script)


def test_faults() -> None:
    with pytest.raises(ScriptError, match="at most 9 beats"):
        beats(10).run()

    def empty(p, product, same):  # type: ignore[no-untyped-def]
        with p.beat("Nothing."):
            pass

    with pytest.raises(ScriptError, match="holds no step"):
        proved(empty).run()

    def nested(p, product, same):  # type: ignore[no-untyped-def]
        with p.beat("Outer."), p.beat("Inner."):
            p.have(Equal(A * A * B * C, B), algebra(product, same))

    with pytest.raises(ScriptError, match="inside a beat"):
        proved(nested).run()

    def other(p, product, same):  # type: ignore[no-untyped-def]
        with p.beat("Else.", show=Equal(A * B, B)):
            p.have(Equal(A * A * B * C, B), algebra(product, same))

    with pytest.raises(ScriptError, match="was announced"):
        proved(other).run()
