"""The page of an experiment: question, method, figure and table, in one HTML file."""

from __future__ import annotations

from html import escape

from proofkit.sweep.picture import picture
from proofkit.sweep.second import OPINIONS
from proofkit.sweep.summary import Group, Summary, family_words

__all__ = ["experiment_page"]

_STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fffefb; --line: #8886; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e6e1; --paper: #16181c; } }
body { font: 1.05rem/1.55 Georgia, serif; color: var(--ink); background: var(--paper);
  max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
figure { margin: 1.5rem 0; padding: .5rem; background: #fff; overflow-x: auto; }
figure svg { max-width: 100%; height: auto; }
figcaption { color: #1a1a1a; font-size: .9rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .2rem .7rem; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; }
code { font-size: .92em; overflow-wrap: anywhere; }
@media print { body { margin: 0; } }
"""


def experiment_page(summary: Summary, title: str = "When are there spurious local minima?") -> str:
    """The page; it makes no network request and needs no scripts.

    >>> "<svg" in experiment_page(Summary(sweeps=[Group("E01", (2, 1, 2), 16)]))
    True
    """
    svg = picture(summary)
    svg = svg[svg.index("<svg") :]
    families = dict.fromkeys(g.family for g in summary.sweeps)
    total = sum(g.problems for g in summary.sweeps)
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>",
        f"<h1>{escape(title)}</h1>",
        "<p>For the squared loss a linear network has no spurious local minima. The paper ends by "
        "asking for which other losses this is so. This is an experiment: problems are drawn at "
        "random, each is searched from many random starts, and every local minimum that is not "
        "the lowest value found is certified.</p>",
        "<h2>What was drawn</h2><ul>",
        *(f"<li><b>{escape(f)}</b>: {escape(family_words(f))}</li>" for f in families),
        "</ul>",
        f"<h2>What was found</h2><p>{total:,} problems in all.</p>",
        f'<figure role="img" aria-label="{escape(_spoken(summary))}">{svg}'
        "<figcaption>The fraction of problems with a certified spurious local minimum, with "
        "Wilson’s 95 % intervals.</figcaption></figure>",
        *_table("Every sweep", summary.sweeps),
        *(_table("Along the parameter", summary.along) if summary.along else ()),
        *_opinions(summary),
        "<h2>What a certificate says</h2>",
        "<p>The network is contracted to two layers A, B at its narrowest layer; by Theorem 1 "
        "nothing is lost. At the point the search found, the gradient is at most g and the "
        "Hessian at least λ on a complement of the orbit (AS, S⁻¹B); both numbers include all "
        "rounding. With a bound of the third derivative it follows that within 8g/λ of the point "
        "there is a local minimum, and its value exceeds another network’s by more than the "
        "error bounds of both. <i>Numerical</i> counts minima that floats show but these bounds "
        "do not settle, <i>undecided</i> problems without an answer. That no spurious minimum "
        "was found does not prove that there is none: the fractions are lower bounds.</p>",
        "<h2>Make it again</h2><p><code>proofkit sweep --family F --dims D --count N -o DIR"
        "</code>, then <code>proofkit sweep summarise DIR</code>.</p>",
        "</main></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _table(heading: str, groups: list[Group]) -> list[str]:
    names = ("family", "widths", "starts", "problems", "spurious", "95 % interval")
    head = "".join(f'<th scope="col">{name}</th>' for name in (*names, "numerical", "undecided"))
    lines = [f'<h3>{heading}</h3><div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>']
    for group in groups:
        low, high = group.interval
        name = escape(group.family)
        if group.parameter:
            name += f", {group.low:.3g} ≤ {escape(group.parameter)} &lt; {group.high:.3g}"
        cells = (
            name,
            group.label,
            str(group.starts),
            f"{group.problems:,}",
            f"{100 * group.share:.2f} %",
            f"{100 * low:.2f} – {100 * high:.2f} %",
            str(group.counts["numerical"]),
            str(group.counts["undecided"]),
        )
        lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return [*lines, "</tbody></table></div>"]


def _opinions(summary: Summary) -> list[str]:
    """What ``proofkit diagnose`` said of a sample."""
    total = {name: sum(g.opinions[name] for g in summary.sweeps) for name in OPINIONS}
    asked = sum(total.values())
    if not asked:
        return []
    return [
        f"<p><code>proofkit diagnose</code>, which shares no code with this search, was asked "
        f"about {asked:,} of the problems: it agrees on {total['agrees']:,}, differs on "
        f"{total['differs']:,}, leaves {total['undecided']:,} open, and failed on "
        f"{total['failed']:,}.</p>"
    ]


def _spoken(summary: Summary) -> str:
    """The figure in words."""
    return "; ".join(
        f"{g.family} with widths {g.label}: {100 * g.share:.2f} percent of {g.problems} problems"
        for g in summary.sweeps
    )
