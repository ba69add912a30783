"""Relations between traces, names for terms, and symmetric letters in certificates."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit import kernel
from proofkit.claims import Equal, ForAll, LessEqual, encode
from proofkit.script import Fact, Proof, ScriptError, algebra, known
from proofkit.script.definitions import let
from proofkit.script.matrix_traces import traces
from proofkit.symbols import (
    Identity,
    MatrixVariable,
    encode_term,
    natural,
    norm_squared,
    real,
    trace,
    vector,
)
from proofkit.symbols.faults import LanguageError

m, n, c = natural("m"), natural("n"), real("c")
P, S = MatrixVariable("P", m, m), MatrixVariable("S", m, m)
A, B = MatrixVariable("A", m, n), MatrixVariable("B", n, m)
v = vector("v", m)


def given(*claims: Any) -> tuple[Proof, list[Fact]]:
    p = Proof()
    return p, [p.given(claim) for claim in claims]


def test_a_trace_turns_round_by_itself() -> None:
    p, _ = given()
    p.have(Equal(trace(A * B), trace(B * A)), traces())
    p.have(Equal(trace(P), trace(P.T)), traces())


def test_an_equation_is_used_across_the_ends_of_a_trace() -> None:
    p, (unit,) = given(Equal(v.T * v, Identity(1)))
    p.have(Equal(trace(v * v.T), 1), traces(unit))
    p.have(Equal(trace(v.T * S * v * (v.T * v)), trace(v.T * S * v)), traces(unit))


def test_a_symmetric_letter_fits_its_transpose() -> None:
    p, (symmetric, keeps) = given(Equal(P.T, P), Equal(P * A, A))
    p.have(Equal(trace(A.T * P * A), trace(A.T * A)), traces(keeps))
    p.have(Equal(trace(P * S), trace(P * S.T)), traces(symmetric))
    p.have(Equal(A.T * P, A.T), algebra(symmetric, keeps))
    with pytest.raises(ScriptError):
        p.have(Equal(A.T * P, A.T), algebra(keeps))
    with pytest.raises(ScriptError):
        p.have(Equal(trace(P * S), trace(P * S.T)), traces())


def test_an_antisymmetric_letter_is_not_taken_for_a_symmetric_one() -> None:
    p, (turned,) = given(Equal(S.T, -S))
    with pytest.raises(ScriptError):
        p.have(Equal(trace(P * S), trace(P * S.T)), traces(turned))


def test_relations_are_combined() -> None:
    p, (equal, less) = given(Equal(trace(S), 2 * c), LessEqual(trace(S), trace(P)))
    p.have(LessEqual(c, trace(P) / 2), traces(equal, less))
    with pytest.raises(ScriptError, match="an equation does not follow from inequalities"):
        p.have(Equal(c, trace(P) / 2), traces(equal, less))
    with pytest.raises(ScriptError):
        p.have(LessEqual(trace(P), trace(S)), traces(less))


def test_an_index_relation_is_refused() -> None:
    p, (sizes,) = given(LessEqual(m, n))
    with pytest.raises(ScriptError, match="not a relation between real numbers"):
        p.have(LessEqual(0, trace(P)), traces(sizes))


def test_what_is_false_is_not_proved() -> None:
    p, (idempotent,) = given(Equal(P * P, P))
    square = p.have(LessEqual(0, norm_squared(P)), known("square norm", P))
    with pytest.raises(ScriptError):
        p.have(LessEqual(0, trace(P * S)), traces(square, idempotent))
    with pytest.raises(ScriptError):
        p.have(LessEqual(0, trace(P)), traces(square))


def test_a_name_stands_for_its_term() -> None:
    p, _ = given()
    named = let(p, P, A * B, "Let {P} be the product.", P=P)
    assert named.claim == Equal(P, A * B)
    p.have(Equal(trace(P * P), trace(B * A * B * A)), traces(named))


def test_the_trace_of_an_identity_is_its_size() -> None:
    square = MatrixVariable("Z", m, m)
    three = kernel.assume(encode(ForAll(square, Equal(trace(square * square.T), 3))))
    here = kernel.instantiate(three, encode_term(Identity(m)))
    assert here.conclusion == encode(Equal(trace(Identity(m)), 3))
    assert here.conclusion == encode(Equal(m, 3))


def test_the_trace_of_an_identity_between_other_sizes_is_refused() -> None:
    wide = kernel.assume(encode(ForAll(A, Equal(trace(A * A.T), 3))))
    with pytest.raises(LanguageError):
        kernel.instantiate(wide, encode_term(Identity(m)))
