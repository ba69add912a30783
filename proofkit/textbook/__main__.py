"""Writes the kernel's ledger: ``python -m proofkit.textbook > proofkit/kernel/ledger.json``.

For a new word the kernel has to know it before its facts can be said: with ``--words`` the facts
are left out, and the command comes twice.
"""

import sys

from proofkit.basics.tables import dumps
from proofkit.textbook.ledger import document

if __name__ == "__main__":
    print(dumps(document(facts="--words" not in sys.argv[1:])), end="")
