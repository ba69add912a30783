"""What a page may show of a proved claim: the words of its author, where they say just that."""

from __future__ import annotations

from proofkit.claims.decode import decode
from proofkit.claims.encode import encode, forget
from proofkit.claims.propositions import Claim
from proofkit.kernel.nodes import Term
from proofkit.symbols.encode import forget as forget_terms
from proofkit.symbols.faults import LanguageError

__all__ = ["as_proved", "look_anew"]


def look_anew() -> None:
    """Forget what terms and claims were encoded to: they may have been changed since."""
    forget()
    forget_terms()


def as_proved(written: Claim, proved: Term) -> Claim:
    """The claim as its author wrote it if it encodes to what was proved, else what was proved.

    >>> from proofkit.claims import Contradiction, Not
    >>> as_proved(Contradiction(), ("not", ("false",)))
    ¬(a contradiction)
    """
    try:
        if encode(written) == proved:
            return written
    except LanguageError:
        pass
    return decode(proved)
