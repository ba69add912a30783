"""Slopes and continuity: the claims, and the rules that make them."""

from __future__ import annotations

import re

import pytest

from proofkit import replay
from tests.replay.common import (
    INDEX,
    NAT,
    REAL,
    UNIT,
    Claim,
    atom,
    letters,
    meaning,
    number,
    proved,
    verdict,
)  # fmt: skip
from tests.replay.test_inferences import Inference, changes
from tests.replay.test_words import (
    SQUARE,
    A,
    N,
    X,
    Y,
    hadamard,
    of,
    one,
    r,
    s,
    terms,
    word,
)  # fmt: skip

B0, B1 = ("b", 0), ("b", 1)
F = ("var", "F", ("to", SQUARE, SQUARE))
f = ("var", "f", ("to", SQUARE, REAL))
g = ("var", "g", ("to", REAL, REAL))
curve = ("var", "c", ("to", REAL, SQUARE))
L = ("var", "L", ("to", SQUARE, SQUARE))
ell = ("var", "l", ("to", SQUARE, REAL))
k = ("var", "k", ("to", REAL, REAL))


def tr(*factors: Claim) -> Claim:
    """The trace of a product of letters, an atom."""
    return ("trace", letters(N, N, *factors)[3][0][0][1])


def lam(sort: Claim, body: Claim) -> Claim:
    return ("lam", sort, body)


# ── The claims ────────────────────────────────────────────────────────────────────────────────
CLAIMS = [
    ("slope", F, one(X), L),
    ("slope", f, one(X), ell),
    ("slope", ("word", "exp"), atom(r), ("word", "exp")),
    ("slope", word("inverse", N), one(X), lam(SQUARE, terms((-1, (), (X, B0, X))))),
    ("slope", curve, number(2), curve),
    # An integer's slope is real; what gives integers gives reals, too.
    ("slope", ("var", "i", ("to", SQUARE, INDEX)), one(X), ell),
    ("slope", ("var", "i", ("to", SQUARE, NAT)), one(X), ("var", "j", ("to", SQUARE, INDEX))),
    ("continuous", F, one(X)),
    ("continuous", ("var", "i", ("to", REAL, INDEX)), atom(r)),
    ("forall", SQUARE, ("continuous", word("determinant", N), one(B0))),
    ("forall", SQUARE, ("slope", F, one(B0), lam(SQUARE, one(B1, B0)))),
    ("not", ("slope", F, one(X), L)),
    ("implies", ("continuous", F, one(X)), ("not", ("continuous", F, one(X)))),
]


@pytest.mark.parametrize("number", range(len(CLAIMS)))
def test_claims(number: int) -> None:
    claim = CLAIMS[number]
    assert verdict(proved(claim)) == "accepted"
    assert meaning(meaning(claim)) is meaning(claim)


SHAPED = lam(SQUARE, ("mat", atom(("rank", one(B0))), UNIT, ()))
FAMILY = ("to", INDEX, SQUARE)


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        (("slope", F, one(X), ell), "of the sort to and is of to"),
        (("slope", f, one(X), L), "of the sort to and is of to"),
        (("slope", F, one(X), one(Y)), "of the sort to and is of matrix"),
        (("slope", F, atom(r), L), "of the sort matrix and is of real"),
        (("slope", F, letters(UNIT, UNIT), L), "of the sort matrix and is of matrix"),
        (("slope", ("word", "exp"), atom(r), atom(s)), "of the sort to and is of real"),
        (("slope", F, one(X)), "nothing that the format knows"),
        (("slope", F, one(X), L, L), "nothing that the format knows"),
        (("continuous", F, one(X), L), "nothing that the format knows"),
        (("continuous", F), "nothing that the format knows"),
        (("continuous", F, F), "of the sort matrix and is of to"),
        (("continuous", atom(r), atom(r)), "no function of a real"),
        (("continuous", SHAPED, one(X)), "no slopes between such sorts"),
        (("slope", SHAPED, one(X), SHAPED), "no slopes between such sorts"),
        (("continuous", ("word", "derivative"), ("word", "exp")), "no slopes between such sorts"),
        (("continuous", word("hadamard", N, N), one(X)), "no slopes between such sorts"),
        (("continuous", word("ones", N), N), "no function of a real or matrix"),
        (("continuous", ("var", "M", FAMILY), number(1)), "no function of a real or matrix"),
        (("continuous", ("var", "w", ("to", NAT, REAL)), number(1)), "no function of a real"),
    ],
)
def test_what_is_no_such_claim(claim: Claim, why: str) -> None:
    assert re.search(why, verdict(proved(claim)))


