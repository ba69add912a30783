"""Writes the facts in Coq: ``python -m proofkit.coq > tests/coq/Statements.v``."""

from proofkit.coq.statements import statements

if __name__ == "__main__":
    print(statements(), end="")
