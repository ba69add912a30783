"""The kernel: the rules listed here are the only ways to make a `Theorem`.

Its language, and what each rule allows, stand in ``proofkit/FORMAT.md``.  From the bottom up:
`nodes` (tuples that nobody can change), `terms` (sums of products in normal form), `binding`
(variables), `claims`, `reading` (the gate: what means something), `theorem`, the rules (`logic`,
`computing`, `analysis`) and the `ledger` of textbook facts.  It imports the standard library only.
Rules raise `KernelError`, and `LanguageError` where something means nothing; never ``assert``.
"""

from proofkit.kernel.analysis import (
    differentiate,
    near_all,
    near_along,
    near_here,
    near_near,
    near_nonzero,
    textbook,
)
from proofkit.kernel.computing import algebra, arithmetic, natural, restate, squeeze
from proofkit.kernel.ledger import LEDGER
from proofkit.kernel.logic import (
    assume,
    cases,
    choose,
    conjoin,
    contradiction,
    discharge,
    either,
    excluded_middle,
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
from proofkit.kernel.nodes import LanguageError
from proofkit.kernel.theorem import Inference, KernelError, Theorem

RULES = (
    # Connectives
    *(assume, discharge, modus_ponens, conjoin, project, either, cases),
    *(excluded_middle, contradiction, reductio),
    # Quantifiers, indices and equality
    *(generalise, instantiate, witness, obtain, induction, least_index, choose, rewrite),
    # Computing
    *(algebra, restate, natural, squeeze, arithmetic),
    # Nearness, differentials, facts
    *(near_all, near_here, near_near, near_nonzero, near_along, differentiate, textbook),
)
"""Every rule: nothing else makes a theorem."""

__all__ = ["LEDGER", "RULES", "Inference", "KernelError", "LanguageError", "Theorem"]
__all__ += ["algebra", "arithmetic", "assume", "cases", "choose", "conjoin", "contradiction"]
__all__ += ["differentiate", "discharge", "either", "excluded_middle", "generalise", "induction"]
__all__ += ["instantiate", "least_index", "modus_ponens", "natural", "near_all", "near_along"]
__all__ += ["near_here", "near_near", "near_nonzero", "obtain", "project", "reductio", "restate"]
__all__ += ["rewrite", "squeeze", "textbook", "witness"]
