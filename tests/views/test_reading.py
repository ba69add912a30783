"""What documents say about a trace: opening words, verdicts, what a proof applies, names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from proofkit.claims import And, Equal, Exists, ForAll, Implies, LessEqual, NonZero
from proofkit.symbols import MatrixVariable, family, index, widths
from proofkit.trace import Formula, ResultTrace, StepTrace, Verdict, prose
from proofkit.views import html, latex_document, reading, terminal, text
from proofkit.views.glossary import glossary
from proofkit.views.settings import Settings

from . import samples

M, N, k = family("M", widths("d")), family("N", widths("d")), index("k")
i, X = index("i"), MatrixVariable("X", 2, 2)
CLAIM = Equal(M[k:1], N[k:1])


def step(number: str, kind: str = "have", rule: str = "algebra", **more: object) -> StepTrace:
    return StepTrace(number, kind, CLAIM, rule, "because", **more)  # type: ignore[arg-type]


def proof(id: str, *steps: StepTrace) -> ResultTrace:
    return replace(samples.perturbation(), id=id, title=f"About {id}", steps=steps)


FAILS = Verdict("fails", exact=True)


def test_what_is_derived_from_its_opposite_is_shown_and_not_supposed() -> None:
    opposite = step("1.1", "suppose")
    assert reading.opening(opposite) == "Suppose"
    assert reading.opening(step("1", "suppose", children=(opposite,))) == "Show"


def test_a_verdict_names_the_part_of_the_claim_in_the_readers_notation() -> None:
    verdict = Verdict("holds", exact=True, detail="both sides are equal", about=CLAIM)
    shown = reading.verdict_detail(verdict)
    assert shown.parts == (Formula(CLAIM), ": both sides are equal")
    said = text.show_box(reading.prose_boxes(shown, ((M[k:1], "W"),)))
    assert said == "W = Nₖ⋯N₁: both sides are equal"


LEFT = Verdict("not applicable", exact=True, about=CLAIM)
ELSE = Verdict("not applicable", exact=True, about=NonZero(X))


@pytest.mark.parametrize(
    ("given", "later", "expected"),
    [
        (FAILS, (step("1"), step("2", verdict=LEFT)), "2"),
        # A block has left the proof because a step inside it has.
        (FAILS, (step("1", verdict=LEFT, children=(step("1.1", verdict=LEFT),)),), "1.1"),
        # What a supposition of the proof rules out has not left it.
        (FAILS, (step("1", verdict=ELSE),), None),
        (Verdict("holds", exact=True), (step("1", verdict=LEFT),), None),
    ],
)
def test_the_step_at_which_an_example_without_a_hypothesis_leaves_the_proof(
    given: Verdict, later: tuple[StepTrace, ...], expected: str | None
) -> None:
    found = reading.parting(proof("it", step("H1", "given", verdict=given), *later))
    assert (found.number if found else None) == expected


def test_a_page_says_where_the_example_leaves_the_proof_and_every_view_does() -> None:
    trace = proof("it", step("H1", "given", verdict=FAILS), step("1", verdict=LEFT))
    for shown in (html.page(trace), latex_document.document(trace), terminal.render(trace)):
        assert "Not every hypothesis holds here" in " ".join(shown.split())
    whole = proof("it", step("H1", "given"), step("1"))
    for shown in (html.page(whole), latex_document.document(whole), terminal.render(whole)):
        assert "Not every hypothesis" not in " ".join(shown.split())


FIRST = proof("first", step("1", rule="result: second"), step("2", rule="result: third"))
SECOND = proof("second", step("H1", "given"), step("1", rule="result: third"))
THIRD = proof("third", step("1"))


def test_results_that_a_proof_applies_are_told_once_where_they_first_occur() -> None:
    found = reading.used_results(FIRST, [THIRD, SECOND])
    assert [(u.trace.id, u.step, u.by, u.steps) for u in found] == [
        ("second", "1", "", ()),
        ("third", "2", "", ()),
    ]


def test_parts_bring_their_proofs_and_the_parts_that_they_apply() -> None:
    short = proof("first", step("1", rule="result: second"))
    second, third = reading.used_results(short, [SECOND, THIRD], ("second", "third"))
    assert [s.number for _, s in second.steps] == ["1"]
    assert (third.trace.id, third.by, third.step) == ("third", "second", "1")
    assert [u.trace.id for u in reading.used_results(short, [SECOND, THIRD], ("second",))] == [
        "second"
    ]


def test_documents_state_what_a_proof_applies() -> None:
    page = html.page(FIRST, others=[SECOND, THIRD], parts=["second"])
    assert 'href="#used-second"' in page and 'id="used-second" open' in page
    assert 'id="used-third">' in page
    assert "The results it applies" not in html.page(FIRST)
    everything = Settings(depth="all")
    source = latex_document.document(
        FIRST, settings=everything, others=[SECOND, THIRD], parts=["second"]
    )
    assert r"\textbf{About second}" in source and r"\textbf{About third}" in source


CHANGED = M.with_layer(1, M[1] * 2)


def test_a_changed_network_is_called_by_its_name_and_listed_only_where_it_occurs() -> None:
    named = replace(
        proof("it", replace(step("1"), claim=Equal(CHANGED[k:2], M[k:2]))),
        notation=((CHANGED, "M̃"),),
        symbols=((CHANGED, prose("the changed network")),),
        glossary=(),
    )
    assert "M̃ₖ⋯M̃₂" in text.show(named.steps[0].claim, named.notation)
    assert "M̃" in [text.show_box(s.name) for s in glossary(named)]
    other = replace(named, steps=(step("1"),))
    assert "M̃" not in [text.show_box(s.name) for s in glossary(other)]


def test_a_claim_can_have_a_name_of_words() -> None:
    notation = ((CLAIM, "L_k has none"),)
    assert text.show(CLAIM, notation) == "Lₖ has none"


def test_what_one_proof_shows_is_not_what_another_supposes() -> None:
    supposed, shown = step("1", "suppose"), step("2")
    (first, second) = reading.side_by_side([proof("a", supposed), proof("b", shown)])
    assert [same for *_, same in second.steps] == [""]
    (first, second) = reading.side_by_side([proof("a", supposed, shown), proof("b", step("1"))])
    assert [same for *_, same in second.steps] == ["2"]
    assert [same for *_, same in first.steps] == ["", ""]


def test_what_is_said_of_something_that_exists_is_joined_as_a_sentence() -> None:
    w = family("w", widths("e"))
    both = And(NonZero(w[i]), NonZero(w[i + 1]))
    some = Exists(w, ForAll(i, Implies(LessEqual(0, i), both)))
    assert " such that for all " in text.show(some)
    assert " with " in text.show(Exists(X, And(Equal(X, X), NonZero(X * X))))
