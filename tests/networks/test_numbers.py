"""Numbers are read exactly, refused with a reason, and written so that they read back."""

import time
from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from proofkit.networks.numbers import format_number, parse_number
from proofkit.networks.scalars import sign
from proofkit.networks.tokens import MAX_DIGITS, NotationError

ROOT5 = sympy.sqrt(5)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (7, Fraction(7)),
        ("3/5", Fraction(3, 5)),
        ("-3/5", Fraction(-3, 5)),
        ("0.25", Fraction(1, 4)),
        (".5", Fraction(1, 2)),
        ("2.5e-1", Fraction(1, 4)),
        ("1e3", Fraction(1000)),
        (" ( 1 + 2 ) * 3 ", Fraction(9)),
        ("2**-3", Fraction(1, 8)),
        ("-2**2", Fraction(-4)),
        ("(-2)**3", Fraction(-8)),
        ("7 - 2 - 1", Fraction(4)),
        ("8/2/2", Fraction(2)),
        ("4**(1/2)", Fraction(2)),
        ("8**(1/3)", Fraction(2)),
        ("sqrt(4/9)", Fraction(2, 3)),
        ("sqrt(2)**2", Fraction(2)),
        ("sqrt(3 + 2*sqrt(2)) - sqrt(2)", Fraction(1)),
        ("exp(0) + log(1)", Fraction(1)),
        ("exp(log(5))", Fraction(5)),
        ("sqrt(5)/8", ROOT5 / 8),
        ("-3*sqrt(5)/4", -3 * ROOT5 / 4),
        ("2*log(2)", 2 * sympy.log(2)),
        ("exp(-2)", sympy.exp(-2)),
        ("3*exp(-2)+1", 3 * sympy.exp(-2) + 1),
        ("2**(1/3)", sympy.cbrt(2)),
    ],
)
def test_exact_numbers(written: object, number: object) -> None:
    parsed = parse_number(written)
    assert parsed == number
    assert isinstance(parsed, Fraction) == isinstance(number, Fraction)


@pytest.mark.parametrize("value", [0.1, -0.0, 1e-320, 1.7976931348623157e308])
def test_a_json_float_stays_a_float(value: float) -> None:
    parsed = parse_number(value)
    assert isinstance(parsed, float)
    assert repr(parsed) == repr(value) == repr(format_number(parsed))


