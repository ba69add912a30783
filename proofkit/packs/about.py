"""What a pack's paper is: where it stands, what it builds on, what it shows, how to read on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["About", "Work"]


@dataclass(frozen=True)
class Work:
    """A publication: ``key`` in a bibliography, ``kind`` of its BibTeX entry, ``where`` it stands.

    ``authors`` are full names; none for an anonymous one.

    >>> print(Work("hornik89", ("Kurt Hornik",), "On nets", 1989, "Nets", "article").bibtex())
    @article{hornik89,
      author = {Kurt Hornik},
      title = {{On nets}},
      year = {1989},
      journal = {Nets},
    }
    """

    key: str
    authors: tuple[str, ...]
    title: str
    year: int
    where: str = ""
    kind: str = "misc"

    def cited(self) -> str:
        """Who and when, as a text cites it.

        >>> Work("x", ("Thomas Laurent", "James von Brecht"), "Deep nets", 2018).cited()
        'Laurent and von Brecht (2018)'
        """
        names = [" ".join(name.split()[1:]) for name in self.authors] or ["Anonymous"]
        who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        return f"{who} ({self.year})"

    def bibtex(self, anonymous: str = "Anonymous") -> str:
        """The entry for a bibliography; ``anonymous`` stands for authors that are not named."""
        place = {"article": "journal", "inproceedings": "booktitle"}.get(self.kind, "note")
        fields = {
            "author": " and ".join(self.authors) or f"{{{anonymous}}}",
            "title": f"{{{self.title}}}",
            "year": str(self.year) if self.year else "",
            **({place: self.where} if self.where else {}),
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@{self.kind}{{{self.key},", *lines, "}"])


@dataclass(frozen=True)
class About:
    """A paper, for the first page of its reports.

    ``shows`` are sentences, ``headline`` is the id of its main result, ``order`` the ids of results
    as one might read them, each with a few words on why.
    """

    paper: Work
    builds_on: Sequence[Work] = ()
    shows: Sequence[str] = ()
    headline: str = ""
    order: Sequence[tuple[str, str]] = ()
