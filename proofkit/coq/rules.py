"""The kernel's rules in Coq: the theorems of ``tests/coq`` that say that each is sound.

What a theorem is about is the meaning of claims in ``tests/coq/Language.v``.  No theorem is about
the Python code: that the kernel checks what the theorem supposes is for a reader to see.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["RULES", "Rule"]


class Rule(NamedTuple):
    """How a rule stands in Coq: theorems about it, and what they leave to be believed."""

    theorems: tuple[str, ...] = ()
    left: str = ""


_LOGIC = (
    *("assume", "discharge", "modus ponens", "conjoin", "project", "either", "cases"),
    *("contradiction", "reductio", "generalise", "instantiate", "witness", "obtain"),
)
_MERGING = ("rule_merge", "rule_empty_chain", "rule_member", "rule_chain_shape")
_CLAUSES = (
    *("variable", "constant", "constant_number", "sum", "sum_of_numbers", "product"),
    *("product_of_numbers", "multiple", "transpose", "trace", "linear", "value"),
)
_CONTINUOUS = (
    *("variable", "constant", "pair", "first", "second", "at_index", "family", "changed", "value"),
    *("sum", "sum_of_numbers", "multiple", "product", "product_of_numbers", "transpose", "trace"),
    *("chain", "sum_of_family"),
)
_FORM = "normal forms inside atoms and letters"

RULES: Mapping[str, Rule] = {
    **dict.fromkeys(_LOGIC, Rule(left="Coq's own logic")),
    "induction": Rule(("rule_induction",)),
    "choose": Rule(("rule_choose",)),
    "rewrite": Rule(("rule_rewrite", "equal_numbers", "equal_matrices", "equal_functions")),
    "algebra": Rule(("rule_algebra", "rule_algebra_of_numbers", *_MERGING), _FORM),
    "restate": Rule(_MERGING, _FORM),
    "arithmetic": Rule(
        ("rule_arithmetic_nonneg", "rule_arithmetic_positive", "rule_arithmetic_integer")
    ),
    "near: consequence": Rule(("rule_near_consequence",)),
    "near: at the point": Rule(("rule_near_at_the_point",)),
    "near: around near points": Rule(("rule_near_around_near_points",)),
    "near: along a continuous map": Rule(
        ("rule_near_along", *(f"continuous_{clause}" for clause in _CONTINUOUS)),
        "that a term is put together by these clauses",
    ),
    "continuous": Rule(
        tuple(f"continuous_{clause}" for clause in _CONTINUOUS),
        "that a term is put together by these clauses",
    ),
    "differentiate": Rule(
        tuple(f"slope_of_{clause}" for clause in _CLAUSES),
        "that a derivative is put together by these clauses",
    ),
}
"""The rules but ``textbook``, whose facts are proved one by one."""
