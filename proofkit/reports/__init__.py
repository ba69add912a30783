"""Reports: traces of results turned into files, each written whole or not at all."""

from __future__ import annotations

from proofkit.reports.planning import Job, plan
from proofkit.reports.tracing import trace_of
from proofkit.reports.writing import Outcome, Written, write_reports

__all__ = ["Job", "Outcome", "Written", "plan", "trace_of", "write_reports"]
