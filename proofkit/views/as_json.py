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
from proofkit.views.layout import Notation

__all__ = ["FORMAT", "document", "dumps"]

FORMAT: Final = "proofkit/trace/1"


def dumps(trace: ResultTrace) -> str:
    """The trace as JSON text, one and the same for one and the same trace."""
    return json.dumps(document(trace), ensure_ascii=False, indent=2) + "\n"


def document(trace: ResultTrace) -> dict[str, Any]:
    """The trace as plain data."""
    notation = trace.notation
    footprint = trace.footprint
    return {
        "format": FORMAT,
        "id": trace.id,
        "title": trace.title,
        "status": trace.status,
        "tier": trace.tier,
        "route": trace.route,
        "statement": _formula(trace.statement, notation),
        "source": _source(trace.source),
        "idea": _prose(trace.idea, notation),
        "symbols": [
            {"term": _formula(term, notation), "meaning": _prose(meaning, notation)}
            for term, meaning in trace.symbols
        ],
        "notation": [
            {"name": name, "term": {"text": text.show_box(box), "latex": latex.show_box(box)}}
            for name, box in reading.definitions(trace)
        ],
        "instance": _instance(trace.instance, notation),
        "steps": [_step(step, notation) for step in trace.steps],
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
            "words": _prose(trace.comparison.words, notation),
        },
        "broken": [
            {
                "hypothesis": one.number,
                "words": _prose(one.words, notation),
                "example": one.example,
                "others": one.others,
                "conclusion": one.conclusion,
            }
            for one in trace.broken
        ],
        "glossary": [
            {
                "term": _formula(entry.term, notation),
                "meaning": _prose(entry.meaning, notation),
                "values": [_quantity(q, notation) for q in entry.values],
            }
            for entry in trace.glossary
        ],
        "illustrations": [
            {"id": i.id, "caption": _prose(i.caption, notation), "words": i.words}
            for i in trace.illustrations
        ],
        "way_down": _way_down(trace),
    }


def _way_down(trace: ResultTrace) -> dict[str, Any] | None:
    way = trace.way_down
    if way is None:
        return None
    parts = {"near": way.near, "gradient": way.gradient, "below": way.below}
    return {
        **{name: [_quantity(q, trace.notation) for q in part] for name, part in parts.items()},
        "before": way.before,
        "after": way.after,
    }


def _formula(x: Any, notation: Notation) -> dict[str, str]:
    return {"text": text.show(x, notation), "latex": latex.show(x, notation)}


def _prose(words: Prose, notation: Notation) -> dict[str, str]:
    box = reading.prose_boxes(words, notation)
    return {"text": text.show_box(box), "latex": latex.sentence_of(box)}


def _source(source: Source | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {"page": source.page, "place": source.place, "sentence": source.sentence}


def _instance(instance: Instance | None, notation: Notation) -> dict[str, Any] | None:
    if instance is None:
        return None
    return {
        "id": instance.id,
        "title": instance.title,
        "facts": [{"name": name, "value": value} for name, value in instance.facts],
        "quantities": [_quantity(q, notation) for q in instance.quantities],
    }


def _quantity(quantity: Quantity, notation: Notation) -> dict[str, Any]:
    return {
        "term": _formula(quantity.term, notation),
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


def _remark(remark: Remark, notation: Notation) -> dict[str, Any]:
    return {
        "id": remark.id,
        "paper_says": remark.paper_says,
        "truth": _prose(remark.truth, notation),
        "example": remark.example,
        "source": _source(remark.source),
    }


def _step(step: StepTrace, notation: Notation) -> dict[str, Any]:
    return {
        "number": step.number,
        "kind": step.kind,
        "claim": _formula(step.claim, notation),
        "rule": step.rule,
        "reason": step.reason,
        "uses": list(step.uses),
        "words": _prose(step.words, notation),
        "tier": step.tier,
        "verdict": _verdict(step.verdict),
        "batch": _verdict(step.batch),
        "quantities": [_quantity(q, notation) for q in step.quantities],
        "remarks": [_remark(r, notation) for r in step.remarks],
        "steps": [_step(child, notation) for child in step.children],
    }