# ── Differentiation ───────────────────────────────────────────────────────────────────────────
def differentiated(body: Claim, point: Claim, slope: Claim, *given: Claim) -> Inference:
    """The slope of the function of Y with that body, by the slopes that are given."""
    sort = SQUARE if point[0] == "mat" else REAL
    function = lam(sort, body)
    says = ("slope", function, point, lam(sort, slope))
    hypotheses = tuple(dict.fromkeys(given))
    premises = [((p,), p) for p in given]
    return Inference("differentiate", premises, (function, point), (hypotheses, says))


H = B0  # below its binder in the slope, as Y in the body
EXP = ("word", "exp")
AT_X = ("slope", F, one(A, X), L)
INVERSE = ("slope", word("inverse", N), one(A, X), L)
OF_GRADIENT = ("slope", lam(SQUARE, one(("grad", f, one(B0)))), terms((2, (), (X,))), L)


def monomial(*factors: Claim, n: int = 1) -> Claim:
    """n times a product of atoms, a number."""
    powers: dict[Claim, int] = {}
    for x in factors:
        powers[x] = powers.get(x, 0) + 1
    return ("num", (((tuple(powers.items()), ()), (n, 1)),))


def total(*numbers: Claim) -> Claim:
    return ("num", tuple(term for e in numbers for term in e[1]))


def matrices(*ms: Claim) -> Claim:
    return (*ms[0][:3], tuple(term for m in ms for term in m[3]))


EXP_HERE = ("slope", EXP, atom(r), lam(REAL, monomial(word("exp", atom(r)), H)))
Case = tuple[Claim, Claim, Claim, tuple[Claim, ...]]
CASES: dict[str, Case] = {
    "nothing": (atom(r), one(X), ("num", ()), ()),
    "no matrix": (one(A), one(X), ("mat", N, N, ()), ()),
    "itself": (one(B0), one(X), one(H), ()),
    "a real itself": (atom(B0), atom(r), atom(H), ()),
    "transposed": (one((B0, 1), A), one(X), one((H, 1), A), ()),
    "a square": (
        atom(tr((B0, 1), B0, A)), one(X),
        number(0, (tr((H, 1), X, A), 1), (tr((X, 1), H, A), 1)), (),
    ),
    "a power": (monomial(B0, B0, B0, s, n=5), atom(r), monomial(r, r, H, s, n=15), ()),
    "a product": (
        monomial(tr(B0), tr(B0, A)), one(X),
        total(monomial(tr(H), tr(X, A)), monomial(tr(X), tr(H, A))), (),
    ),
    "a sum": (
        total(monomial(tr(B0), n=3), monomial(tr(A))), one(X), monomial(tr(H), n=3), (),
    ),
    "a matrix": (
        terms((2, (), (A, B0, (B0, 1))), (1, (), (Y,))), one(X),
        terms((2, (), (A, H, (X, 1))), (2, (), (A, X, (H, 1)))), (),
    ),
    "a curve": (
        ("mat", N, N, (((((B0, 2),), ((A, 0),)), (3, 1)),)),
        atom(r), terms((6, (r, H), (A,))), (),
    ),
    "number times matrix": (
        terms((1, (tr(B0),), (B0,))), one(X), terms((1, (tr(H),), (X,)), (1, (tr(X),), (H,))), (),
    ),
    "a value": (one(of(F, one(A, B0)), Y), one(X), one(of(L, one(A, H)), Y), (AT_X,)),
    "a value transposed": (
        one((of(F, one(A, B0)), 1), B0), one(X),
        matrices(one((of(L, one(A, H)), 1), X), one((of(F, one(A, X)), 1), H)), (AT_X,),
    ),
    "a word": (one(of(word("inverse", N), one(A, B0))), one(X), one(of(L, one(A, H))), (INVERSE,)),
    "a real word": (
        monomial(B0, word("exp", atom(B0))), atom(r),
        total(monomial(H, word("exp", atom(r))), monomial(r, word("exp", atom(r)), H)), (EXP_HERE,),
    ),
    "a value at a power": (  # each factor is a place of its own
        atom(of(g, monomial(B0, B0, B0))), atom(r), monomial(of(k, monomial(r, r, H)), n=3),
        (("slope", g, monomial(r, r, r), k),),
    ),
    "a linear word": (
        one(hadamard(A, one((B0, 1)))), one(X), one(hadamard(A, one((H, 1)))), (),
    ),
    "a word linear twice": (
        one(hadamard(B0, one(A, B0))), one(X),
        matrices(one(hadamard(H, one(A, X))), one(hadamard(X, one(A, H)))), (),
    ),
    "a linear word's number": (
        atom(word("entry", N, N, one(B0, A), number(1), number(2))), one(X),
        atom(word("entry", N, N, one(H, A), number(1), number(2))), (),
    ),
    "a gradient": (
        atom(tr((("grad", f, terms((2, (), (B0,)))), 1), A)), one(X),
        atom(tr((of(L, terms((2, (), (H,)))), 1), A)), (OF_GRADIENT,),
    ),
    "values in values": (
        atom(of(f, one(of(F, one(A, B0))))), one(X), atom(of(ell, one(of(L, one(A, H))))),
        (AT_X, ("slope", f, one(of(F, one(A, X))), ell)),
    ),
    "a value at a sum": (
        one(of(F, terms((1, (), (B0,)), (1, (), (A,)), (2, (), ((B0, 1),))))), one(X),
        matrices(one(of(L, one(H))), one(of(L, terms((2, (), ((H, 1),)))))),
        (("slope", F, terms((1, (), (X,)), (1, (), (A,)), (2, (), ((X, 1),))), L),),
    ),
}  # fmt: skip
HARMLESS = {"premise doubled", "premises reversed"}


