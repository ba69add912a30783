"""Words: exp, inverse, determinant and the like, each a row of one table.

The kernel knows a word's name, sort and linear arguments (`proofkit.kernel.words`) and its laws,
which are facts of the ledger.  The rest, which nobody has to trust, stands in `table`; what a word
is worth at numbers and matrices is computed in `values`.
"""

from proofkit.words.row import Notation, Row, signature
from proofkit.words.table import TABLE

__all__ = ["TABLE", "Notation", "Row", "signature"]
