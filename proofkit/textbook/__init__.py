"""The textbook facts as one reads them: what the kernel takes as known, with the sources.

To audit proofkit's assumptions, read the pages `matrices`, `spectral`, `calculus`, `functions` and
`entries`.  After a change there,
``python -m proofkit.textbook > proofkit/kernel/ledger.json`` writes the kernel's file anew.
"""

from proofkit.textbook import calculus as _calculus  # noqa: F401  (says its facts)
from proofkit.textbook import entries as _entries  # noqa: F401
from proofkit.textbook import functions as _functions  # noqa: F401
from proofkit.textbook import matrices as _matrices  # noqa: F401
from proofkit.textbook import spectral as _spectral  # noqa: F401
from proofkit.textbook.facts import FACTS, Fact

__all__ = ["FACTS", "Fact"]