@pytest.mark.parametrize("name", CASES)
def test_differentiate(name: str) -> None:
    body, point, slope, given = CASES[name]
    it = differentiated(body, point, slope, *given)
    assert it.checked() == ""
    for what, changed in changes(it):
        if what not in HARMLESS:
            assert changed.checked() or changed.same(it), what


@pytest.mark.parametrize("name", [name for name in CASES if not name.startswith("no")])
def test_a_slope_that_is_wrong(name: str) -> None:
    """By a factor, by a transpose, without a place, or at the point that is not moved."""
    body, point, slope, given = CASES[name]
    *head, ts = slope
    (key, (p, q)), *rest = ts
    wrong = [
        (*head, ((key, (2 * p, q)), *rest)),
        (*head, ((key, (-p, q)), *rest)),
        (*head, tuple(rest)),
        (*head, (*ts, ((key[0], key[1]), (1, 3)))),
        body,
    ]
    if key[1]:
        turned = tuple((x, 1 - t) for x, t in key[1])
        wrong.append((*head, (((key[0], turned), (p, q)), *rest)))
    for other in wrong:
        if meaning(("null", lam_free(other))) is not meaning(("null", lam_free(slope))):
            said = differentiated(body, point, other, *given).checked()
            assert said == "the rule does not give this conclusion", (said, other)
    for n, p in enumerate(given):
        assert (
            "not given" in differentiated(body, point, slope, *given[:n], *given[n + 1 :]).checked()
        )
        _, function, there, its = p
        doubled = (*there[:-1], tuple((k, (3 * a, b)) for k, (a, b) in there[-1]))
        other = ("slope", function, doubled, its)
        moved = differentiated(body, point, slope, *given[:n], other, *given[n + 1 :])
        assert "not given" in moved.checked()
        plain = ("continuous", function, there)
        weak = differentiated(body, point, slope, *given[:n], plain, *given[n + 1 :])
        assert "premises or data have not its form" in weak.checked()


def lam_free(body: Claim) -> Claim:
    """What stands below the binder of a matrix or a number, at a free variable of either sort."""
    kinds = (("var", "free", sort) for sort in (SQUARE, REAL))
    for v in kinds:
        there = replay.opened(replay.the(body), replay.the(v))
        try:
            return replay.Reader().read(there, ())[0]
        except replay.Refused:
            continue
    raise AssertionError(body)


SECOND = ("var", "G", ("to", SQUARE, ("to", SQUARE, SQUARE)))
NO_PLACE = {
    "rank": atom(("rank", one(B0))),
    "a chain": one(("chain", ("lam", INDEX, one(B1)), number(3), number(1))),
    "a sum": one(("sum", ("lam", INDEX, one(B1)), number(3), number(1))),
    "a member": one(("chain", ("lam", INDEX, one(B1)), number(3), number(3))),
    "the function of a value": one(of(SECOND, one(B0), one(A))),
    "both": one(of(SECOND, one(B0), one(B0))),
    "the function of a gradient": one(("grad", lam(SQUARE, atom(tr(B0, B1))), one(A))),
    "a size": atom(("rank", ("mat", atom(("rank", one(B0))), N, ()))),
    "an argument that is no linear one": one(
        word("entrywise", N, N, lam(REAL, monomial(B0, tr(B1))), A)
    ),
    "one of both kinds": one(word("hessian", N, N, f, B0, B0)),
    "in a function that is no linear word's": one(
        word("hessian", N, N, lam(SQUARE, atom(tr(B0, B1))), A, Y)
    ),
}


