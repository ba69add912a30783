"""The page that derives: its address as a question, its form, and the answer or what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from proofkit.derivatives import Derived
from proofkit.derivatives.asking import FIELDS, FieldFault, Question, answered
from proofkit.derivatives.page import Field, asking_page

__all__ = ["EXAMPLES", "PATH", "address", "form", "read_question", "shown"]

PATH: Final = "/derive"

EXAMPLES: Final = (
    Question("sum(log(1 + exp(-y * (X @ w))))", "w", "X=n,p y=n w=p"),
    Question("norm(A @ x - b)**2 + c * norm(x)**2", "x", "A=m,n b=m x=n c=1"),
    Question("logdet(S) + trace(inv(S) @ C)", "S", "S=n,n C=n,n", "S=positive definite"),
    Question("norm(W2 @ relu(W1 @ X) - Y)**2", "W1, W2", "W1=h,p W2=q,h X=p,n Y=q,n"),
)

_LABELS: Final = {
    "formula": ("Formula", "As NumPy writes it: @ multiplies matrices, * goes entry by entry."),
    "wrt": ("In the variable", "Such as w; several: W1, W2."),
    "shapes": ("Shapes", "X=n,p a matrix, y=n a column, c=1 a number."),
    "assume": (
        "Assumed (optional)",
        "Such as A=symmetric; also positive, nonzero, invertible, positive definite.",
    ),
}


def read_question(query: Mapping[str, str]) -> Question:
    """The question in the query of an address.

    >>> read_question({"formula": " sum(X)", "wrt": "X"})
    Question(formula='sum(X)', wrt='X', shapes='', assume='')
    """
    return Question(*(query.get(name, "").strip() for name in FIELDS))


def address(question: Question) -> str:
    """Where the question is answered.

    >>> address(Question("sum(X)", "X"))
    '/derive?formula=sum%28X%29&wrt=X'
    """
    typed = {name: text for name in FIELDS if (text := getattr(question, name))}
    return f"{PATH}?{urlencode(typed)}"


def shown(question: Question) -> tuple[int, str]:
    """The status and the page."""
    if question.is_empty:
        return 200, form(question)
    try:
        return 200, form(question, derived=answered(question))
    except FieldFault as fault:
        return 422, form(question, fault.field, str(fault))


def form(
    question: Question, field: str = "", fault: str = "", derived: Sequence[Derived] = ()
) -> str:
    """The page with what was typed, what is wrong with a field, and what was found."""
    fields = [
        Field(name, *_LABELS[name], getattr(question, name), fault if name == field else "")
        for name in FIELDS
    ]
    examples = [(x.formula, address(x)) for x in EXAMPLES] if question.is_empty else []
    return asking_page(fields, derived, examples)
