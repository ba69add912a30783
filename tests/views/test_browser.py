"""Pages in a real browser: opened from disk, stepped by keys, in both themes, and printed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

GALLERY = Path(__file__).parents[2] / "reports"
SAMPLES = ("perturbation", "lemma-1", "in-beats", "hostile", "index")
DEPTHS = ("idea", "proof", "all")
every_page = pytest.mark.parametrize("name", SAMPLES)
themes = pytest.mark.parametrize("theme", ["light", "dark"])


@contextmanager
def opened(browser: Any, path: Path, depth: str = "", **options: Any) -> Iterator[Any]:
    """A page from disk, with the network off, that must neither speak up nor ask for anything."""
    said: list[str] = []
    asked: list[str] = []
    context = browser.new_context(offline=True, **options)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda fault: said.append(str(fault)))
    page.on("request", lambda request: asked.append(request.url))
    address = f"{path.as_uri()}?depth={depth}" if depth else path.as_uri()
    page.goto(address)
    yield page
    assert said == []
    outside = [url for url in asked if not url.startswith(("data:", path.as_uri()))]
    assert outside == []
    context.close()


@every_page
@themes
@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_to_fault(
    browser: Any, axe: str, pages: dict[str, Path], name: str, theme: str, width: int, depth: str
) -> None:
    size = {"width": width, "height": 900}
    with opened(browser, pages[name], depth, viewport=size, color_scheme=theme) as page:
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


VISIBLE = """[...document.querySelectorAll('.step')].filter(s => s.checkVisibility())
  .map(s => s.id.slice(5))"""
BY_DEPTH = {
    "idea": ["1", "2", "3", "4"],
    "proof": ["1", "1.1", "2", "2.1", "2.1.2", "3", "3.2", "4", "4.1"],
    "all": [
        "H1", "H2", "1", "1.1", "2", "2.1", "2.1.2", "2.1.1", "3", "3.2", "3.1", "3.3", "4", "4.1"
    ],
}  # fmt: skip
"""What each depth of the sample in beats shows; an inference stands beneath its sentence."""


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("scripts", [True, False])
def test_each_depth_shows_its_steps(
    browser: Any, pages: dict[str, Path], depth: str, scripts: bool
) -> None:
    with opened(browser, pages["in-beats"], java_script_enabled=scripts) as page:
        page.locator(f"[name=depth][value={depth}]").check(force=True)
        shown = page.locator(".step:visible").evaluate_all("all => all.map(s => s.id.slice(5))")
        assert shown == BY_DEPTH[depth]


def test_the_address_remembers_the_depth_and_the_step(browser: Any, pages: dict[str, Path]) -> None:
    with opened(browser, pages["in-beats"]) as page:
        assert page.evaluate(VISIBLE) == BY_DEPTH["proof"]
        page.keyboard.press("1")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("location.search + location.hash") == "?depth=idea#step-2"
        page.reload()
        assert page.evaluate(VISIBLE) == BY_DEPTH["idea"]
        assert page.evaluate("document.activeElement.closest('.step').id") == "step-2"
    with opened(browser, pages["in-beats"], "nonsense") as page:
        assert page.evaluate(VISIBLE) == BY_DEPTH["proof"]


@pytest.mark.parametrize("depth", DEPTHS)
def test_keys_go_through_the_steps_that_are_shown(
    browser: Any, pages: dict[str, Path], depth: str
) -> None:
    here = "document.activeElement.closest('.step').id.slice(5)"
    with opened(browser, pages["in-beats"], depth) as page:
        visited = []
        for _ in BY_DEPTH[depth]:
            page.keyboard.press("ArrowRight")
            visited.append(page.evaluate(here))
        assert visited == BY_DEPTH[depth]
        page.keyboard.press("ArrowLeft")
        assert page.evaluate(here) == BY_DEPTH[depth][-2]


def test_formulas_are_copied_as_latex_and_steps_as_links(
    browser: Any, pages: dict[str, Path]
) -> None:
    copied = "navigator.clipboard.readText()"
    allowed = ["clipboard-read", "clipboard-write"]
    with opened(browser, pages["in-beats"], permissions=allowed) as page:
        display = page.locator("[id='step-2.1.2'] > .display")
        display.hover()
        page.locator(".copy-tex").click()
        assert page.evaluate(copied) == r"$M_{k}\cdots M_{i+1}\,w_{i}=0$"
        assert page.locator(".copied-note").inner_text() == "LaTeX copied"
        page.locator("[id='step-2'] > .lead > .number").click()
        assert page.evaluate(copied) == page.evaluate("location.href")
        assert page.evaluate("location.hash") == "#step-2"
        page.locator("[id='step-2.1.2'] > .number").focus()
        page.keyboard.press("c")
        assert page.evaluate(copied).startswith("$M_{k}")
        # Plain copying: words as they are, a formula in pieces as one.
        page.evaluate("getSelection().selectAllChildren(document.querySelector('.sentence-form'))")
        page.keyboard.press("Control+c")
        assert r"then $G=0$, where $A=M_{k}\cdots M_{j+1}$" in page.evaluate(copied)


def test_a_reference_shows_what_it_refers_to(browser: Any, pages: dict[str, Path]) -> None:
    with opened(browser, pages["in-beats"]) as page:
        card, link = page.locator("#preview"), page.locator(".first-failing a")
        assert not card.is_visible()
        link.focus()
        assert "is a local minimum too" in card.inner_text()
        assert link.get_attribute("aria-describedby") == "preview"
        page.keyboard.press("Escape")
        assert not card.is_visible()
        link.hover()
        assert card.is_visible()


def test_what_scrolls_to_the_side_is_shaded_and_the_margin_is_not_cut(
    browser: Any, pages: dict[str, Path]
) -> None:
    with opened(browser, pages["perturbation"], viewport={"width": 390, "height": 900}) as page:
        shade = "getComputedStyle(document.querySelector('.scroll')).backgroundImage"
        assert page.evaluate(shade).count("gradient") == 4
    with opened(browser, pages["in-beats"], viewport={"width": 1280, "height": 500}) as page:
        within = "(e => [e.scrollHeight - e.clientHeight, getComputedStyle(e).overflowY])"
        cut, overflow = page.evaluate(f"{within}(document.querySelector('.pinned'))")
        assert cut <= 0 and overflow == "visible"


def test_a_sentence_opens_onto_its_inferences_without_scripts(
    browser: Any, pages: dict[str, Path]
) -> None:
    with opened(browser, pages["in-beats"], java_script_enabled=False) as page:
        inside = page.locator("[id='step-2.1.1']")
        assert not inside.is_visible()
        page.locator("[id='step-2.1.2'] > .more > summary").click()
        assert inside.is_visible()
        assert not page.locator(".keys").is_visible()


def test_a_symbol_tells_its_meaning_without_scripts(browser: Any, pages: dict[str, Path]) -> None:
    with opened(browser, pages["perturbation"], "all", java_script_enabled=False) as page:
        page.locator("[name=depth][value=all]").check(force=True)
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


def test_a_link_to_a_hidden_step_shows_it(browser: Any, pages: dict[str, Path]) -> None:
    with opened(browser, pages["in-beats"], "idea") as page:
        page.evaluate("location.hash = '#step-2.1.1'")
        page.wait_for_function("document.activeElement.closest('.step')?.id === 'step-2.1.1'")
        assert page.locator("[id='step-2.1.1']").is_visible()
        # One beat is opened for it, and no other.
        assert not page.locator("[id='step-3.2']").is_visible()


@pytest.mark.parametrize("depth", DEPTHS)
def test_printing_follows_the_depth(
    browser: Any, pages: dict[str, Path], tmp_path: Path, depth: str
) -> None:
    with opened(browser, pages["in-beats"], depth) as page:
        page.pdf(path=str(tmp_path / "page.pdf"))
    shown = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "page.pdf"), "-"], capture_output=True, timeout=60
    ).stdout.decode()
    assert "has lost rank" in shown
    assert ("some" in shown and "is sent to zero" in shown.replace("\n", " ")) == (depth != "idea")
    assert ("rank arithmetic" in shown) == (depth == "all")


WORDS = """selectors => selectors.map(selector => {
  let count = 0;
  const look = node => {
    if (node.nodeType === 3) {
      count += (node.textContent.match(/[^\\s]*[\\p{L}\\p{N}][^\\s]*/gu) || []).length;
      return;
    }
    if (node.nodeType !== 1 || !node.checkVisibility()) { return; }
    if (node.matches('.hidden, script, style')) { return; }
    if (node.matches('math, svg')) { count += 1; return; }
    node.childNodes.forEach(look);
  };
  document.querySelectorAll(selector).forEach(look);
  return count;
})"""
"""How many words one sees; a formula or a picture counts as one."""


@pytest.mark.parametrize(
    ("name", "proof", "page", "pixels"),
    [("lemma-1", 1500, 2500, 8000), ("theorem-1", 2500, 3000, 10_000)],
)
def test_a_proof_is_as_short_as_a_reader_expects(
    browser: Any, name: str, proof: int, page: int, pixels: int
) -> None:
    size = {"width": 1280, "height": 900}
    with opened(browser, GALLERY / f"{name}.html", viewport=size) as shown:
        argument, example, whole = shown.evaluate(WORDS, [".proof", ".example", "body"])
        assert argument + example <= proof and whole <= page, (argument, example, whole)
        assert shown.evaluate("document.documentElement.scrollHeight") <= pixels
        idea = "document.querySelector('[name=depth][value=idea]').click()"
        shown.evaluate(idea)
        assert shown.evaluate(WORDS, [".proof"])[0] <= 500


@pytest.mark.parametrize("path", sorted(GALLERY.glob("*.html")), ids=lambda path: path.name)
def test_the_gallery(browser: Any, axe: str, path: Path) -> None:
    for theme, width in (("light", 390), ("dark", 1280)):
        size = {"width": width, "height": 900}
        with opened(browser, path, viewport=size, color_scheme=theme) as page:
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.evaluate(axe)
            found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
            assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
