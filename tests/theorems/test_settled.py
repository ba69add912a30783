"""What is settled about a network is what its diagnosis says, or the identity of `crossing`."""

from __future__ import annotations

import pytest

from proofkit.checking import networks_of
from proofkit.diagnose.search.diagnosis import diagnosed
from proofkit.networks.network import Network
from theorems import PACK, draws
from theorems.settled import FINDINGS, finding

EXAMPLES = networks_of(PACK)
CROSSING = {"E25", "E26", "E31"}
"""What `diagnose` leaves open."""


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_what_its_diagnosis_says(name: str) -> None:
    found, told = finding(EXAMPLES[name]), diagnosed(EXAMPLES[name])
    if name in CROSSING:
        assert (found.verdict, told.verdict) == ("spurious-local-minimum", "undecided")
        assert found.down is None and not told.escape
    else:
        assert found.verdict == told.verdict
        assert found.down == (told.escape or {}).get("layers")


def test_random_networks_are_what_their_diagnosis_says() -> None:
    networks = draws._networks(0, 12)
    verdicts = [finding(network).verdict for network in networks]
    assert verdicts == [diagnosed(network).verdict for network in networks]
    assert "not-critical" in verdicts and "spurious-local-minimum" in verdicts


def test_findings_are_kept_by_what_a_network_is(monkeypatch: pytest.MonkeyPatch) -> None:
    network = EXAMPLES["E01"]
    found = finding(network)
    again = Network(network.title, network.towers, network.loss)
    monkeypatch.setattr(
        "proofkit.diagnose.search.diagnosis.diagnosed", None
    )  # must not be asked again
    assert finding(again) is found and found in FINDINGS.values()
    other = Network.single("", [2 * layer for layer in network.layers], network.loss)
    assert finding(other).verdict == "not-critical"  # needs no diagnosis either
