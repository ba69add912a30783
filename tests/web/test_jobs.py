"""What a worker computes anew for each reader, and what it does not."""

from __future__ import annotations

from proofkit.reports import tracing
from proofkit.web.jobs import answer
from proofkit.web.state import State


def test_readers_with_seeds_of_their_own_share_the_random_networks() -> None:
    first = answer(State("theorem-3"), ())
    before = tracing._batch.cache_info().misses, tracing._all_broken.cache_info().misses
    pages = [answer(State("theorem-3", seed=seed), ()) for seed in (101, 102)]
    after = tracing._batch.cache_info().misses, tracing._all_broken.cache_info().misses
    assert {page.status for page in (first, *pages)} == {200}
    assert before == after
    # What the seed draws for the network at hand is drawn anew.
    assert len({first.page, *(page.page for page in pages)}) == 3
