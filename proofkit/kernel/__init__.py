"""The kernel: the rules listed here are the only ways to make a `Theorem`.

Logic (`logic`), computation (`algebra`), analysis (`analysis`) and the ledger of textbook facts
(`textbook`, `textbook_spectral`); `proofkit.language` holds the terms they speak about.  Rules
take claims and terms in the core language and raise `KernelError`, never `assert`.
"""

from proofkit.kernel import textbook_spectral as _second_page  # noqa: F401  (enters its facts)
from proofkit.kernel.algebra import (
    algebra,
    layer,
    linear,
    natural,
    real_linear,
    restate,
    squeeze,
    summation,
)
from proofkit.kernel.analysis import (
    differentiate,
    near_all,
    near_along,
    near_here,
    near_near,
    near_nonzero,
)
from proofkit.kernel.logic import (
    assume,
    cases,
    choose,
    conjoin,
    contradiction,
    descent,
    discharge,
    either,
    excluded_middle,
    explode,
    generalise,
    induction,
    instantiate,
    least_index,
    modus_ponens,
    obtain,
    project,
    reductio,
    rewrite,
    witness,
)
from proofkit.kernel.textbook import LEDGER, Fact, textbook
from proofkit.kernel.theorem import Inference, KernelError, Theorem

__all__ = [
    "LEDGER",
    "Fact",
    "Inference",
    "KernelError",
    "Theorem",
    "algebra",
    "assume",
    "cases",
    "choose",
    "conjoin",
    "contradiction",
    "descent",
    "differentiate",
    "discharge",
    "either",
    "excluded_middle",
    "explode",
    "generalise",
    "induction",
    "instantiate",
    "layer",
    "least_index",
    "linear",
    "modus_ponens",
    "natural",
    "near_all",
    "near_along",
    "near_here",
    "near_near",
    "near_nonzero",
    "obtain",
    "project",
    "real_linear",
    "reductio",
    "restate",
    "rewrite",
    "squeeze",
    "summation",
    "textbook",
    "witness",
]
