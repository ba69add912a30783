"""``python -m proofkit``: the command line."""

from proofkit.cli import main

main()
