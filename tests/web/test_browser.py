"""Walkthroughs in a real browser: what a student does with them, and the numbers they see."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from proofkit.evaluate import Layers
from proofkit.evaluate.terms import matrix_value
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.files import parse_network, read_network
from proofkit.walkthroughs import static_page
from theorems import PACK
from theorems.walkthroughs import experiment

from .conftest import Server

LEMMA = PACK["lemma-1"]
REFUSED = "the server responded with a status of 422"


def example(name: str) -> Any:
    return read_network(PACK.examples()[name])


@contextmanager
def opened(
    browser: Any, address: str, expect: tuple[str, ...] = (), **options: Any
) -> Iterator[Any]:
    """A page that may neither speak up nor ask for anything but its own server."""
    said: list[str] = []
    asked: list[str] = []
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda fault: said.append(str(fault)))
    page.on("request", lambda request: asked.append(request.url))
    page.set_default_timeout(120_000)
    page.goto(address)
    yield page
    assert [s for s in said if not any(part in s for part in expect)] == []
    home = address if address.startswith("file:") else re.match(r"http://[^/]+/", address)[0]
    assert [url for url in asked if not url.startswith((home, "data:", "blob:"))] == []
    context.close()


def numbers(page: Any, panel: int) -> list[float]:
    """The numbers that a panel of the experiment shows."""
    cells = page.locator(f"#panel-{panel} mtd")
    return [float(value) for value in cells.evaluate_all("c => c.map(x => x.dataset.value)")]


def slid(found: Any, values: dict[int, tuple[Fraction, ...]], size: Fraction) -> Any:
    """The experiment's symbols with the vectors of the knobs and the size."""
    members: dict[Any, dict[int, Any]] = {}
    for number, knob in enumerate(found.knobs):
        column = ExactMatrix.of([[x] for x in values.get(number, knob.values)])
        members.setdefault(knob.family, dict(found.env[knob.family].members))[knob.at] = column
    return found.env.having({found.size: size, **{f: Layers(m) for f, m in members.items()}})


def slide(page: Any, id: str, value: float) -> None:
    page.locator(f"#{id}").evaluate(
        "(x, v) => { x.value = v; x.dispatchEvent(new Event('input', {bubbles: true}));"
        " x.dispatchEvent(new Event('change', {bubbles: true})); }",
        value,
    )