@pytest.mark.parametrize(
    ("written", "column", "fragments"),
    [
        (True, None, ["true and false are not numbers", "found true"]),
        (None, None, ["this is not a number", "found null"]),
        ([], None, ["found a list"]),
        ({}, None, ["found an object"]),
        (float("nan"), None, ["not finite", "nan"]),
        (float("inf"), None, ["not finite", "inf"]),
        (10**MAX_DIGITS, None, ["too large", "13,287 bits"]),
        ("", 1, ["something is missing", "the end of the text"]),
        ("1 2", 3, ["goes on", "an operator", "'2'"]),
        ("2^3", 2, ["'**' for a power"]),
        ("(1", 3, ["opened at column 1 is not closed", "expected ')'"]),
        ("1)", 2, ["goes on", "')'"]),
        ("2*", 3, ["something is missing", "expected a number, '('"]),
        ("1/0", 2, ["divides by zero"]),
        ("1/(1 - 1)", 2, ["divides by zero"]),
        ("0**-1", 2, ["divides by zero"]),
        ("1/(log(6) - log(2) - log(3))", 2, ["divides by zero"]),
        ("1/(sqrt(3 + 2*sqrt(2)) - 1 - sqrt(2))", 2, ["divides by zero"]),
        ("sqrt(-1)", 1, ["root of a negative number"]),
        ("(-8)**(1/3)", 5, ["root of a negative number"]),
        ("log(0)", 1, ["positive argument"]),
        ("1 + log(-2)", 5, ["positive argument"]),
        ("w11", 1, ["not known", "'w11'"]),
        ("pi", 1, ["not known", "'pi'"]),
        ("sqr(2)", 1, ["not known", "expected sqrt(…)", "'sqr'"]),
        ("sqrt 2", 6, ["argument in parentheses is missing", "expected '('"]),
        ("__import__('os')", 12, ["no meaning", '"\'"']),
        ("1.2.3", 4, ["goes on"]),
        ("1_000", 2, ["goes on"]),
        ("٣", 1, ["no meaning"]),
        ("2**sqrt(2)", 4, ["exponent must be a rational constant"]),
        ("2**3**4", 5, ["power of a power needs parentheses"]),
        ("2**1001", 4, ["exponent is too large", "1,000"]),
        ("2**(1/0)", 6, ["divides by zero"]),
        ("exp(5001)", 1, ["argument of exp is too large"]),
        ("exp(exp(9))", 1, ["argument of exp is too large"]),
        ("1e99999", 1, ["too many digits"]),
        ("1e" + "9" * 5000, 1, ["too many digits"]),
        ("9" * (MAX_DIGITS + 1), 1, ["too many digits"]),
        ("1" * 10_001, None, ["too long", "10,000 characters", "10,001 characters"]),
        ("(10**1000)**1000", 11, ["too large"]),
        ("(1 + sqrt(2))**33", 14, ["too involved", "to lower powers"]),
        ("(1 + 2**(1/13))**200", 16, ["too involved"]),
        ("(1 + sqrt(1 + sqrt(1 + sqrt(2))))**9", 34, ["too involved"]),
        ("sqrt(2)*sqrt(10**700 + 1)", 9, ["too large", "2,048 if not rational"]),
        ("(" * 65 + "1" + ")" * 65, 65, ["nests too deeply", "64 levels"]),
        ("-" * 65 + "1", 65, ["nests too deeply"]),
        ("+".join(f"sqrt({p})" for p in range(2, 250)), None, ["200 operations"]),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_refusals_say_where_and_why(
    written: object, column: int | None, fragments: list[str]
) -> None:
    def spent(work: Callable[[], object]) -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    def refused() -> NotationError:
        with pytest.raises(NotationError) as caught:
            parse_number(written)
        return caught.value

    usual = min(spent(lambda: parse_number("sqrt(2) + sqrt(3)")) for _ in range(3))
    # It ends at once, rather than in years.  The least of three, as the collector takes its time.
    assert min(spent(refused) for _ in range(3)) < 5000 * usual
    caught = refused()
    if column is not None:
        assert caught.column == column
    for fragment in fragments:
        assert fragment in str(caught)
    assert len(str(caught)) < 300


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (Fraction(0), 0),
        (Fraction(-4), -4),
        (Fraction(2**53), 2**53),
        (Fraction(2**53 + 1), str(2**53 + 1)),
        (Fraction(-3, 5), "-3/5"),
        (ROOT5 / 8, "sqrt(5)/8"),
        (sympy.E, "exp(1)"),
        (3 * sympy.exp(-2) + 1, "3*exp(-2) + 1"),
    ],
)
def test_written_form(number: object, written: object) -> None:
    assert format_number(number) == written


@pytest.mark.parametrize(
    "number",
    [float("nan"), float("-inf"), Fraction(10**MAX_DIGITS)],
    ids=["nan", "infinity", "large"],
)
def test_what_could_not_be_read_back_is_not_written(number: float | Fraction) -> None:
    with pytest.raises(NotationError):
        format_number(number)


rationals = st.fractions(max_denominator=60).filter(lambda value: abs(value) < 1000)
square_roots = st.integers(2, 12).map(lambda n: f"sqrt({n})")
constants = st.recursive(
    st.one_of(rationals.map(lambda value: f"({value})"), square_roots),
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from("+-*/"), part).map("({0[0]} {0[1]} {0[2]})".format),
        part.map("-{}".format),
        st.tuples(part, st.integers(-3, 3)).map("({0[0]})**({0[1]})".format),
        part.map("exp({}/1000)".format),
    ),
    max_leaves=4,
)


@given(constants)
def test_what_is_written_reads_back(text: str) -> None:
    try:
        number = parse_number(text)
    except NotationError as refusal:
        assert any(reason in str(refusal) for reason in ("zero", "too large", "too involved"))
        return
    again = parse_number(format_number(number))
    assert again == number or sign(again - number) == 0


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_read_back(value: float) -> None:
    assert repr(parse_number(format_number(value))) == repr(value)


@given(st.text(alphabet="0123456789.eE+-*/() sqrtlogxpw[],_^\x00é", max_size=40) | st.text())
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        parse_number(text)
    except NotationError as refusal:
        assert refusal.problem
