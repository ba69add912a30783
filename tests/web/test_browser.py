"""Walkthroughs in a real browser: what a student does with them, and the numbers they see."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from proofkit.evaluate import Layers
from proofkit.evaluate.terms import matrix_value
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.files import parse_network, read_network
from proofkit.reports.tracing import plain_trace
from proofkit.views.telling import told
from proofkit.walkthroughs import static_page
from proofkit.walkthroughs.ordering import ordering
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
    page.set_default_timeout(30_000)
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


def past(page: Any) -> None:
    """On to the proof, with the sliders as they were drawn."""
    page.locator("#to-proof").click()


def whole(page: Any) -> None:
    """On to the proof, all of it on one page, without questions."""
    past(page)
    page.locator("#answer-all").click()
    page.keyboard.press("s")


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
def test_it_loads_and_goes_along_the_spine(browser: Any, server: Server) -> None:
    beats = [p for p in told(plain_trace(LEMMA, "paper")).beats if not p.parts]
    with opened(browser, f"{server.address}?route=paper") as page:
        assert page.title().startswith("Lemma 1")
        whole(page)
        page.locator("#stepping").click()
        spine = page.locator("#spine a")
        assert spine.count() == len(beats) == 8
        page.keyboard.press("ArrowRight")
        place = page.locator("#step-place")
        assert place.inner_text() == "Beat 2 of 8"
        # One beat, with the block that it stands in.
        shown = page.locator(".tale > li.beat:visible")
        assert shown.evaluate_all("a => a.map(x => x.id)") == ["step-1", "step-1.3"]
        assert page.evaluate("document.activeElement.closest('.step').id") == "step-1.3"
        assert "step=1.3" in page.url and spine.nth(1).get_attribute("aria-current") == "step"
        page.locator("#step-on").click()
        page.keyboard.press("ArrowLeft")
        assert place.inner_text() == "Beat 2 of 8"
        # It unfolds into sentences, and these into inferences.
        assert page.locator(".sentence:visible").count() == 0
        page.locator("#unfold").click()
        assert page.locator(".sentence:visible").count() > 0
        assert page.locator(".inference:visible").count() == 0
        page.locator(".sentence:visible .more > summary").first.click()
        assert page.locator(".inference:visible").count() > 0
        # A reference leads to its beat.
        spine.last.click()
        assert place.inner_text() == "Beat 8 of 8" and page.locator("#step-on").is_disabled()
        page.evaluate("location.hash = ''")
        page.locator("#stepping").click()
        assert page.locator(".tale > li.beat:visible").count() == 10


def test_a_step_changes_within_150_ms(browser: Any, server: Server, record_property: Any) -> None:
    with opened(browser, f"{server.address}?example=E08&route=paper") as page:
        whole(page)
        page.locator("#stepping").click()
        times = page.evaluate(
            """() => Array.from({ length: 21 }, (_, n) => {
                const start = performance.now();
                proofkitWalk.show(n % proofkitWalk.screens().length);
                document.body.getBoundingClientRect();
                return performance.now() - start;
            }).sort((a, b) => a - b)"""
        )
        record_property("median_ms_of_a_beat", round(times[10]))
        print(f"\nmedian of 21 changes of the beat: {times[10]:.0f} ms")
        assert times[10] < 150


def test_a_reader_goes_on_where_they_were(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E08&route=paper") as page:
        whole(page)
        page.locator("#spine a").nth(3).click()
        assert page.locator("#progress-words").inner_text().startswith("Beat 4 of 8")
        page.goto(f"{server.address}?example=E08&route=paper")
        assert page.locator("#resume").inner_text() == "Go on at beat 4"
        page.locator("#resume").click()
        assert page.locator("#step-place").inner_text() == "Beat 4 of 8"
        assert is_in_view(page, "[id='step-1.5'] h3")


def test_sliding_keeps_the_product_and_moves_the_gradient(browser: Any, server: Server) -> None:
    found = experiment(example("E08"), 0)
    with opened(browser, f"{server.address}?example=E08") as page:
        reading = page.locator("#reading")
        assert reading.get_attribute("data-checked") == "yes"
        whole(page)
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
        assert slider.input_value() == "-1.9375" != before
        assert slider.locator("xpath=following-sibling::output").inner_text() == "−1.9375"


def test_an_entry_a_width_and_the_seed_update_everything(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E08&route=short") as page:
        past(page)
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
        drawn = page.evaluate("JSON.stringify(proofkitWalk.data().lab.knobs)")
        page.keyboard.press("Enter")
        page.wait_for_url("**seed=4**")
        page.wait_for_timeout(500)
        assert page.evaluate("JSON.stringify(proofkitWalk.data().lab.knobs)") != drawn
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
        past(page)
        page.locator("#own summary").click()
        page.set_input_files("#upload", good)
        page.wait_for_selector(".example-title:has-text('mine: ')")
        assert "network=" in page.url
        found = experiment(example("E10"), 0)
        page.locator("#drawn").click()
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
        whole(page)
        page.locator("#stepping").click()
        slide(page, "size", 0.25)
        slide(page, "knob-0-0", -1.25)
        page.locator("#spine a").nth(2).click()
        address = page.url
        shown = [numbers(page, panel) for panel in range(page.locator(".panel").count())]
    with opened(browser, address) as page:
        assert page.locator("#setup select[name=example]").input_value() == "E10"
        assert page.locator("#setup select[name=route]").input_value() == "short"
        assert page.locator("#setup input[name=seed]").input_value() == "5"
        assert page.locator("#size").input_value() == "0.25"
        assert [numbers(page, panel) for panel in range(len(shown))] == shown
        assert page.locator("#step-place").inner_text() == "Beat 3 of 7"
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
        past(page)
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
    with opened(browser, f"{server.address}?example=E08&route=paper&step=1.5") as page:
        page.wait_for_selector("[id='step-1.5']", state="visible")
        assert page.locator("#step-place").inner_text() == "Beat 4 of 8"
        assert is_in_view(page, "[id='step-1.5'] h3")
        # A link to a step answers nothing for the reader.
        assert "0 of 11 predictions right" in page.locator("#progress-words").inner_text()


def test_after_an_answer_the_focus_is_where_reading_goes_on(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E08&route=paper") as page:
        past(page)
        first = page.locator(".quiz[data-id=rank]")
        first.locator("input[data-right]").check()
        first.locator(".check").click()
        # At the next question about this beat, and after the last one at the beat.
        assert page.evaluate("document.activeElement.closest('.quiz').dataset.id") == "rule"
        page.locator(".quiz[data-id=rule] .skip-it").click()
        page.locator(".quiz[data-id=killed] .skip-it").click()
        assert page.evaluate("document.activeElement.closest('.step').id") == "step-1.2"


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
        page.wait_for_selector(f".example-title:has-text('{wanted}')", state="attached")
        page.keyboard.press("ArrowUp")
        assert chosen.input_value() != wanted
        page.keyboard.press("Tab")
        page.wait_for_selector(f".example-title:not(:has-text('{wanted} '))", state="attached")
        assert len(asked) == 2


def test_predictions_are_answered_right_and_wrong(
    browser: Any, server: Server, tmp_path: Path
) -> None:
    with opened(browser, f"{server.address}?example=E08&route=paper") as page:
        past(page)
        for other in ("rank", "rule", "killed"):
            page.locator(f".quiz[data-id={other}] .skip-it").click()
        page.locator("#step-on").click()
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
        # The same beat has a step to prove.
        page.locator(".quiz[data-id='step-1.3.2.3'] .skip-it").click()
        assert "Right" in told.inner_text() and step.is_visible()
        words = page.locator("#progress-words").inner_text()
        assert "1 of 11 predictions right, 1 of them with help" in words
        assert "The kernel accepts step 3" in told.inner_text()
        with page.expect_download() as download:
            page.locator("#export-progress").click()
        saved = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
        assert saved["progress"]["questions"]["product"] == {"wrong": 1, "hints": 2, "right": True}
        saved_file = tmp_path / "saved.json"
        saved_file.write_text(json.dumps(saved), encoding="utf-8")
        # Starting over asks first.
        page.locator("#forget-progress").click()
        page.locator("#forget-no").click()
        assert "1 of 11 predictions right" in page.locator("#progress-words").inner_text()
        page.locator("#forget-progress").click()
        page.locator("#forget-yes").click()
        page.wait_for_selector("body.challenging")
        past(page)
        assert "0 of 11 predictions right" in page.locator("#progress-words").inner_text()
        # What was saved is loaded, and nothing else is.
        other = tmp_path / "other.json"
        other.write_text(json.dumps({**saved, "of": "another"}), encoding="utf-8")
        page.set_input_files("#import-progress", other)
        page.wait_for_selector("#progress-told p:has-text('another walkthrough')")
        page.set_input_files("#import-progress", saved_file)
        page.wait_for_selector("#progress-words:has-text('1 of 11 predictions right')")


def test_what_comes_after_an_open_question_is_hidden(browser: Any, server: Server) -> None:
    after = ("[aria-labelledby=idea]", ".way-down", "#what-if", "#order", ".routes", ".lab .named")
    with opened(browser, f"{server.address}?example=E08&route=paper") as page:
        past(page)
        for part in after:
            assert page.locator(part).count() > 0, part
            assert not page.locator(part).first.is_visible(), part
        assert page.locator("#spine .locked").count() == 8
        words = page.locator("#spine").inner_text()
        assert words.count("\n") < 17 and not re.search("layer|gradient|Lemma", words)
        page.locator("#spine a").nth(4).hover()
        page.wait_for_timeout(100)
        assert not page.locator("#preview").is_visible()
        # Neither keys, nor a link, nor a depth lead past it.
        for key in ("ArrowRight", "ArrowRight", "3"):
            page.keyboard.press(key)
        page.locator("#spine a").last.click()
        assert page.locator("#step-place").inner_text() == "Beat 1 of 8"
        assert page.locator(".tale > li.beat:visible").count() == 1
        assert page.locator(".sentence:visible, .inference:visible").count() == 0
        page.locator("#answer-all").click()
        page.locator(".depth label").nth(2).click()
        for part in after[:1] + after[2:]:
            assert page.locator(part).first.is_visible(), part


def test_the_reader_proves_a_step_and_the_kernel_answers(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E08&route=paper") as page:
        past(page)
        for other in ("rank", "rule"):
            page.locator(f".quiz[data-id={other}] .skip-it").click()
        quiz = page.locator(".quiz[data-id=killed]")
        told = quiz.locator(".told")
        quiz.locator("input").nth(1).check()
        quiz.locator("input").nth(3).check()
        quiz.locator(".check").click()
        told.get_by_text("Refused").wait_for()
        assert "fails" in told.inner_text()
        assert told.locator("mtable").count() > 0
        quiz.locator("input").nth(3).uncheck()
        quiz.locator("input").nth(0).check()
        quiz.locator("input").nth(2).check()
        quiz.locator(".check").click()
        page.locator("[id='step-1.2']").wait_for()
        assert told.inner_text() == "✓ Accepted by the kernel: textbook: kernel vector."
        assert "1 of 11 predictions right" in page.locator("#progress-words").inner_text()


def test_exercises_made_from_a_proof_are_answered_by_the_kernel(
    browser: Any, server: Server
) -> None:
    with opened(browser, f"{server.address}?result=theorem-2") as page:
        quiz = page.locator(".quiz[data-id='step-1.1.2']")
        while not quiz.is_visible():
            page.locator(".gate:visible .skip-it").first.click()
        told = quiz.locator(".told")
        quiz.locator("input").nth(0).check()
        quiz.locator("input").nth(3).check()
        quiz.locator(".check").click()
        told.get_by_text("Refused").wait_for()
        quiz.locator("input").nth(1).check()
        quiz.locator(".check").click()
        page.locator("[id='step-1']").wait_for()
        assert "textbook: convex critical point" in told.text_content()
    with opened(browser, f"{server.address}?example=E08&route=paper&step=1.2") as page:
        page.locator("#step-on").click()
        page.locator(".quiz[data-id=product] .skip-it").click()
        quiz = page.locator(".quiz[data-id='step-1.3.2.3']")
        quiz.locator(".check").click()
        assert quiz.locator(".told").inner_text() == "Choose an answer first."
        quiz.locator("input").nth(0).check()
        quiz.locator(".check").click()
        quiz.get_by_text("Refused").wait_for()
        assert "fails" in quiz.locator(".told").inner_text()
        quiz.locator("input").nth(2).check()
        quiz.locator(".check").click()
        page.locator("[id='step-1.3']").wait_for()
        assert page.locator("[id='step-1.3']").is_visible()


def order_now(page: Any) -> list[str]:
    found = page.locator("#order-list li").evaluate_all("a => a.map(x => x.dataset.step)")
    assert isinstance(found, list)
    return found


def test_beats_are_put_in_order_by_keys_and_by_dragging(browser: Any, server: Server) -> None:
    trace = plain_trace(LEMMA, "paper")
    found = ordering(trace, LEMMA.run("paper").proof.steps)
    assert found is not None
    reading = [step.number for step in trace.walk()]
    wanted = sorted((s.number for s in found.steps), key=reading.index)
    with opened(browser, f"{server.address}?example=E08&route=paper") as page:
        whole(page)
        page.locator("#order-check").click()
        assert "rests on" in page.locator("#order-told").inner_text()
        assert page.locator("#order-list .wrong").count() > 0
        # The first is dragged below the last.
        before = order_now(page)
        page.locator("#order").scroll_into_view_if_needed()
        first, last = (
            page.locator("#order-list li").nth(n).bounding_box() for n in (0, len(before) - 1)
        )
        page.locator("#order-list li").last.scroll_into_view_if_needed()
        first, last = (
            page.locator("#order-list li").nth(n).bounding_box() for n in (0, len(before) - 1)
        )
        page.mouse.move(first["x"] + first["width"] / 2, first["y"] + 8)
        page.mouse.down()
        page.mouse.move(last["x"] + last["width"] / 2, last["y"] + last["height"] - 3, steps=25)
        page.mouse.up()
        assert order_now(page) == [*before[1:], before[0]]
        assert "is now number 8 of 8" in page.locator("#order-told").inner_text()
        for place, number in enumerate(wanted):
            button = page.locator(f"#order-list li[data-step='{number}'] .up")
            while order_now(page).index(number) != place:
                button.focus()
                page.keyboard.press("ArrowUp" if place % 2 else "Enter")
        page.locator("#order-check").click()
        assert "✓ Right" in page.locator("#order-told").inner_text()
        assert "order found" in page.locator("#progress-words").inner_text()


def test_a_step_is_broken_where_it_stands(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E08&route=paper") as page:
        whole(page)
        steps = page.locator("#break-step option:not([value=''])").count()
        assert page.locator(".proof .break-here").count() == steps > 60
        page.locator("[id='step-1.3'] > p > .break-here").click()
        told = page.locator("[id='step-1.3'] #break-says")
        assert told.inner_text().startswith("Without step 3, ")
        assert page.locator("[id='step-1.5'].fallen").count() == 1
        assert page.locator("#spine li.fallen").count() > 3
        page.locator("[id='step-1.3'] > p > .break-here").click()
        assert page.locator(".fallen").count() == 0


# ── The challenge ──────────────────────────────────────────────────────────────────────────────
def test_the_challenge_comes_before_any_name(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E08&route=paper") as page:
        words = page.locator("main").inner_text()
        assert "Lower the loss without changing the product".upper() in words.upper()
        for name in ("Lemma 2", "G·", "w", "kernel"):
            assert not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words), name
        assert page.locator("#sliders input").nth(1).input_value() == "0"
        assert "no way down" in page.locator("#fall-words").inner_text()
        level = page.locator("#fall-level").get_attribute("d")
        slide(page, "knob-0-1", -1.5)
        first = page.locator("#fall-line").get_attribute("d")
        slide(page, "knob-1-2", 0.5)
        # The axes stay, and the curve before is there to be compared with.
        assert page.locator("#fall-level").get_attribute("d") == level
        assert page.locator("#fall-before").get_attribute("d") == first
        assert page.locator("#goal.reached").count() == 0
        slide(page, "knob-1-2", 0)
        slide(page, "knob-1-1", 0.75)
        assert page.locator("#goal.reached").count() == 1
        assert float(page.locator("#fall").get_attribute("data-low")) < 2
        assert page.locator("#goal-told").inner_text().startswith("Reached: the product is what")
        past(page)
        assert "1 goal reached" in page.locator("#progress-words").inner_text()
        page.locator("[data-goal=E09]").click()
        page.wait_for_selector(".example-title:has-text('E09')", state="attached")
        # Two layers are one too many.
        page.locator("#still").click()
        slide(page, "knob-0-1", 2)
        slide(page, "knob-1-1", 2)
        assert "2 layers are moved" in page.locator("#goal-told").inner_text()
        page.locator("#still").click()
        slide(page, "knob-0-1", 2)
        assert page.locator("#goal.reached").count() == 1
        page.locator("[data-goal=E01]").click()
        page.wait_for_selector("#why-not:visible")
        why = page.locator("#why-not")
        why.locator("input").nth(0).check()
        why.locator(".check").click()
        assert "On this network it fails" in why.locator(".told").inner_text()
        why.locator("input[data-right]").check()
        why.locator(".check").click()
        assert "you know why" in page.locator("#goal-told").inner_text()
        assert "3 goals reached" in page.locator("#progress-words").inner_text()


def test_an_arrow_is_dragged_out_of_the_kernel(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E08&route=paper") as page:
        rows = page.locator("#rows")
        assert rows.get_attribute("data-out") == "no"
        tip = page.locator("#rows .tip").nth(1)
        tip.scroll_into_view_if_needed()
        box = tip.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, y - 60, steps=8)
        page.mouse.up()
        assert rows.get_attribute("data-out") == "yes"
        assert float(page.locator("#fall").get_attribute("data-low")) < 5
        still = page.locator(".role-still")
        assert still.get_attribute("data-moved") == "no"
        # What was dragged is where the sliders are, and in the address.
        values = page.locator("#sliders input").evaluate_all("a => a.map(x => Number(x.value))")
        assert any(values[1:]) and "v=" in page.url


# ── One live state ─────────────────────────────────────────────────────────────────────────────
def test_the_sliders_feed_the_numbers_of_the_steps(browser: Any, server: Server) -> None:
    found = experiment(example("E08"), 0)
    with opened(browser, f"{server.address}?example=E08&route=paper") as page:
        whole(page)
        page.locator("#still").click()
        slide(page, "size", 0.5)
        slide(page, "knob-0-1", 1.5)
        slide(page, "knob-1-1", -0.5)

        def cells(place: str) -> list[float]:
            script = "c => c.map(x => Number(x.dataset.value))"
            return page.locator(f"{place} mtd").evaluate_all(script)

        values = {0: (Fraction(0), Fraction(3, 2), Fraction(0)),
                  1: (Fraction(0), Fraction(-1, 2), Fraction(0))}  # fmt: skip
        env = slid(found, values, Fraction(1, 2))
        test = next(shown for shown in found.shown if shown.role == "test")
        # Equation (2) at its step, where the reader's v are those of the sliders.
        exact = [float(x) for row in matrix_value(test.term, env).entries() for x in row]
        step = "[id='step-1.5.1.4'] > .inside > .band .quantities"
        assert cells(step)[-len(exact) :] == exact and any(exact)
        pins = "#pins .quantities > li"
        moved = [name for name, _ in found.pinned]
        exact = [float(x) for row in matrix_value(found.pinned[3][1], env).entries() for x in row]
        assert page.locator(pins).count() == len(moved) == 5
        # Also what is copied of them.
        source = page.locator(f"{pins}:nth-child(4) annotation").text_content()
        assert source.endswith(r"\begin{bmatrix}3 & 0 & 0 \\ 0 & 0.75 & 0\end{bmatrix}")
        assert cells(f"{pins}:nth-child(4)")[-len(exact) :] == exact


def test_what_is_told_of_a_wrong_answer_follows_the_sliders(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E08&route=paper") as page:
        past(page)
        page.locator("#still").click()
        for id in ("rank", "rule", "killed", "product", "step-1.3.2.3", "step-1.4.2"):
            page.locator(f".quiz[data-id='{id}'] .skip-it").click()
            if id in ("killed", "step-1.3.2.3", "step-1.4.2"):
                page.locator("#step-on").click()
        quiz = page.locator(".quiz[data-id=lemma-2]")
        quiz.locator("input").nth(0).check()  # that the lower half is still B
        quiz.locator(".check").click()
        told = quiz.locator(".told")
        assert "On this network it fails" in told.inner_text()
        slide(page, "size", 0.5)
        slide(page, "knob-0-1", 1.5)
        slide(page, "knob-1-1", -0.5)
        cells = told.locator(".quantities > li").nth(0).locator("mtd")
        values = cells.evaluate_all("c => c.map(x => Number(x.dataset.value))")
        assert values[-6:] == [3, 0, 0, 0, -0.1875, 0]


def test_changing_an_entry_keeps_the_beat_and_the_sliders(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E08&route=paper") as page:
        whole(page)
        page.locator("#stepping").click()
        slide(page, "knob-0-1", 1.25)
        page.locator("#spine a").nth(2).click()
        entry = page.locator("#entry-3-0-0")
        entry.fill("1/2")
        entry.press("Tab")
        page.wait_for_selector(".example-title:has-text('your network')")
        assert page.locator("#knob-0-1").input_value() == "1.25"
        assert page.locator("#step-place").inner_text() == "Beat 3 of 8"
        # At hand beside the proof: the new A.
        halves = page.locator("#pins .quantities > li").nth(1).locator("mfrac")
        assert halves.count() == 1 or "1/2" in page.locator("#pins").inner_text()
        assert is_in_view(page, "#pins")


def test_what_breaks_without_a_hypothesis_and_without_a_step(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}?example=E01&route=short") as page:
        whole(page)
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
        assert not page.locator(".obstacles").is_visible()
        whole(page)
        assert "left" in page.locator(".obstacles").inner_text()
        assert page.locator(".obstacles svg.drawing").count() == 1
        assert "no way down" in page.locator("#fall-words").inner_text().lower()


# ── The page on disk ───────────────────────────────────────────────────────────────────────────
def test_the_export_opens_from_disk_and_slides(browser: Any, exports: dict[str, Path]) -> None:
    found = experiment(example("E10"), 0)
    with opened(browser, exports["E10"].as_uri(), offline=True) as page:
        whole(page)
        page.locator("#drawn").click()
        same_as_the_library(page, found, found.env)
        slide(page, "knob-1-1", 1.75)
        slide(page, "size", 1)
        values = {1: (found.knobs[1].values[0], Fraction(7, 4))}
        same_as_the_library(page, found, slid(found, values, Fraction(1)))
        still = [shown.role for shown in found.shown].index("still")
        assert page.locator(f"#panel-{still}").get_attribute("data-moved") == "no"
        page.keyboard.press("s")
        assert page.locator("#step-place").inner_text() == "Beat 1 of 8"
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
        # The beats; deeper, sentences, and every inference.
        assert page.locator(".step:visible").count() == 10
        for depth, steps in (("Proof", 15), ("Every inference", 90)):
            page.locator(".depth label").filter(has_text=depth).click()
            assert page.locator(".step:visible").count() > steps
        assert page.locator("noscript").inner_text()
        assert page.locator("#pins mtable").count() == 5


# ── For everyone ───────────────────────────────────────────────────────────────────────────────
def in_the_challenge(page: Any) -> None:
    slide(page, "knob-0-1", -1.5)
    page.locator("#cannot").click()
    page.locator("#why-not input").first.check()
    page.locator("#why-not .check").click()


def at_a_question(page: Any) -> None:
    past(page)
    quiz = page.locator(".quiz[data-id=rank]")
    quiz.locator("input").nth(0).check()
    quiz.locator(".check").click()


def proving_a_step(page: Any) -> None:
    past(page)
    for other in ("rank", "rule"):
        page.locator(f".quiz[data-id={other}] .skip-it").click()
    page.locator(".quiz[data-id=killed] .check").click()


def with_everything(page: Any) -> None:
    whole(page)
    page.keyboard.press("3")
    page.locator("#own summary").click()
    page.locator(".off summary").nth(3).click()
    page.select_option("#break-step", "1.3")
    page.locator("#order-check").click()


def at_a_beat(page: Any) -> None:
    whole(page)
    page.keyboard.press("s")
    page.locator("#spine a").nth(4).click()
    page.locator("#unfold").click()
    page.locator("#forget-progress").click()


STATES = (in_the_challenge, at_a_question, proving_a_step, at_a_beat, with_everything)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1280)])
def test_axe_finds_nothing_to_fault(
    browser: Any, axe: str, server: Server, theme: str, width: int, state: Callable[[Any], None]
) -> None:
    size = {"width": width, "height": 900}
    address = f"{server.address}?example=E08&route=paper"
    with opened(browser, address, viewport=size, color_scheme=theme) as page:
        state(page)
        page.wait_for_timeout(200)
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_the_first_slider_is_near_and_the_curve_beside_it(
    browser: Any, server: Server
) -> None:
    size = {"width": 390, "height": 844}
    with opened(browser, server.address, viewport=size, has_touch=True) as page:
        slider, curve = (
            page.locator(one).bounding_box() for one in ("#sliders input >> nth=0", "#fall svg")
        )
        assert slider["y"] + slider["height"] < 2 * size["height"]
        page.locator("#sliders input").nth(1).scroll_into_view_if_needed()
        page.mouse.wheel(0, 150)
        page.wait_for_timeout(200)
        assert is_in_view(page, "#fall svg") and is_in_view(page, "#sliders input >> nth=1")
        assert curve["width"] > 300


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
