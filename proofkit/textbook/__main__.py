"""Writes the kernel's ledger: ``python -m proofkit.textbook > proofkit/kernel/ledger.json``."""

from proofkit.tables import dumps
from proofkit.textbook.ledger import document

if __name__ == "__main__":
    print(dumps(document()), end="")
