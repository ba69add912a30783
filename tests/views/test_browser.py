"""Pages in a real browser: opened from disk, stepped by keys, in both themes, and printed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

GALLERY = Path(__file__).parents[2] / "reports"
SAMPLES = ("perturbation", "lemma-1", "hostile", "index")
every_page = pytest.mark.parametrize("name", SAMPLES)
themes = pytest.mark.parametrize("theme", ["light", "dark"])


@contextmanager
def opened(browser: Any, path: Path, **options: Any) -> Iterator[Any]:
    """A page from disk, with the network off, that must neither speak up nor ask for anything."""
    said: list[str] = []
    asked: list[str] = []
    context = browser.new_context(offline=True, **options)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda fault: said.append(str(fault)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    yield page
    assert said == []
    outside = [url for url in asked if not url.startswith("data:") and url != path.as_uri()]
    assert outside == []
    context.close()


@every_page
@themes
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_to_fault(
    browser: Any, axe: str, pages: dict[str, Path], name: str, theme: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    with opened(browser, pages[name], viewport=size, color_scheme=theme) as page:
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        faults = [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]]
        assert faults == []
        if name != "hostile":
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_would_find_something(browser: Any, axe: str, pages: dict[str, Path]) -> None:
    with opened(browser, pages["index"]) as page:
        page.evaluate("document.body.append(document.createElement('img'))")
        page.evaluate(axe)
        found = page.evaluate("axe.run(document)")
        assert "image-alt" in {v["id"] for v in found["violations"]}


@themes
def test_the_theme_follows_the_system_and_the_key(
    browser: Any, pages: dict[str, Path], theme: str
) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with opened(browser, pages["perturbation"], color_scheme=theme) as page:
        first = page.evaluate(ground)
        page.keyboard.press("t")
        second = page.evaluate(ground)
        assert {first, second} == {"rgb(253, 252, 249)", "rgb(21, 24, 27)"}
        assert (first == "rgb(253, 252, 249)") == (theme == "light")


def test_keys_go_through_the_steps(browser: Any, pages: dict[str, Path]) -> None:
    here = "document.activeElement.closest('.step').id"
    with opened(browser, pages["perturbation"]) as page:
        ids = page.evaluate("[...document.querySelectorAll('.step')].map(s => s.id)")
        visited = []
        for _ in ids:
            page.keyboard.press("ArrowRight")
            visited.append(page.evaluate(here))
        assert visited == ids
        page.keyboard.press("ArrowLeft")
        assert page.evaluate(here) == ids[-2]
        page.keyboard.press("e")
        assert page.locator("details[open]").count() == 0
        page.keyboard.press("e")
        assert page.locator("details[open]").count() == len(ids)


def test_steps_fold_without_scripts(browser: Any, pages: dict[str, Path]) -> None:
    with opened(browser, pages["perturbation"], java_script_enabled=False) as page:
        step = page.locator("#step-3 > details")
        inside = page.locator("[id='step-3.1']")
        assert inside.is_visible()
        step.locator("> summary").click(position={"x": 5, "y": 10})
        assert not inside.is_visible()
        assert not page.locator(".keys").is_visible()


def test_a_symbol_tells_its_meaning_without_scripts(browser: Any, pages: dict[str, Path]) -> None:
    with opened(browser, pages["perturbation"], java_script_enabled=False) as page:
        symbol = page.locator(".clause-let .y2").first
        card = page.locator(f"#{symbol.get_attribute('aria-describedby')}")
        assert not card.is_visible()
        symbol.focus()
        assert card.is_visible() and "the factors" in card.inner_text()
        assert card.locator("mtable").count() == 1
        page.locator("h1").click()
        assert not card.is_visible()
        page.locator(".step .y2").first.hover()
        assert card.is_visible()


def test_a_step_can_be_linked_to(browser: Any, pages: dict[str, Path]) -> None:
    with opened(browser, pages["perturbation"]) as page:
        page.keyboard.press("e")
        page.evaluate("location.hash = '#step-3.2.1'")
        page.wait_for_function("document.activeElement.closest('.step')?.id === 'step-3.2.1'")
        assert page.locator("[id='step-3.2.1']").is_visible()


def test_printing_shows_what_is_folded(
    browser: Any, pages: dict[str, Path], tmp_path: Path
) -> None:
    with opened(browser, pages["perturbation"]) as page:
        page.keyboard.press("e")
        page.pdf(path=str(tmp_path / "page.pdf"))
    shown = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "page.pdf"), "-"], capture_output=True, timeout=60
    ).stdout.decode()
    for number in ("3.1", "3.2.1", "3.2.2", "4"):
        assert re.search(rf"^\s*{re.escape(number)}\b", shown, re.MULTILINE), number


@pytest.mark.parametrize("path", sorted(GALLERY.glob("*.html")), ids=lambda path: path.name)
def test_the_gallery(browser: Any, axe: str, path: Path) -> None:
    for theme, width in (("light", 390), ("dark", 1280)):
        size = {"width": width, "height": 900}
        with opened(browser, path, viewport=size, color_scheme=theme) as page:
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.evaluate(axe)
            found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
            assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
