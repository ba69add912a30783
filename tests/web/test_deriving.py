"""The page that derives: what one types is answered or told to be wrong, whatever it is."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from typing import Any
from urllib.parse import urlencode

import pytest

from proofkit.derivatives import from_formula
from proofkit.derivatives.asking import Question
from proofkit.web import deriving, jobs
from proofkit.web.jobs import answer
from proofkit.web.pool import Late

from .conftest import Reply, Server
from .test_browser import opened
from .test_pool import asked, pool

LOGISTIC = {"formula": "sum(log(1 + exp(-y * (X @ w))))", "wrt": "w", "shapes": "X=n,p y=n w=p"}


def ask(server: Server, **fields: str) -> Reply:
    return server.ask(f"/derive?{urlencode(fields)}")


def faults(page: str) -> list[tuple[str, str]]:
    """The fields with a fault, and what is said there."""
    found = re.findall(r'id="(\w+)-fault" role="alert">(.*?)</div>', page, re.DOTALL)
    return [(field, html.unescape(words)) for field, words in found]


def test_the_answer_is_that_of_the_library(server: Server) -> None:
    reply = ask(server, **LOGISTIC)
    assert reply.status == 200 and faults(reply.text) == []
    shapes = {"X": ("n", "p"), "y": ("n", "1"), "w": ("p", "1")}
    derived = from_formula(LOGISTIC["formula"], "w", shapes)
    codes = [
        html.unescape(code)
        for code in re.findall(r"<pre[^>]*><code>(.*?)</code>", reply.text, re.S)
    ]
    assert codes == [derived.text, *(derived.source(name) for name in ("numpy", "jax", "torch"))]
    assert "<math" in reply.text and "For all values of its variables" in reply.text
    for kind in ("script", "style"):
        (inside,) = re.findall(rf"<{kind}>(.*?)</{kind}>", reply.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in reply.headers["content-security-policy"]


def test_an_address_holds_the_question(server: Server) -> None:
    empty = server.ask("/derive")
    links = [html.unescape(x) for x in re.findall(r'href="(/derive\?[^"]*)"', empty.text)]
    assert links == [deriving.address(x) for x in deriving.EXAMPLES]
    for link in links:
        reply = server.ask(link)
        assert reply.status == 200 and 'class="badge proved"' in reply.text
    assert 'href="/derive"' in server.ask().text


def test_what_was_assumed_and_used_is_said() -> None:
    one = answer(Question("x.T @ A @ x", "x", "A=n,n x=n", "A=symmetric"), ()).page
    assert "For all values" not in one and "is symmetric" in re.sub("<.*?>", "", one)
    other = answer(Question("x.T @ A @ x", "x", "A=n,n x=n"), ()).page
    assert "For all values" in other


def test_a_function_with_no_instance_is_not_said_to_have_been_tried() -> None:
    page = answer(Question("log(-norm(x)**2 - 1)", "x", "x=n"), ()).page
    assert "No random instance was found" in page


HOSTILE = (
    '"><script>alert(1)</script>',
    "'\"<&>{{7*7}}{% raw %}",
    "__import__('os').system('true')",
    'sum(x) #"""; raise SystemExit #',
    "\0\x1b[31m",
    "\ud7ff\ufffd𝐱﷽" * 20,
    "(" * 4000,
    "x=1, x**x",
    "x" * 20_000,
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["formula", "wrt", "shapes", "assume"])
def test_hostile_input_is_told_so_and_is_escaped(server: Server, field: str, text: str) -> None:
    typed = {"formula": "sum(x)", "wrt": "x", "shapes": "x=n", field: text}
    reply = ask(server, **typed)
    assert reply.status == 422
    assert len(faults(reply.text)) == 1
    assert "Traceback" not in reply.text and "<script>alert" not in reply.text
    (value,) = re.findall(rf'name="{field}" value="(.*?)"', reply.text, re.DOTALL)
    assert html.unescape(value) == text.strip()


@pytest.mark.parametrize(
    "formula", ["9**9**9**9**9 * sum(x)", "1/" * 90 + "norm(x)", "sum((exp(x) + x + 1)**16)**16"]
)
def test_formulas_that_grow_are_answered_or_refused(server: Server, formula: str) -> None:
    reply = ask(server, formula=formula, wrt="x", shapes="x=n")
    assert (reply.status == 200) == (faults(reply.text) == [])
    assert reply.status in (200, 422, 503)


def test_what_takes_too_long_is_stopped_and_can_be_changed(server: Server) -> None:
    found = pool(_late)
    (reply,) = asked(found, Question("sum(x)", "x", "x=n"))
    assert reply.status == 503 and found.replaced == 1
    assert faults(reply.page)[0][0] == "formula"
    assert 'value="sum(x)"' in reply.page and "Try a shorter formula" in reply.page


def _late(question: Any) -> Any:
    raise Late


@pytest.mark.parametrize(
    ("fault", "status", "spent"),
    [(MemoryError(), 413, True), (RecursionError(), 422, False), (KeyError("x"), 500, False)],
)
def test_whatever_goes_wrong_becomes_a_page_with_the_form(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, spent: bool
) -> None:
    def fail(question: Question) -> Any:
        raise fault

    monkeypatch.setattr(jobs.deriving, "shown", fail)
    found = answer(Question("sum(x)", "x"), ())
    assert (found.status, found.spent) == (status, spent)
    assert len(faults(found.page)) == 1 and "KeyError" not in found.page


def test_only_get_is_answered(server: Server) -> None:
    assert server.ask("/derive", method="POST", body=b"{}").status == 405


def test_the_log_has_no_traceback(server: Server) -> None:
    assert "Traceback" not in server.log.read_text()


# ── In a browser ───────────────────────────────────────────────────────────────────────────────
def test_one_types_a_formula_and_copies_the_code(browser: Any, server: Server) -> None:
    options = {"permissions": ["clipboard-read", "clipboard-write"]}
    refused = ("status of 422",)
    with opened(browser, f"{server.address}derive", refused, **options) as page:
        page.get_by_label("Formula").fill("norm(A @ x - b)**2")
        page.get_by_label("In the variable").fill("x")
        page.get_by_label("Formula").press("Enter")
        assert "what is b?" in page.locator("#shapes-fault").inner_text()
        field = page.get_by_label("Shapes")
        assert field.get_attribute("aria-invalid") == "true"
        field.fill("A=m,n x=n b=m")
        page.get_by_role("button", name="Derive").click()
        assert page.locator(".copied code").first.inner_text() == "2 * A.T @ (A @ x - b)"
        assert "formula=norm" in page.url
        page.locator(".copied button").first.click()
        page.get_by_text("Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == "2 * A.T @ (A @ x - b)"


def test_without_scripts_it_answers_too(browser: Any, server: Server) -> None:
    with opened(browser, f"{server.address}derive", java_script_enabled=False) as page:
        page.get_by_role("link", name="logdet").click()
        assert page.locator(".badge.proved").count() == 1
        assert page.locator("button", has_text="Copy").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_to_fault(
    browser: Any, axe: str, server: Server, theme: str, width: int
) -> None:
    wrong = {**LOGISTIC, "formula": "sum(frob(X) + " + "X + " * 40 + "X)"}
    for query in ({}, LOGISTIC, wrong):
        address = f"{server.address}derive?{urlencode(query)}"
        options = {"viewport": {"width": width, "height": 900}, "color_scheme": theme}
        with opened(browser, address, ("status of 422",), bypass_csp=True, **options) as page:
            page.evaluate(axe)
            found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
            assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
