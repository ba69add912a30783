"""A check as a SARIF 2.1.0 log, for code-scanning pages: rules with stable ids, and places."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from proofkit.checking import Checked, Failure
from proofkit.ci.places import relative

__all__ = ["RULES", "sarif"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

RULES = {
    "refused": ("error", "The kernel refuses a step of the script."),
    "contradicted": ("error", "A step fails on a network on which all hypotheses hold."),
    "undecided": ("warning", "The numbers of a network do not settle what a step says."),
    "unproved": ("warning", "A result is stated without a proof."),
    "unexercised": ("warning", "No instance meets all hypotheses of a result."),
}
"""The ids are part of the interface: they stay as they are."""


def sarif(checked: Sequence[Checked]) -> dict[str, Any]:
    """The log as a JSON object."""
    ids = list(RULES)
    rules = [
        {
            "id": f"proofkit/{id}",
            "name": id,
            "shortDescription": {"text": words},
            "defaultConfiguration": {"level": level},
        }
        for id, (level, words) in RULES.items()
    ]
    results = [
        _result(one, failure, ids.index(failure.kind))
        for one in checked
        for failure in one.failures
    ]
    driver = {"name": "proofkit", "version": version("proofkit"), "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(one: Checked, failure: Failure, index: int) -> dict[str, Any]:
    level, _ = RULES[failure.kind]
    entry: dict[str, Any] = {
        "ruleId": f"proofkit/{failure.kind}",
        "ruleIndex": index,
        "level": level,
        "message": {"text": f"{failure.where}:\n{failure.problem}"},
        "partialFingerprints": {
            "proofkit/v1": sha256(f"{failure.kind}\n{failure.where}".encode()).hexdigest()
        },
        "properties": {"result": one.result.id, "pack": one.pack.name},
    }
    file, line = failure.place
    if file:
        location: dict[str, Any] = {"artifactLocation": {"uri": quote(relative(file))}}
        if line > 0:
            location["region"] = {"startLine": line}
        entry["locations"] = [{"physicalLocation": location}]
    else:
        logical = {"name": one.result.id, "fullyQualifiedName": f"{one.pack.name}.{one.result.id}"}
        entry["locations"] = [{"logicalLocations": [logical]}]
    return entry
