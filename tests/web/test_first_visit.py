"""A first visit, as a student makes it: challenge, spine, question, own network, share, resume.

With PROOFKIT_SHOTS naming a folder, a picture of each stage is left there to be looked at.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from theorems import PACK

from .conftest import Server
from .test_browser import opened, slide


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_a_first_visit(browser: Any, server: Server, width: int, height: int) -> None:
    folder = os.environ.get("PROOFKIT_SHOTS", "")

    def shot(page: Any, name: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        if folder:
            page.wait_for_timeout(200)
            page.screenshot(path=Path(folder) / f"{width}-{name}.png")

    size = {"width": width, "height": height}
    with opened(browser, f"{server.address}?route=paper", viewport=size) as page:
        shot(page, "1-arrives")
        # The challenge: two layers have to move before the loss runs down.
        page.locator("#sliders").scroll_into_view_if_needed()
        slide(page, "knob-0-1", -1.5)
        shot(page, "2-slides")
        slide(page, "knob-1-1", 1.5)
        page.wait_for_selector("#goal.reached")
        shot(page, "3-reached")
        # The proof opens with a question; a wrong answer is refuted, the right one goes on.
        page.locator("#to-proof").click()
        shot(page, "4-proof")
        quiz = page.locator(".quiz[data-id=rank]")
        quiz.locator("input").nth(0).check()
        quiz.locator(".check").click()
        assert "stands for" in quiz.locator(".told").inner_text()
        shot(page, "5-refuted")
        quiz.locator("input[data-right]").check()
        quiz.locator(".check").click()
        for id in ("rule", "killed"):
            page.locator(f".quiz[data-id={id}] .skip-it").click()
        # One beat, and the block that it stands in.
        beats = page.locator(".tale > li.beat:visible").evaluate_all("a => a.map(x => x.id)")
        assert beats == ["step-1", "step-1.2"]
        shot(page, "6-beat")
        page.locator("#unfold").click()
        shot(page, "7-sentences")
        # A network of one's own: the beat stays.
        text = PACK.examples()["E09"].read_text(encoding="utf-8").replace("A saddle", "Mine")
        page.locator("#own summary").click()
        page.locator("#own textarea").fill(text)
        page.locator("#own button").click()
        page.wait_for_selector(".example-title:has-text('Mine')")
        assert page.locator("#step-place").inner_text() == "Beat 1 of 8"
        shot(page, "8-own")
        page.locator("#step-on").click()
        page.locator(".quiz[data-id=product] input[data-right]").check()
        page.locator(".quiz[data-id=product] .check").click()
        shared = page.url
        assert "network=" in shared and "step=1.3" in shared
        # Come back another day, in the same browser.
        page.goto(f"{server.address}?route=paper")
        assert "Beat 2 of 8; 2 of 11 predictions right" in page.locator("#progress").inner_text()
        shot(page, "9-resumes")
        page.locator("#resume").click()
        assert page.locator("#step-place").inner_text() == "Beat 2 of 8"
        shot(page, "10-resumed")
    # Whoever the address is sent to sees the same network and the same beat.
    with opened(browser, shared, viewport=size) as page:
        assert page.locator("#step-place").inner_text() == "Beat 2 of 8"
        assert "Mine" in page.locator(".example-title").inner_text()
        shot(page, "11-shared")
