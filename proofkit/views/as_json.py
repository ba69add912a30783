"""JSON: the trace for other programs, with stable keys and each formula in text and in LaTeX."""

from __future__ import annotations

import json
from typing import Any, Final

from proofkit.trace import (
    Instance,
    Prose,
    Quantity,
    Remark,
    ResultTrace,
    Source,
    StepTrace,
    Verdict,
)
from proofkit.views import latex, reading, text
from proofkit.views.common import Common, Once, exactly
from proofkit.views.layout import Notation, lay_out

__all__ = ["FORMAT", "document", "dumps"]

FORMAT: Final = "proofkit/trace/1"


class _Typesetter:
    """Formulas and sentences in text and in LaTeX, in the notation of one trace."""

    def __init__(self, notation: Notation) -> None:
        self._notation = tuple(notation)
        self._once = Once()

    def formula(self, x: Any) -> dict[str, str]:
        return self._once(exactly(x), lambda: self._both(x))

    def _both(self, x: Any) -> dict[str, str]:
        box = lay_out(x, self._notation)
        return {"text": text.show_box(box), "latex": latex.show_box(box)}

    def prose(self, words: Prose) -> dict[str, str]:
        box = reading.prose_boxes(words, self._notation)
        return {"text": text.show_box(box), "latex": latex.sentence_of(box)}


def dumps(trace: ResultTrace) -> str:
    """The trace as JSON text, one and the same for one and the same trace."""
    return json.dumps(document(trace), ensure_ascii=False, indent=2) + "\n"


def document(trace: ResultTrace, common: Common | None = None) -> dict[str, Any]:
    """The trace as plain data; those of one result are made faster with one thing in ``common``."""
    say = (common or Common()).once("say in JSON", lambda: _Typesetter(trace.notation))
    footprint = trace.footprint
    return {
        "format": FORMAT,
        "id": trace.id,
        "title": trace.title,
        "status": trace.status,
        "tier": trace.tier,
        "unexercised": say.prose(trace.unexercised) if trace.unexercised else None,
        "route": trace.route,
        "statement": say.formula(trace.statement),
        "source": _source(trace.source),
        "idea": say.prose(trace.idea),
        "symbols": [
            {"term": say.formula(term), "meaning": say.prose(meaning)}
            for term, meaning in trace.symbols
        ],
        "notation": [
            {"name": name, "term": {"text": text.show_box(box), "latex": latex.show_box(box)}}
            for name, box in reading.definitions(trace)
        ],
        "instance": _instance(trace.instance, say),
        "steps": [_step(step, say) for step in trace.steps],
        "footprint": {
            "rules": dict(footprint.rules),
            "structural": dict(footprint.structural),
            "results": list(footprint.results),
            "cited": list(footprint.cited),
            "admitted": list(footprint.admitted),
            "inferences": footprint.inferences,
        },
        "comparison": None
        if trace.comparison is None
        else {
            "relation": trace.comparison.relation,
            "words": say.prose(trace.comparison.words),
        },
        "broken": [
            {
                "hypothesis": one.number,
                "words": say.prose(one.words),
                "example": one.example,
                "others": one.others,
                "conclusion": one.conclusion,
            }
            for one in trace.broken
        ],
        "glossary": [
            {
                "term": say.formula(entry.term),
                "meaning": say.prose(entry.meaning),
                "values": [_quantity(q, say) for q in entry.values],
            }
            for entry in trace.glossary
        ],
        "illustrations": [
            {"id": i.id, "caption": say.prose(i.caption), "words": i.words}
            for i in trace.illustrations
        ],
        "way_down": _way_down(trace, say),
    }


def _way_down(trace: ResultTrace, say: _Typesetter) -> dict[str, Any] | None:
    way = trace.way_down
    if way is None:
        return None
    parts = {"near": way.near, "gradient": way.gradient, "below": way.below}
    return {
        **{name: [_quantity(q, say) for q in part] for name, part in parts.items()},
        "before": way.before,
        "after": way.after,
    }


def _source(source: Source | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {"page": source.page, "place": source.place, "sentence": source.sentence}


def _instance(instance: Instance | None, say: _Typesetter) -> dict[str, Any] | None:
    if instance is None:
        return None
    return {
        "id": instance.id,
        "title": instance.title,
        "facts": [{"name": name, "value": value} for name, value in instance.facts],
        "quantities": [_quantity(q, say) for q in instance.quantities],
    }


def _quantity(quantity: Quantity, say: _Typesetter) -> dict[str, Any]:
    return {
        "term": say.formula(quantity.term),
        "rows": [list(line) for line in quantity.rows],
        "changed": [list(place) for place in quantity.changed],
        "compared_to": quantity.compared_to,
    }


def _verdict(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    return {
        "status": verdict.status,
        "exact": verdict.exact,
        "detail": verdict.detail,
        "residual": verdict.residual,
        "tolerance": verdict.tolerance,
        "samples": verdict.samples,
        "instances": verdict.instances,
        "failed": verdict.failed,
    }


def _remark(remark: Remark, say: _Typesetter) -> dict[str, Any]:
    return {
        "id": remark.id,
        "paper_says": remark.paper_says,
        "truth": say.prose(remark.truth),
        "example": remark.example,
        "source": _source(remark.source),
    }


def _step(step: StepTrace, say: _Typesetter) -> dict[str, Any]:
    return {
        "number": step.number,
        "level": step.level,
        "kind": step.kind,
        "claim": say.formula(step.claim),
        "rule": step.rule,
        "reason": step.reason,
        "uses": list(step.uses),
        "cites": list(step.cites),
        "words": say.prose(step.words),
        "tier": step.tier,
        "verdict": _verdict(step.verdict),
        "batch": _verdict(step.batch),
        "quantities": [_quantity(q, say) for q in step.quantities],
        "remarks": [_remark(r, say) for r in step.remarks],
        "steps": [_step(child, say) for child in step.children],
    }