@pytest.mark.parametrize("name", NO_PLACE)
def test_no_place(name: str) -> None:
    """Y may not be there, whatever slopes are given."""
    body = NO_PLACE[name]
    zero = ("num", ()) if body[0] == "num" else ("mat", N, N, ())
    said = differentiated(body, one(X), zero, AT_X, INVERSE).checked()
    assert re.search("no rule for it|not given|no slopes between", said), said


def test_the_last_of_several_slopes_counts() -> None:
    other = ("slope", F, one(A, X), ("var", "K", ("to", SQUARE, SQUARE)))
    body, wanted = one(of(F, one(A, B0))), one(of(L, one(A, H)))
    assert differentiated(body, one(X), wanted, other, AT_X).checked() == ""
    assert differentiated(body, one(X), wanted, AT_X, other).checked()


def test_a_function_has_a_body() -> None:
    says = ("slope", F, one(X), L)
    it = Inference("differentiate", [((), says)], (F, one(X)), ((), says))
    assert it.checked() == "a function without a body"


def test_places_are_work() -> None:
    """Of a sum of a hundred words of eighty letters, each of them Y: eight thousand words."""
    words = tuple((1, (), (("var", f"M{n}", SQUARE), *(B0,) * 80)) for n in range(100))
    said = differentiated(terms(*words), one(X), one(H)).checked()
    assert "too large" in said or "more work" in said or "does not give" in said


# ── Continuity ────────────────────────────────────────────────────────────────────────────────
M = ("var", "M", FAMILY)
IN_F = ("continuous", F, one(A, Y))
IN_EXP = ("continuous", EXP, monomial(s, s))


def at(variable: Claim, value: Claim, point: Claim, body: Claim, *given: Claim) -> Inference:
    """Continuity of a value in the variable, at the point; the body is the value closed."""
    says = ("continuous", lam(variable[2], body), point)
    premises = [((p,), p) for p in given]
    hypotheses = tuple(dict.fromkeys(given))
    return Inference("continuous", premises, (variable, value, point), (hypotheses, says))


