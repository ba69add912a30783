"""Diagnose a network: what kind of point it is, with a certificate that stands on its own.

>>> import importlib.resources
>>> from proofkit.networks.files import read_network
>>> examples = importlib.resources.files("theorems").joinpath("examples")
>>> diagnose(read_network(examples.joinpath("E10.json"))).verdict
'non-strict-saddle'
"""

from proofkit.diagnose.diagnosis import diagnose
from proofkit.diagnose.verdicts import KEYS, VERDICTS, Diagnosis

__all__ = ["KEYS", "VERDICTS", "Diagnosis", "diagnose"]
