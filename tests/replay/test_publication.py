"""Statements have a name of their own, and are somebody's where they published that very one."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from proofkit import replay
from tests.replay.common import (
    INDEX,
    NAMED,
    REAL,
    SMALL,
    Claim,
    Table,
    atom,
    meaning,
    number,
    proved,
    rebuilt,
    text,
)  # fmt: skip

X = ("var", "x", REAL)


def publication(*claims: tuple[str, Claim], **changes: Any) -> bytes:
    """A file of published statements."""
    table = Table()
    listed = [
        {"result": name, "route": "main", "title": name.title(), "statement": table.place(claim)}
        for name, claim in claims
    ]
    head = {"format": "proofkit/statements/1", "pack": "pages", "statements": listed}
    return json.dumps({**head, "table": table.entries, **changes}).encode()


def said(name: str) -> Claim:
    """The statement as a document has it."""
    proof = json.loads(text(name))
    return rebuilt(proof["table"])[proof["statement"]]


def test_a_published_statement() -> None:
    data = text(SMALL).encode()
    listed = publication(("other", said("nonzero-multiple--main")), ("theorem 1", said(SMALL)))
    found = replay.replay(data, {"statements.json": listed})
    assert found.published == {
        "pack": "pages", "result": "theorem 1", "route": "main", "title": "Theorem 1",
    }  # fmt: skip
    assert "this is Theorem 1 as published by pages (result theorem 1, route main)" in replay.told(
        found
    )
    none = replay.replay(data, {"statements.json": publication(("other", ("false",)))})
    assert none.published is None
    assert "not a published statement" in replay.told(none)
    assert replay.replay(data).published is None


def test_of_several_publications_the_first_that_has_it() -> None:
    data, other = text(SMALL).encode(), publication(("other", ("false",)))
    mine = publication(("mine", said(SMALL)))
    found = replay.replay(data, {"a": other, "b": mine, "c": publication(("last", said(SMALL)))})
    assert found.published
    assert found.published["result"] == "mine"


def test_what_a_file_says_of_itself_is_not_believed() -> None:
    """A proof of p → p whose meta says theorem-1."""
    proof = json.loads(proved(("rpos", number(1))))
    proof["meta"] = {"pack": "theorems", "result": "theorem-1", "route": "main", "title": "Theorem"}
    found = replay.replay(
        json.dumps(proof).encode(), {"s": publication(("theorem-1", said(SMALL)))}
    )
    assert found.published is None
    told = replay.told(found)
    assert "heorem" not in told
    assert "1 > 0 →" in told
    assert found.digest == replay.replay(proved(("rpos", number(1)))).digest


def test_statements_are_compared_in_normal_form() -> None:
    p, otherwise = ("rpos", number(0, (X, 1))), ("rpos", number(1, (X, 1), (X, 0)))
    otherwise = ("rpos", ("num", (*number(1, (X, 1))[1], ((((), ())), (-1, 1)))))
    listed = publication(("same", ("implies", otherwise, p)))
    assert replay.replay(proved(p), {"s": listed}).published
    assert replay.replay(proved(otherwise)).digest == replay.replay(proved(p)).digest


def test_statements_with_words() -> None:
    """Words are the ledger's in publications, too."""
    exp, log = (("rpos", atom(("at", ("word", name), number(1)))) for name in ("exp", "log"))
    listed = {"s": publication(*((p[0], ("implies", p, p)) for p in (log, exp)))}
    assert replay.replay(proved(exp), listed).published
    assert replay.replay(proved(("rpos", number(1))), listed).published is None
    unknown = publication(("x", ("rpos", atom(("at", ("word", "expo"), number(1))))))
    with pytest.raises(replay.Unreadable, match="no word of the ledger"):
        replay.replay(proved(exp), {"s": unknown})


def test_near_misses_are_not_published() -> None:
    """Another sort, another constant, another sign."""
    p = ("rpos", atom(X))
    integer = ("rpos", atom(("var", "x", INDEX)))
    for other in (integer, ("rpos", number(1, (X, 1))), ("rpos", number(0, (X, -1)))):
        listed = publication(("near", ("implies", other, other)))
        assert replay.replay(proved(p), {"s": listed}).published is None


@pytest.mark.parametrize(
    "listed",
    [
        b"", b"[]", b"{}", b"\xff", b'{"format":"proofkit/statements/1"}',
        publication(format="proofkit/proof/5"), publication(more=1),
        publication(("x", ("false",)), pack=1),
        publication(table=3), publication(statements=[{}]), publication(statements=3),
        publication(("x", ("no claim",))), publication(("\x1b[2J", ("false",))),
        publication(("\u202e", ("false",))), publication(("x", ("false",)), pack="\n"),
    ],
)  # fmt: skip
def test_what_is_no_publication(listed: bytes) -> None:
    with pytest.raises(replay.Unreadable, match="published statements, s"):
        replay.replay(text(SMALL).encode(), {"s": listed})


def test_a_publication_of_another_age() -> None:
    with pytest.raises(replay.Unreadable, match="newer"):
        replay.replay(text(SMALL).encode(), {"s": publication(format="proofkit/statements/2")})


def test_the_digest_is_the_page_s() -> None:
    """Of ('rpos', ('num', (((), ()), (1, 1)))), and of one with a name, written out by hand."""
    rows = '[[],[[0],[0]],[1,1],[[1],[2]],[[3]],["num",[4]],["rpos",[5]]]'
    assert replay.digest(meaning(("rpos", number(1)))) == hashlib.sha256(rows.encode()).hexdigest()
    claim = meaning(("rpos", atom(("var", "ε′", REAL))))
    rows = (
        '[["real"],["var","ε′",[0]],[[1],1],[[2]],[],[[3],[4]],[1,1],[[5],[6]],[[7]],'
        '["num",[8]],["rpos",[9]]]'
    )
    assert replay.digest(claim) == hashlib.sha256(rows.encode()).hexdigest()


def test_digests_of_different_statements_differ() -> None:
    digests = {name: replay.replay(text(name).encode()).digest for name in list(NAMED)[::10]}
    by_result = {name.partition("--")[0]: digest for name, digest in digests.items()}
    assert len(set(by_result.values())) == len(by_result)


@pytest.mark.parametrize(
    ("format", "wanted"),
    [
        ("proofkit/proof/4", "older proofkit, as proofkit/proof/4: export it again"),
        ("proofkit/proof/1", "older"),
        ("proofkit/proof/6", "newer proofkit, as proofkit/proof/6"),
        ("proofkit/proof/40", "newer"),
        ("proofkit/proof/05", "it is no proofkit/proof/5"),
        ("proofkit/proof/x", "it is no"),
        ("proofkit/ledger/4", "it is no"),
        ("", "it is no"),
    ],
)
def test_files_of_another_age(format: str, wanted: str) -> None:
    proof = json.loads(text(SMALL))
    proof["format"] = format
    with pytest.raises(replay.Unreadable, match=wanted):
        replay.replay(json.dumps(proof).encode())