CONTINUOUS: dict[str, tuple[Claim, Claim, Claim, Claim, tuple[Claim, ...]]] = {
    "nothing": (X, one(A), one(Y), one(A), ()),
    "itself": (X, one(X), one(Y), one(B0), ()),
    "a polynomial": (
        X, terms((2, (tr(X, X), r), (X, (X, 1)))), one(Y),
        terms((2, (tr(B0, B0), r), (B0, (B0, 1)))), (),
    ),
    "a chain": (
        X, one(("chain", lam(INDEX, one(X, A)), number(5), number(1))), one(Y),
        one(("chain", lam(INDEX, one(B1, A)), number(5), number(1))), (),
    ),
    "a linear word": (
        X, one(hadamard(X, one(A, X))), one(Y), one(hadamard(B0, one(A, B0))), (),
    ),
    "a value": (X, one(of(F, one(A, X)), X), one(Y), one(of(F, one(A, B0)), B0), (IN_F,)),
    "a real word": (
        r, monomial(r, word("exp", monomial(r, r))), atom(s),
        monomial(B0, word("exp", monomial(B0, B0))), (IN_EXP,),
    ),
    "the point is the variable": (
        X, one(of(F, one(A, X))), one(A, X), one(of(F, one(A, B0))),
        (("continuous", F, one(A, A, X)),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTINUOUS)
def test_continuous(name: str) -> None:
    variable, value, point, body, given = CONTINUOUS[name]
    it = at(variable, value, point, body, *given)
    assert it.checked() == ""
    for what, changed in changes(it):
        if what not in HARMLESS:
            assert changed.checked() or same_continuity(changed, it), what
    if given:
        assert "not continuous" in at(variable, value, point, body).checked()
        _, function, there = given[0]
        elsewhere = ("continuous", function, (*there[:-1], ()))
        assert "not continuous" in at(variable, value, point, body, elsewhere).checked()
        steep = ("slope", function, there, function)
        assert "have not its form" in at(variable, value, point, body, steep).checked()


def same_continuity(changed: Inference, it: Inference) -> bool:
    """Whether what was changed is only how the same is said, or a variable that is bound then."""
    return changed.same(it) or changed.says == it.says


NOT_CONTINUOUS = {
    "rank": atom(("rank", one(X))),
    "a gradient": one(("grad", f, one(X))),
    "a value": atom(of(f, one(X))),
    "a word": one(word("inverse", N, one(X))),
    "one of both kinds": one(word("hessian", N, N, f, X, X)),
    "the function of a value": one(of(SECOND, one(X), one(A))),
    "both": one(of(SECOND, one(X), one(X))),
    "a function": atom(word("derivative", lam(REAL, monomial(B0, tr(X))), atom(r))),
    "in a function of a word": one(word("entrywise", N, N, lam(REAL, monomial(B0, tr(X))), A)),
    "below a binder": one(
        (
            "sum",
            lam(INDEX, terms((1, (of(g, total(monomial(tr(X)), monomial(B0))),), (A,)))),
            number(3),
            number(1),
        )
    ),
}


@pytest.mark.parametrize("name", NOT_CONTINUOUS)
def test_not_continuous(name: str) -> None:
    value = NOT_CONTINUOUS[name]
    body = replay.closed(replay.the(value), (replay.variable(replay.the(X)),))
    for given in ((), (IN_F, IN_EXP)):
        said = at(X, value, one(Y), body, *given).checked()
        assert re.search("not continuous|bound nowhere|no slopes between", said), said


def test_the_function_and_what_it_is_applied_to() -> None:
    """A function that varies is continuous at no fixed place; what is inside has to be, too."""
    varies = ("continuous", of(SECOND, one(Y)), one(A))
    for given in (varies, ("continuous", of(SECOND, one(X)), one(A))):
        said = at(
            X, one(of(SECOND, one(X), one(A))), one(Y), one(of(SECOND, one(B0), one(A))), given
        )
        assert "no slopes between" in said.checked()  # as G is not continuous by its sort
    inverse = word("inverse", N)
    value, body = (one(of(F, one(of(inverse, one(v))))) for v in (X, B0))
    outer, inner = ("continuous", F, one(of(inverse, one(Y)))), ("continuous", inverse, one(Y))
    assert at(X, value, one(Y), body, outer, inner).checked() == ""
    for given in (outer, inner):
        assert "not continuous" in at(X, value, one(Y), body, given).checked()


def test_a_variable_that_nothing_is_near_to() -> None:
    for v in (("var", "i", INDEX), ("var", "m", NAT)):
        said = at(v, atom(v), number(1), atom(B0)).checked()
        assert "no function of a real or matrix" in said
    said = at(M, one(("chain", M, UNIT, UNIT)), M, one(("chain", B0, UNIT, UNIT))).checked()
    assert "no function of a real or matrix" in said or "no slopes" in said


# ── Near, along a continuous map ──────────────────────────────────────────────────────────────
def along(value: Claim, *rest: Claim, then: Claim) -> Inference:
    """Near Y: something of F's value there; so near X, where the value is Y: of the value."""
    near = ("near", (SQUARE,), (one(Y),), ("rpos", atom(("trace", ((B0, 0),)))))
    says = ("near", (SQUARE,), (one(A),), ("rpos", then))
    premises = [((p,), p) for p in (near, *rest)]
    hypotheses = tuple(dict.fromkeys((near, *rest)))
    data = ((X,), (one(A),), (value,))
    return Inference("near: along a continuous map", premises, data, (hypotheses, says))


def test_near_along_a_continuous_map() -> None:
    value, here = one(of(F, one(X))), one(of(F, one(A)))
    there = ("null", matrices(here, terms((-1, (), (Y,)))))
    smooth, then = ("continuous", F, one(A)), atom(tr(of(F, one(B0))))
    it = along(value, there, smooth, then=then)
    assert it.checked() == ""
    for what, changed in changes(it):
        if what != "premise doubled":
            assert changed.checked() or changed.same(it), what
    assert along(value, there, smooth, IN_F, smooth, then=then).checked() == ""
    assert "not continuous" in along(value, there, then=then).checked()
    assert "not continuous" in along(value, there, ("continuous", F, one(Y)), then=then).checked()
    for rest in ((smooth, there), (smooth,), (there, there, smooth), (there, AT_X)):
        assert "equation for a centre" in along(value, *rest, then=then).checked()


def test_near_along_a_linear_word() -> None:
    value, here = one(hadamard(X, Y)), one(hadamard(A, Y))
    there = ("null", matrices(here, terms((-1, (), (Y,)))))
    then = atom(tr(hadamard(B0, Y)))
    assert along(value, there, then=then).checked() == ""
    assert along(value, there, then=atom(tr(hadamard(A, Y)))).checked()
    word_value, word_there = one(word("inverse", N, one(X))), one(word("inverse", N, one(A)))
    there = ("null", matrices(word_there, terms((-1, (), (Y,)))))
    then = atom(tr(word("inverse", N, one(B0))))
    assert "not continuous" in along(word_value, there, then=then).checked()
    smooth = ("continuous", word("inverse", N), one(A))
    assert along(word_value, there, smooth, then=then).checked() == ""
