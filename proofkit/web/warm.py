"""Imported once in the process that workers are forked from: it runs the proofs they all need."""

from __future__ import annotations

import os

from proofkit.web.jobs import warm
from proofkit.web.pool import MODULES_KEY

# Only where a server asked for it: importing this elsewhere does nothing.
if (_named := os.environ.get(MODULES_KEY)) is not None:
    warm(tuple(name for name in _named.split("\n") if name))
