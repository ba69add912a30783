"""Derivations of machine learning and statistics, each as short as a person writes it.

No step names a tactic, and all is written with ``import proofkit as pk`` alone.
"""

from __future__ import annotations

import proofkit as pk

from . import attention, identities, networks, optimisation, regression, statistics

PACK = pk.Pack(
    "derivations",
    "Derivations of machine learning",
    [
        *(*networks.RESULTS, *attention.RESULTS, *regression.RESULTS),
        *(*identities.RESULTS, *statistics.RESULTS, *optimisation.RESULTS),
    ],
    examples={**networks.EXAMPLES, **statistics.EXAMPLES},
)
