"""A check as a JUnit XML file: a suite for each result, a test case for each step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from proofkit.checking import Checked, CheckedStep
from proofkit.ci.places import relative

__all__ = ["junit"]

# What XML 1.0 cannot hold, escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("�", text)


def junit(checked: Sequence[Checked]) -> str:
    """The XML text."""
    suites = ET.Element("testsuites", name="proofkit")
    total = wrong = 0
    for one in checked:
        suite = ET.SubElement(suites, "testsuite", name=_clean(one.result.id))
        for step in one.by_step:
            _step(suite, one, step)
        for failure in one.failures:
            if failure.kind != "contradicted":  # those stand at their steps
                case = ET.SubElement(
                    suite, "testcase", classname=_classname(one), name=_clean(failure.where)
                )
                if failure.place[0]:
                    case.set("file", relative(failure.place[0]))
                    case.set("line", str(failure.place[1]))
                message = failure.problem.split("\n")[0]
                ET.SubElement(
                    case, "failure", type=failure.kind, message=_clean(message)
                ).text = _clean(failure.problem)
        cases = len(suite)
        failures = len(suite.findall("testcase/failure"))
        suite.set("tests", str(cases))
        suite.set("failures", str(failures))
        suite.set("errors", "0")
        total, wrong = total + cases, wrong + failures
    suites.set("tests", str(total))
    suites.set("failures", str(wrong))
    ET.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suites, "unicode") + "\n"


def _classname(one: Checked) -> str:
    return _clean(f"{one.pack.name}.{one.result.id}")


def _step(suite: ET.Element, one: Checked, row: CheckedStep) -> None:
    case = ET.SubElement(
        suite, "testcase", classname=_classname(one), name=_clean(f"{row.route} {row.number}")
    )
    file, line = row.step.place
    case.set("file", relative(file))
    case.set("line", str(line))
    properties = ET.SubElement(case, "properties")
    for name, value in (
        ("claim", str(row.step.claim)),
        ("rule", row.step.rule),
        ("evidence", row.evidence),
        ("tier", one.tier),
    ):
        ET.SubElement(properties, "property", name=name, value=_clean(value))
    if row.problems:
        failure = ET.SubElement(
            case, "failure", type="contradicted", message=_clean(row.problems[0])
        )
        failure.text = _clean("\n".join(row.problems))
