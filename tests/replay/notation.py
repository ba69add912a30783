"""Reads the plain notation of the second checker back: what is said must be what was meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from proofkit import replay

__all__ = ["NotPlain", "read_back"]

TOKEN = re.compile(r"\s*(\+⋯\+|‹[^›]*›|[A-Za-z]+\d*|\d+|[⋯↦→≤≥>=≠+−·^/×()\[\],:ᵀ∇])")
SORTS = {"natural": replay.NAT, "integer": replay.INDEX, "real": replay.REAL}
Env = dict[str, Any]


class NotPlain(Exception):
    """The text is not what the grammar allows."""


def read_back(text: str) -> Any:
    """The claim in normal form that a text says."""
    tokens, end = [], 0
    text = text.strip()
    while end < len(text):
        found = TOKEN.match(text, end)
        if not found:
            raise NotPlain(text[end : end + 20])
        tokens.append(found[1])
        end = found.end()
    parser = Parser(tokens)
    claim = parser.claim({})
    parser.end()
    return replay.Reader().claim(claim)


def made(x: Any) -> Any:
    """A term in normal form."""
    return replay.Reader().read(replay.the(x), ())[0]


class Parser:
    """Recursive descent; bound variables are free ones with odd names until they are closed."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at = tokens, 0

    def peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        token = self.peek()
        if not token or (wanted and token not in wanted):
            raise NotPlain(f"{wanted} is wanted at {self.tokens[self.at : self.at + 8]}")
        self.at += 1
        return token

    def end(self) -> None:
        if self.peek():
            raise NotPlain(f"more: {self.tokens[self.at : self.at + 8]}")

    def tried(self, parse: Callable[[], Any]) -> Any:
        """What it parses, or None, and then nothing is taken."""
        start = self.at
        try:
            return parse()
        except NotPlain:
            self.at = start
            return None

    # Claims
    def claim(self, env: Env) -> Any:
        if self.peek() == "for":
            return self.quantified(env)
        left = self.joined(env)
        if self.peek() == "→":
            self.take()
            return ("implies", left, self.claim(env))
        return left

    def joined(self, env: Env) -> Any:
        parts, word = [self.unit(env)], self.peek()
        while word in ("and", "or") and self.peek() == word:
            self.take()
            parts.append(self.unit(env))
        return (word, tuple(parts)) if len(parts) > 1 else parts[0]

    def unit(self, env: Env) -> Any:
        if self.peek() == "false":
            self.take()
            return ("false",)
        if self.peek() == "not":
            self.take()
            return ("not", self.bracketed(env))
        found = self.tried(lambda: self.simple(env))
        return found if found is not None else self.bracketed(env)

    def bracketed(self, env: Env) -> Any:
        self.take("(")
        found = self.claim(env)
        self.take(")")
        return found

    def simple(self, env: Env) -> Any:
        start = self.at
        f = self.tried(lambda: self.function(env))
        if f is not None and self.peek() == "is":
            self.take()
            found = self.take("differentiable", "convex", "continuous")
            return (found, f, self.at_point(env)) if found == "continuous" else (found, f)
        if f is not None and self.peek() == "has":
            for word in ("has", "the", "slope"):
                self.take(word)
            slope = self.function(env)
            return ("slope", f, self.at_point(env), slope)
        self.at = start
        left, relation = self.sum(env), self.take("≤", "≥", ">", "=", "≠")
        right = self.sum(env)
        a, b = (right, left) if relation == "≤" else (left, right)
        if a[0] == "mat" and b == replay.ZERO:
            b = replay.the((*a[:-1], ()))
        if b[0] == "mat" and a == replay.ZERO:
            a = replay.the((*b[:-1], ()))
        tag = {"≤": "inonneg", "≥": "rnonneg", ">": "rpos"}.get(relation, "null")
        found = (tag, replay.minus(a, b))
        return ("not", found) if relation == "≠" else found

    def at_point(self, env: Env) -> Any:
        self.take("at")
        return self.sum(env)

    def quantified(self, env: Env) -> Any:
        self.take("for")
        kind = self.take("all", "some", "given")
        bound: list[tuple[Any, Any]] = []  # variables, centres
        waiting: list[str] = []
        inner = dict(env)
        while True:
            waiting.append(self.take())
            if self.peek() == ",":
                self.take()
                continue
            start = self.at
            for name in waiting:
                self.at = start
                sort = self.sort(inner)
                centre = None
                if self.peek() == "near":
                    for word in ("near", "enough", "to"):
                        self.take(word)
                    centre = self.term(env)
                v = self.variable(name, sort)
                bound.append((v, centre))
                inner[name] = v
            waiting = []
            if self.take(",", ":") == ":":
                break
        body = replay.the(self.claim(inner))
        if kind == "given":
            return body
        if bound[0][1] is not None:
            vs = tuple(v for v, _ in bound)
            sorts, centres = tuple(v[2] for v in vs), tuple(c for _, c in bound)
            return ("near", sorts, centres, replay.closed(body, vs))
        for v, centre in reversed(bound):
            if centre is not None:
                raise NotPlain("near some of them only")
            tag = "forall" if kind == "all" else "exists"
            body = replay.the((tag, v[2], replay.closed(body, (v,))))
        return body

    def variable(self, name: str, sort: Any) -> Any:
        called = name[1:-1] if name.startswith("‹") else f"q_{name}"
        if "\\" in called:
            called = called.encode().decode("unicode_escape")
        return replay.variable(replay.the(("var", called, sort)))

    # Sorts
    def sort(self, env: Env) -> Any:
        word = self.take("natural", "integer", "real", "function")
        if word == "function":
            self.take("of")
            name = self.take() if self.peek() not in (*SORTS, "function") else "0"
            domain = self.sort(env)
            v = self.variable(name, domain)
            self.take("to")
            return replay.the(("to", domain, replay.closed(self.sort({**env, name: v}), (v,))))
        shape = self.tried(lambda: self.shape(env)) if word == "real" else None
        return SORTS[word] if shape is None else replay.the(("matrix", *shape))

    def shape(self, env: Env) -> Any:
        rows = self.size(env)
        self.take("×")
        return rows, self.size(env)

    def size(self, env: Env) -> Any:
        if self.peek() == "(":
            found = self.tried(lambda: self.in_brackets(env))
            if found is not None:
                return found
        return self.power(env)

    def in_brackets(self, env: Env) -> Any:
        self.take("(")
        found = self.sum(env)
        self.take(")")
        return found

    # Terms
    def term(self, env: Env) -> Any:
        start = self.at
        f = self.tried(lambda: self.function(env))
        if f is not None and self.peek() not in ("+", "−", "·", "^", "ᵀ", "("):
            return f
        self.at = start
        return self.sum(env)

    def function(self, env: Env) -> Any:
        found = self.postfix(env)
        if found[0] in ("num", "mat"):
            raise NotPlain("no function")
        return found

    def sum(self, env: Env) -> Any:
        sign = -1 if self.peek() == "−" else 1
        if sign < 0:
            self.take()
        out = self.product(env)
        out = replay.times(replay.LESS, out) if sign < 0 else out
        while self.peek() in ("+", "−"):
            sign = 1 if self.take() == "+" else -1
            out = replay.plus(out, self.product(env), sign)
        return out

    def product(self, env: Env) -> Any:
        out = self.power(env)
        while self.peek() == "·":
            self.take()
            out = replay.times(out, self.power(env))
        return out

    def power(self, env: Env) -> Any:
        token = self.peek()
        if token.isdigit() and self.peek(1) == "[":
            for word in ("0", "[", "real"):
                self.take(word)
            rows, cols = self.shape(env)
            self.take("]")
            return replay.the(("mat", rows, cols, ()))
        if token.isdigit():
            p, q = int(self.take()), 1
            if self.peek() == "/":
                self.take()
                q = int(self.take())
            return made(("num", ((((), ()), (p, q)),)))
        found = self.postfix(env)
        if found[0] not in ("num", "mat"):
            raise NotPlain("a function is no number")
        if self.peek() == "^":
            self.take()
            base, n = found, int(self.take())
            for _ in range(n - 1):
                found = replay.times(found, base)
        if self.peek() == "ᵀ":
            self.take()
            found = made(("mat", found[2], found[1], ((((), ((found, 1),)), (1, 1)),)))
        return found

    def postfix(self, env: Env) -> Any:
        if self.peek() == "∇":
            self.take()
            f = self.head(env)
            while True:
                self.take("(")
                point = self.term(env)
                self.take(")")
                if self.peek() != "(":
                    return made(("grad", f, point))
                f = made(("at", f, point))
        found = self.head(env)
        while self.peek() in ("(", "["):
            if self.take() == "(":
                found = made(("at", found, self.term(env)))
                self.take(")")
                continue
            hi, tag, lo = self.sum(env), "chain", None
            if self.peek() != "]":
                tag = {"⋯": "chain", "+⋯+": "sum"}[self.take("⋯", "+⋯+")]
                lo = self.sum(env)
            self.take("]")
            found = made((tag, found, hi, hi if lo is None else lo))
        return found

    def head(self, env: Env) -> Any:
        token = self.take()
        if token in env:
            return made(env[token])
        if token in replay.WORDS:
            return replay.the(("word", token))
        if token == "I":
            self.take("[")
            n = self.sum(env)
            self.take("]")
            return made(("mat", n, n, ((((), ()), (1, 1)),)))
        if token in ("rank", "tr"):
            self.take("(")
            a = self.sum(env)
            self.take(")")
            if token == "rank":
                return made(("rank", a))
            ((_, word), _), = a[3]  # fmt: skip
            return made(("trace", word))
        if token == "(" and self.peek(1) in ("real", "natural", "integer", "function"):
            name = self.take()
            v = self.variable(name, self.sort(env))
            self.take("↦")
            body = self.term({**env, name: v})
            self.take(")")
            return made(("lam", v[2], replay.closed(body, (v,))))
        if token == "(":
            old = self.function(env)
            self.take("but")
            new = self.function(env)
            self.take("from")
            lo = self.sum(env)
            self.take("to")
            hi = self.sum(env)
            self.take(")")
            return made(("changed", old, lo, hi, new))
        raise NotPlain(f"{token} is unknown")
