"""The HTML view: valid, self-contained, safe, and the same each time."""

from __future__ import annotations

import base64
import io
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from jinja2 import UndefinedError

from proofkit.trace import ResultTrace
from proofkit.views import fonts, html, templating

from . import samples

VOID = {"meta", "link", "br", "hr", "img", "input", "wbr", "mspace"}
LINKS = {"index": "index.html", "perturbation": "perturbation.html"}
every_sample = pytest.mark.parametrize("make", samples.ALL, ids=lambda make: make.__name__)


class Checker(HTMLParser):
    """Collects what is wrong with a page, its ids and its links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.errors: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.headings: list[int] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if "href" in given:
            self.links.append(str(given["href"]))
        self.sources.extend(str(given[key]) for key in ("src", "srcset", "data") if key in given)
        self.errors.extend(f"handler {key}" for key in given if key.startswith("on"))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.errors.append(f"</{tag}> closes nothing")


def check(page: str) -> Checker:
    checker = Checker()
    checker.feed(page)
    checker.close()
    return checker


@every_sample
def test_pages_are_valid_and_self_contained(make: Callable[[], ResultTrace]) -> None:
    page = html.page(make(), links=LINKS)
    found = check(page)
    assert found.errors == [] and found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert found.sources == []
    inside = {link[1:] for link in found.links if link.startswith("#")}
    assert inside <= set(found.ids)
    assert {link for link in found.links if not link.startswith("#")} <= set(LINKS.values())
    urls = re.findall(r"url\(\"?([^\")]*)", page)
    drawn = [url for url in urls if not url.startswith("#")]
    assert drawn and all(url.startswith("data:font/woff;base64,") for url in drawn)
    assert "http" not in page.replace("http-equiv", "")
    assert len(page.encode()) <= 400_000
    assert {"main", "nav", "header", "h1", "h2"} <= found.tags
    assert found.headings[0] == 1 and max(found.headings) <= 3


@every_sample
def test_the_same_trace_gives_the_same_page(make: Callable[[], ResultTrace]) -> None:
    first = html.page(make(), links=LINKS)
    fonts._subset.cache_clear()
    assert html.page(make(), links=LINKS) == first


@every_sample
def test_every_code_point_of_a_formula_is_in_the_font(make: Callable[[], ResultTrace]) -> None:
    page = html.page(make())
    data = re.search(r"data:font/woff;base64,([^\"]*)", page)
    assert data is not None
    font = TTFont(io.BytesIO(base64.b64decode(data[1])))
    assert "MATH" in font
    missing = fonts.code_points(page) - set(font.getBestCmap())
    # A letter of a script that no math font has falls back to a font of the system.
    assert {chr(c) for c in missing} <= ({"中"} if make is samples.hostile else set())


def test_a_font_is_the_same_whether_cut_in_one_step_or_in_two() -> None:
    points = frozenset(map(ord, "AB𝐴𝐵′√⟨⟩∑0123456789"))
    assert points <= fonts._USUAL
    whole = fonts._font_file().read_bytes()
    assert fonts._cut(fonts._usual(), points, "woff") == fonts._cut(whole, points, "woff")
    # A character that few pages have is no reason to do without its glyph.
    rare = frozenset({*points, ord("⨂")})
    font = TTFont(io.BytesIO(fonts.subset(rare)))
    assert not rare <= fonts._USUAL and rare <= set(font.getBestCmap())


def test_pages_that_differ_in_their_numbers_share_one_font() -> None:
    one, other = (f"<math><mi>A</mi><mo>=</mo><mn>{n}</mn></math>" for n in ("1", "27/4"))
    assert fonts.data_url(one) == fonts.data_url(other)
    assert fonts.data_url(one) != fonts.data_url(one.replace("A", "B"))


def test_words_cannot_become_markup() -> None:
    page = html.page(samples.hostile(), links=LINKS)
    assert page.count("<script>") == 1
    assert "alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.index("&lt;script&gt;") < page.index("<body>")


def test_index_links_every_result() -> None:
    traces = [make() for make in samples.ALL]
    links = {trace.id: f"{trace.id}.html" for trace in traces}
    found = check(html.index(traces, links=links))
    assert found.errors == [] and found.open == []
    assert set(links.values()) <= set(found.links)
    assert len(found.ids) == len(set(found.ids))


def test_templates_refuse_what_they_do_not_know() -> None:
    with pytest.raises(UndefinedError):
        templating.html_environment().get_template("page.html.j2").render(theme="auto")


def test_the_script_is_small() -> None:
    script = re.search(r"<script>(.*?)</script>", html.page(samples.chain_rule()), re.DOTALL)
    assert script is not None and len(script[1].encode()) <= 12288


def luminance(colour: str) -> float:
    """The relative luminance of a colour, as WCAG 2 defines it."""
    digits = colour.lstrip("#")
    digits = "".join(2 * c for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def palettes() -> list[dict[str, str]]:
    """The colours of the style sheet by name: light, dark twice, print."""
    css = (Path(html.__file__).parent / "templates" / "page.css").read_text(encoding="utf-8")
    blocks = re.findall(r"\{([^{}]*--paper:[^{}]*)\}", css)
    return [dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{3,6});", block)) for block in blocks]


def test_contrast_is_enough_in_every_theme() -> None:
    light, *others = palettes()
    assert len(others) == 3 and others[0] == others[1]
    for palette in (light, *({**light, **other} for other in others)):
        for ground in ("--paper", "--band", "--note", "--mark", "--frame"):
            for ink in ("--ink", "--soft", "--accent", "--good", "--bad", "--wait"):
                if ground == "--mark" and ink != "--ink":
                    continue
                a, b = sorted((luminance(palette[ink]), luminance(palette[ground])))
                assert (b + 0.05) / (a + 0.05) >= 4.5, (ink, ground)


needs_chromium = pytest.mark.skipif(
    shutil.which("chromium") is None and not os.environ.get("CI"), reason="needs chromium"
)


def chromium(*options: str) -> str:
    """What headless Chromium prints."""
    with tempfile.TemporaryDirectory() as profile:
        run = subprocess.run(
            [
                "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", f"--user-data-dir={profile}",
                *options,
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    return run.stdout.decode("utf-8", "replace")


@needs_chromium
def test_chromium_draws_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    picture = tmp_path / "page.png"
    page.write_text(html.page(samples.perturbation(), theme="dark"), encoding="utf-8")
    chromium("--window-size=800,600", f"--screenshot={picture}", page.as_uri())
    assert picture.stat().st_size > 20_000


TELL_WIDTH = "<script>parent.postMessage(document.documentElement.scrollWidth, '*')</script>"


@needs_chromium
@every_sample
def test_a_phone_shows_a_page_without_sideways_scrolling(
    make: Callable[[], ResultTrace], tmp_path: Path
) -> None:
    """In a frame, since a window of Chromium has a least width of its own."""
    (tmp_path / "page.html").write_text(html.page(make()) + TELL_WIDTH, encoding="utf-8")
    frame = tmp_path / "frame.html"
    frame.write_text(
        "<!DOCTYPE html><iframe src='page.html' style='width:390px;border:0'></iframe>"
        "<p id=width></p><script>onmessage = e => { width.textContent = e.data }</script>",
        encoding="utf-8",
    )
    shown = chromium("--virtual-time-budget=5000", "--dump-dom", frame.as_uri())
    found = re.search(r'<p id="width">(\d+)</p>', shown)
    assert found is not None and int(found[1]) <= 390


PRESS_KEYS = """<p id="told"></p><script>
const press = key => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const here = () => document.activeElement.closest(".step").id;
const open = () => document.querySelectorAll("details.more[open]").length;
const said = [];
press("ArrowRight"); press("ArrowRight"); said.push(here()); press("ArrowLeft"); said.push(here());
press("1"); press("ArrowRight"); said.push(here(), open());
press("3"); press("ArrowRight"); said.push(here(), open());
press("e"); said.push(open());
press("t"); said.push(document.documentElement.dataset.theme);
told.textContent = said.join(" ");
</script>"""


@needs_chromium
def test_keys_step_change_the_depth_fold_and_change_the_theme(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(html.page(samples.in_beats(), theme="light") + PRESS_KEYS, encoding="utf-8")
    told = re.search(r'<p id="told">(.*?)</p>', chromium("--dump-dom", page.as_uri()))
    # From the sentence 1 of beat 1 the idea goes on with beat 2, every inference with 2.1.
    assert told is not None and told[1] == "step-1.1 step-1 step-2 0 step-2.1 5 0 dark"
