"""Propose what a diagnosis needs, let :mod:`proofkit.diagnose.check` prove it, and answer."""
