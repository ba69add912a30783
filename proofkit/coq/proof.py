"""Whole proofs in Coq: each inference a lemma, checked against what ``tests/coq`` proves.

`written` says each sequent as a proposition, all its variables quantified, in the words of
``Language.v``, and proves it from those it was inferred from: by a term where the rule is one of
Coq's own logic, by the theorem about the rule otherwise.  Where a rule brings a claim into normal
form, a tactic of ``Tactics.v`` shows that both say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from proofkit.coq.inferences import tactics
from proofkit.coq.language import Untold, Writer
from proofkit.coq.lemma import Lemma
from proofkit.export import ExportedProof, ExportedStep
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import claim

__all__ = ["written"]

_HEAD = """\
(** {title}

    Written by [proofkit export --format coq].  Each lemma is an inference of the kernel; Coq
    checks them against the facts and rules that are proved in proofkit's tests/coq. *)
From Coq Require Import Reals ZArith Lra Lia Classical.
From Proofkit Require Import {files}.
Open Scope R_scope.

"""
_FILES = (
    *("Language", "Statements", "Base", "ProofsReals", "ProofsEntries", "Calculus"),
    *("ProofsCalculus", "Curves", "ProofsMatrices", "ProofsDeterminants", "ProofsForms"),
    *("Algebra", "Rules", "Differentiation", "Continuity", "Tactics"),
)


def written(proof: ExportedProof) -> str:
    """The file, for ``coqc -Q FOLDER Proofkit`` where the folder holds ``tests/coq``, compiled.

    `Untold` where a rule or a claim has no way to be said yet.
    """
    title = proof.meta.get("title", "A proof").replace("*)", "* )")
    out = [_HEAD.format(title=title, files=" ".join(_FILES))]
    done: list[Lemma] = []
    for number, step in enumerate(proof.steps):
        lemma = Lemma(number, _gated(step), [done[p] for p in step.premises])
        done.append(lemma)
        out.append(lemma.text(tactics(lemma)))
    out.append(_statement(done[-1]))
    return "".join(out)


def _gated(step: ExportedStep) -> ExportedStep:
    def noded(x: Any) -> Any:
        return node(*map(noded, x)) if isinstance(x, tuple) else x

    hypotheses = tuple(claim(noded(h)) for h in step.hypotheses)
    data, conclusion = noded(step.data), claim(noded(step.conclusion))
    return ExportedStep(step.rule, step.premises, data, hypotheses, conclusion)


def _statement(last: Lemma) -> str:
    """The statement, without variables that only inferences spoke of."""
    said = Writer().claim(last.step.conclusion)
    arguments = " ".join(f"{_some(v[2], last.names)} {_member(v[2])}" for v in last.variables)
    return (
        f"Theorem statement : {said}.\nProof. exact (step{last.number} {arguments}). Qed.\n"
        "Print Assumptions statement.\n"
    ).replace(" ).", ").")


def _some(sort: Term, names: Mapping[Term, str]) -> str:
    match sort[0]:
        case "index":
            return "0%Z"
        case "nat":
            return "0%nat"
        case "real":
            return "0"
        case "matrix":
            return "zero"
    raise Untold(f"a variable of the sort {sort[0]} is left over")


def _member(sort: Term) -> str:
    return "(matrix_zero _ _)" if sort[0] == "matrix" else "eq_refl"