def same_as_the_library(page: Any, found: Any, env: Any) -> None:
    for panel, shown in enumerate(found.shown):
        exact = [x for line in matrix_value(shown.term, env).entries() for x in line]
        assert numbers(page, panel) == pytest.approx([float(x) for x in exact], rel=1e-12, abs=0)


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Static walkthroughs on several examples and losses."""
    folder = tmp_path_factory.mktemp("exports")
    found = {}
    for name in ("E08", "E10", "E01", "E22", "E24"):
        page = static_page(PACK, LEMMA, "short" if name == "E01" else "paper", example(name), 0)
        found[name] = folder / f"{name}.html"
        found[name].write_text(page, encoding="utf-8")
    return found


# ── The live page ──────────────────────────────────────────────────────────────────────────────
def test_it_loads_and_steps_by_keys_and_by_buttons(browser: Any, server: Server) -> None:
    with opened(browser, server.address) as page:
        assert page.title().startswith("Lemma 1")
        assert page.locator(".step .verdict").count() > 20
        page.keyboard.press("s")
        assert page.locator(".step:visible").count() == 1
        page.keyboard.press("ArrowRight")
        page.locator("#step-on").click()
        assert page.locator(".step:visible").count() == 3
        assert page.evaluate("document.activeElement.closest('.step').id") == "step-H3"
        assert "step=H3" in page.url
        page.keyboard.press("ArrowLeft")
        assert "2 of" in page.locator("#step-place").inner_text()
        page.locator("#step-all").click()
        assert page.locator(".step:visible").count() > 50


def test_sliding_keeps_the_product_and_moves_the_gradient(browser: Any, server: Server) -> None:
    found = experiment(example("E08"), 0)
    with opened(browser, f"{server.address}?example=E08") as page:
        reading = page.locator("#reading")
        assert reading.get_attribute("data-checked") == "yes"
        page.locator("#still").click()
        zero = {n: (Fraction(0),) * len(k.values) for n, k in enumerate(found.knobs)}
        same_as_the_library(page, found, slid(found, zero, Fraction(1, 2)))
        slide(page, "size", 0.75)
        slide(page, "knob-0-1", 1.5)
        slide(page, "knob-1-1", -0.25)
        values = {
            0: (Fraction(0), Fraction(3, 2), Fraction(0)),
            1: (Fraction(0), Fraction(-1, 4), Fraction(0)),
        }
        env = slid(found, values, Fraction(3, 4))
        same_as_the_library(page, found, env)
        roles = [shown.role for shown in found.shown]
        still, test = roles.index("still"), roles.index("test")
        product = [float(x) for line in example("E08").product().entries() for x in line]
        assert numbers(page, still) == product
        assert page.locator(f"#panel-{still}").get_attribute("data-moved") == "no"
        assert page.locator(f"#panel-{test}").get_attribute("data-moved") == "yes"
        assert any(numbers(page, test))
        assert page.locator("#panel-0 mtd.changed").count() == 1
        # The loss starts where it was, and falls below it along the library's own gradient.
        start = float(page.locator("#fall").get_attribute("data-start"))
        low = float(page.locator("#fall").get_attribute("data-low"))
        assert start == float(example("E08").loss.value(example("E08").product())) == 5
        assert low < start
        page.wait_for_timeout(200)
        assert reading.inner_text().startswith("The product is unchanged. G·B̃ᵀ is not zero")
        assert "v=" in page.url and "size=0.75" in page.url


def test_sliders_move_by_keyboard_and_say_their_value(browser: Any, server: Server) -> None:
    with opened(browser, server.address) as page:
        slider = page.get_by_role("slider").nth(1)
        before = slider.input_value()
        slider.focus()
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        assert slider.input_value() == "-1.75" != before
        assert slider.locator("xpath=following-sibling::output").inner_text() == "−1.75"


def test_an_entry_a_width_and_the_seed_update_everything(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E08&route=short") as page:
        entry = page.locator("#entry-3-0-0")
        entry.fill("1/2")
        entry.press("Tab")
        page.wait_for_url("**network=**")
        page.wait_for_selector(".example-title:has-text('your network')")
        facts = page.locator(".example .facts").inner_text()
        assert "29/4" in facts  # (3/2 − 3)² + 4 + 1
        assert page.evaluate("document.activeElement.id") == "entry-3-0-1"
        assert page.locator("#entry-3-0-0").input_value() == "1/2"
        page.locator("#widths input[name=dims]").fill("3, 3, 2, 2, 3")
        page.keyboard.press("Enter")
        page.wait_for_selector(".facts:has-text('3, 3, 2, 2, 3')")
        assert page.locator("#entries fieldset").count() == 4
        page.locator("#setup input[name=seed]").fill("4")
        drawn = page.locator("#sliders input").evaluate_all("a => a.map(x => x.value)")
        page.keyboard.press("Enter")
        page.wait_for_url("**seed=4**")
        page.wait_for_timeout(500)
        assert page.locator("#sliders input").evaluate_all("a => a.map(x => x.value)") != drawn
        page.select_option("#setup select[name=result]", "lemma-2")
        page.wait_for_selector("h1:has-text('Lemma 2')")


def test_a_network_of_ones_own_is_uploaded_and_a_bad_one_refused(
    browser: Any, server: Server, tmp_path: Path
) -> None:
    text = PACK.examples()["E10"].read_text(encoding="utf-8")
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(text.replace('"title": "', '"title": "mine: ', 1), encoding="utf-8")
    bad.write_text(text.replace("[1, 0]", "[1, 0, 7]", 1), encoding="utf-8")
    with opened(browser, server.address, expect=(REFUSED,)) as page:
        page.locator("#own summary").click()
        page.set_input_files("#upload", good)
        page.wait_for_selector(".example-title:has-text('mine: ')")
        assert "network=" in page.url
        found = experiment(example("E10"), 0)
        same_as_the_library(page, found, found.env)
        page.set_input_files("#upload", bad)
        page.wait_for_selector("#faults p")
        told = page.locator("#faults").inner_text()
        assert "$.layers[0]" in told and "Traceback" not in told
        # What was there is still there, and works.
        assert "mine: " in page.locator(".example-title").inner_text()
        page.locator("#own textarea").fill(good.read_text(encoding="utf-8").replace("mine", "m2"))
        page.locator("#own button").click()
        page.wait_for_selector(".example-title:has-text('m2: ')")
        assert page.locator("#faults p").count() == 0


def test_a_network_too_long_for_an_address_is_shown_with_a_word(
    browser: Any, server: Server
) -> None:
    drawn = random.Random(3)
    data = [[drawn.random() for _ in range(900)] for _ in range(2)]
    loss = {"kind": "squared", "X": data, "Y": data}
    layers = [[[1.0, 0.0], [0.0, 1.0]]]
    network = {"format": "proofkit/network/1", "title": "long", "layers": layers, "loss": loss}
    with opened(browser, f"{server.address}?result=chain-rule") as page:
        page.locator("#own summary").click()
        page.locator("#own textarea").fill(json.dumps(network))
        page.locator("#own button").click()
        page.wait_for_selector("#faults p")
        assert "too long for an address" in page.locator("#faults").inner_text()
        assert "long" in page.locator(".example-title").inner_text()


def test_the_address_holds_the_whole_state(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E10&route=short&seed=5") as page:
        slide(page, "size", 0.25)
        slide(page, "knob-0-0", -1.25)
        page.keyboard.press("s")
        page.keyboard.press("ArrowRight")
        address = page.url
        shown = [numbers(page, panel) for panel in range(page.locator(".panel").count())]
    with opened(browser, address) as page:
        assert page.locator("#setup select[name=example]").input_value() == "E10"
        assert page.locator("#setup select[name=route]").input_value() == "short"
        assert page.locator("#setup input[name=seed]").input_value() == "5"
        assert page.locator("#size").input_value() == "0.25"
        assert [numbers(page, panel) for panel in range(len(shown))] == shown
        assert page.locator(".step:visible").count() == 2
        page.select_option("#setup select[name=example]", "E08")
        page.wait_for_selector(".example-title:has-text('E08')")
        page.go_back()
        page.wait_for_selector(".example-title:has-text('E10')")


def is_in_view(page: Any, selector: str) -> bool:
    box = page.locator(selector).bounding_box()
    height = page.viewport_size["height"]
    return box is not None and box["y"] > -1 and box["y"] + box["height"] < height + 1


def test_an_error_stands_beside_the_field_that_caused_it(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E08", expect=(REFUSED, "400")) as page:
        for act, near in (
            (lambda: page.locator("#entry-3-0-0").fill("1/0"), "#entries"),
            (lambda: page.locator("#widths input[name=dims]").fill("3, x"), "#widths"),
            (lambda: page.locator("#own textarea").fill("{}"), "#own"),
            (lambda: page.locator("#own textarea").fill(""), "#own"),
        ):
            if near == "#own" and not page.locator("#own textarea").is_visible():
                page.locator("#own summary").click()
            act()
            if near == "#own":
                page.locator("#own button").click()
            else:
                page.keyboard.press("Enter")
            page.wait_for_selector(f"{near} + #faults p")
            page.wait_for_timeout(200)
            assert is_in_view(page, "#faults p"), near
        assert "nothing was given" in page.locator("#faults").inner_text()
        page.select_option("#setup select[name=example]", "E10")
        page.wait_for_selector(".example-title:has-text('E10')")
        assert page.locator("#setup + #faults").count() == 1
        assert page.locator("#faults p").count() == 0


def test_a_shared_step_is_scrolled_to_also_behind_a_question(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E08") as page:
        number = page.locator(".step.veiled").last.get_attribute("id").removeprefix("step-")
        assert not page.locator(f"[id='step-{number}']").is_visible()
    with opened(browser, f"{server.address}?example=E08&step={number}") as page:
        page.wait_for_selector(f"[id='step-{number}']", state="visible")
        assert f"step {number}," in page.locator("#step-place").inner_text()
        assert is_in_view(page, f"[id='step-{number}'] summary >> nth=0")
        # A link to a step answers nothing for the reader.
        assert page.locator("#progress-words").inner_text().startswith("0 of")


def test_after_an_answer_the_focus_is_at_the_step(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E08") as page:
        for quiz, button in (("product", ".check"), ("kernel", ".skip-it")):
            one = page.locator(f".quiz[data-id={quiz}]")
            if one.count() == 0:
                one = page.locator(".quiz:not(.done)").first
            number = one.get_attribute("data-step")
            if button == ".check":
                one.locator("input[data-right]").check()
            one.locator(button).click()
            assert page.evaluate("document.activeElement.closest('.step').id") == f"step-{number}"


def test_keys_pass_through_choices_and_enter_takes_one(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E08") as page:
        address, asked = page.url, []
        page.on("request", lambda request: asked.append(request.url))
        chosen = page.locator("#setup select[name=example]")
        chosen.focus()
        for _ in range(3):
            page.keyboard.press("ArrowDown")
        wanted = chosen.input_value()
        page.wait_for_timeout(300)
        assert wanted != "E08" and page.url == address and asked == []
        page.keyboard.press("Enter")
        page.wait_for_selector(f".example-title:has-text('{wanted}')")
        page.keyboard.press("ArrowUp")
        assert chosen.input_value() != wanted
        page.keyboard.press("Tab")
        page.wait_for_selector(f".example-title:not(:has-text('{wanted} '))")
        assert len(asked) == 2


def test_predictions_are_answered_right_and_wrong(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E08") as page:
        quiz = page.locator(".quiz[data-id=product]")
        step = page.locator(f"[id='step-{quiz.get_attribute('data-step')}']")
        told = quiz.locator(".told")
        assert not step.is_visible()
        quiz.locator(".check").click()
        assert "Choose" in told.inner_text()
        quiz.locator(".hint").click()
        assert told.inner_text().startswith("Hint 1 of 2")
        quiz.locator(".hint").click()
        assert told.inner_text().startswith("Hint 2 of 2")
        assert quiz.locator(".hint").is_disabled()
        quiz.locator("input").nth(0).check()
        quiz.locator(".check").click()
        assert "On this network it fails" in told.inner_text()
        assert set(told.locator("mtd").all_text_contents()) == {"0"}
        assert not step.is_visible()
        quiz.locator("input[data-right]").check()
        quiz.locator(".check").click()
        assert "Right" in told.inner_text() and step.is_visible()
        words = page.locator("#progress-words").inner_text()
        assert words.startswith("1 of 5 predictions right, 1 of them with help")
        with page.expect_download() as download:
            page.locator("#export-progress").click()
        saved = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
        assert saved["progress"]["questions"]["product"] == {"wrong": 1, "hints": 2, "right": True}
        page.reload()
        assert step.is_visible()
        page.locator("#forget-progress").click()
        page.wait_for_selector(".quiz[data-id=product]:not(.done)")


def test_steps_are_put_in_order(browser: Any, server: Server) -> None:
    from proofkit.reports.tracing import plain_trace
    from proofkit.walkthroughs.exercises import ordering

    found = ordering(plain_trace(LEMMA, "paper"), LEMMA.run("paper").proof.steps)
    assert found is not None
    reading = [step.number for step in plain_trace(LEMMA, "paper").walk()]
    wanted = sorted((s.number for s in found.steps), key=reading.index)
    with opened(browser, f"{server.address}?example=E08&route=paper") as page:
        page.locator("#order-check").click()
        assert "rests on" in page.locator("#order-told").inner_text()
        assert page.locator("#order-list .wrong").count() > 0
        for place, number in enumerate(wanted):
            button = page.locator(f"#order-list li[data-step='{number}'] .up")
            while True:
                order = page.locator("#order-list li").evaluate_all(
                    "a => a.map(x => x.dataset.step)"
                )
                if order.index(number) == place:
                    break
                button.focus()
                page.keyboard.press("Enter")
        page.locator("#order-check").click()
        assert "✓ Right" in page.locator("#order-told").inner_text()
        assert "order found" in page.locator("#progress-words").inner_text()


def test_what_breaks_without_a_hypothesis_and_without_a_step(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E01&route=short") as page:
        off = page.locator(".off").nth(4)
        off.locator("summary").click()
        assert "the conclusion fails" in off.inner_text() and off.locator("mtable").count() > 0
        numbers = page.locator("#break-step option").evaluate_all("a => a.map(x => x.value)")
        step = next(number for number in numbers if number.count(".") == 2)
        page.select_option("#break-step", step)
        assert "fall" in page.locator("#break-says").inner_text()
        assert page.locator(".step.fallen").count() > 0
        results = page.locator("#break-list").inner_text()
        assert "it has another: the route paper" in results
        assert "So no other result falls." in results and "Theorem 1" not in results
        page.select_option("#break-step", "")
        assert page.locator(".step.fallen").count() == 0
        off.locator("a").click()
        page.wait_for_selector(".example-title:has-text('E08')")


def test_a_full_rank_minimum_shows_why_and_its_basin(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E01") as page:
        assert page.locator("#sliders").count() == 0
        assert "left" in page.locator(".obstacles").inner_text()
        assert page.locator(".obstacles svg.drawing").count() == 1
        assert "no way down" in page.locator("#fall-words").inner_text().lower()


# ── The page on disk ───────────────────────────────────────────────────────────────────────────
def test_the_export_opens_from_disk_and_slides(browser: Any, exports: dict[str, Path]) -> None:
    found = experiment(example("E10"), 0)
    with opened(browser, exports["E10"].as_uri(), offline=True) as page:
        same_as_the_library(page, found, found.env)
        slide(page, "knob-1-1", 1.75)
        slide(page, "size", 1)
        values = {1: (found.knobs[1].values[0], Fraction(7, 4))}
        same_as_the_library(page, found, slid(found, values, Fraction(1)))
        still = [shown.role for shown in found.shown].index("still")
        assert page.locator(f"#panel-{still}").get_attribute("data-moved") == "no"
        page.keyboard.press("s")
        assert page.locator(".step:visible").count() == 1
        assert page.locator("#setup").count() == 0


@pytest.mark.parametrize("name", ["E08", "E10", "E01", "E22", "E24"])
def test_the_pages_arithmetic_is_checked_against_the_librarys_numbers(
    browser: Any, exports: dict[str, Path], name: str
) -> None:
    with opened(browser, exports[name].as_uri(), offline=True) as page:
        assert page.locator("#reading").get_attribute("data-checked") == "yes"


def test_the_product_of_floats_and_of_thirds_is_unchanged_within_rounding(
    browser: Any, tmp_path: Path
) -> None:
    """Kernel vectors are rounded there; a page that took them for exact would see it move."""
    third = [["1/3", "2/3", "-1/7"], ["2/3", "4/3", "-2/7"], ["1/9", "2/9", "-1/21"]]
    floats = [[0.1, 0.2, 0.3], [0.3, 0.6, 0.9], [0.7, 1.4, 2.1]]
    loss = {"kind": "squared", "X": third, "Y": floats}
    for name, rows in (("thirds", third), ("floats", floats)):
        middle = [row[:2] for row in rows]
        layers = [rows, [[row[0] for row in middle], [0, 0, 0]], middle]
        text = json.dumps({"title": name, "layers": layers, "loss": loss}, default=str)
        network = parse_network(text.replace("{", '{"format": "proofkit/network/1", ', 1))
        path = tmp_path / f"{name}.html"
        path.write_text(static_page(PACK, LEMMA, "short", network, 0), encoding="utf-8")
        still = [shown.role for shown in experiment(network, 0).shown].index("still")
        with opened(browser, path.as_uri(), offline=True) as page:
            for value in (-2, 0.25, 1.75):
                slide(page, "knob-0-0", value)
                assert page.locator(f"#panel-{still}").get_attribute("data-moved") == "no"
            assert page.locator("#panel-0").get_attribute("data-moved") == "yes"
            assert page.locator("#reading").get_attribute("data-checked") == "yes"


def test_the_check_of_the_arithmetic_can_fail(
    browser: Any, exports: dict[str, Path], tmp_path: Path
) -> None:
    text = exports["E08"].read_text(encoding="utf-8")
    wrong = re.sub(r'"kind": "squared", "X"', '"kind": "squared", "Y"', text.replace('"Y"', '"X"'))
    assert wrong != text
    path = tmp_path / "wrong.html"
    path.write_text(wrong, encoding="utf-8")
    with opened(browser, path.as_uri(), offline=True) as page:
        page.wait_for_timeout(300)
        assert page.locator("#reading").get_attribute("data-checked") == "no"
        assert "do not trust it" in page.locator("#reading").inner_text()


def test_the_export_reads_without_scripts(browser: Any, exports: dict[str, Path]) -> None:
    with opened(browser, exports["E08"].as_uri(), java_script_enabled=False) as page:
        assert page.locator(".panel mtable").count() > 4
        assert page.locator(".step:visible").count() > 50
        assert page.locator("noscript").inner_text()


# ── For everyone ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1280)])
def test_axe_finds_nothing_to_fault(
    browser: Any, axe: str, server: Server, theme: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    with opened(browser, server.address, viewport=size, color_scheme=theme) as page:
        page.locator("#own summary").click()
        page.locator(".off summary").nth(3).click()
        page.select_option("#break-step", "2.2")
        quiz = page.locator(".quiz").nth(0)
        quiz.locator("input").nth(0).check()
        quiz.locator(".check").click()
        page.wait_for_timeout(200)
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_nothing_in_a_page_that_says_what_is_wrong(
    browser: Any, axe: str, server: Server
) -> None:
    address = f"{server.address}?result=lemma-9"
    with opened(browser, address, expect=("status of 404",)) as page:
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
        page.get_by_role("link", name="Begin anew").click()
        page.wait_for_selector("h1:has-text('Lemma 1')")
