"""The kernel: the rules listed here are the only ways to make a `Theorem`.

Its language, and what each rule allows, stand in ``proofkit/FORMAT.md``.  From the bottom up:
`nodes` (tuples that nobody can change), `words` (constants), `terms` (sums of products in normal
form), `binding` (variables), `claims`, `reading` (the gate: what means something), `theorem`, the
rules (`logic`, `computing`, `analysis`) and the `ledger` of textbook facts.  Standard library only.
Rules raise `KernelError`, and `LanguageError` where something means nothing; never ``assert``.
"""

from proofkit.kernel.analysis import (
    continuous,
    differentiate,
    near_all,
    near_along,
    near_here,
    near_near,
    textbook,
)
from proofkit.kernel.computing import algebra, arithmetic, restate
from proofkit.kernel.ledger import LEDGER  # noqa: F401
from proofkit.kernel.logic import (
    assume,
    cases,
    choose,
    conjoin,
    contradiction,
    discharge,
    either,
    generalise,
    induction,
    instantiate,
    modus_ponens,
    obtain,
    project,
    reductio,
    rewrite,
    witness,
)
from proofkit.kernel.nodes import LanguageError  # noqa: F401
from proofkit.kernel.theorem import Inference, KernelError, Theorem  # noqa: F401

RULES = (
    # Connectives
    *(assume, discharge, modus_ponens, conjoin, project, either, cases, contradiction, reductio),
    # Quantifiers, indices and equality
    *(generalise, instantiate, witness, obtain, induction, choose, rewrite),
    # Computing
    *(algebra, restate, arithmetic),
    # Nearness, differentials, facts
    *(near_all, near_here, near_near, near_along, continuous, differentiate, textbook),
)
"""Every rule: nothing else makes a theorem."""
