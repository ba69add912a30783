"""A sheet that matplotlib draws on and that keeps what was drawn as a `Drawing`.

matplotlib computes contours, axes and layout; what it draws is recorded in named colours instead
of being written in a format of its own, so that a page can show it in either theme, and a paper
in its own letters.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar, get_args

from matplotlib import rc_context, rcParams, rcParamsDefault
from matplotlib.artist import Artist
from matplotlib.backend_bases import FigureCanvasBase, RendererBase
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.text import Text
from matplotlib.transforms import Bbox, IdentityTransform

from proofkit.basics.drawing import Command, Drawing, Label, Path, Role

__all__ = ["COLOURS", "Plain", "Sheet", "styled"]

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A", bound=Artist)

COLOURS: Final[dict[Role, str]] = {
    "ink": "#1f1d1a",
    "soft": "#5d574e",
    "line": "#c9c2b4",
    "accent": "#17596f",
    "good": "#1d6640",
    "bad": "#a61f2b",
    "wait": "#6b4c00",
    "band": "#eef4f2",
    "mark": "#ffe9a8",
    "paper": "#fdfcf9",
}
"""What each role looks like on light paper; drawing in any other colour is an error."""

assert set(COLOURS) == set(get_args(Role))

_DEFAULTS: Final = {name: x for name, x in rcParamsDefault.items() if name != "backend"}
_ROLES: Final = {colour: role for role, colour in COLOURS.items()}
_SIZE: Final = 9.0
_SETTINGS: Final = {
    "font.size": _SIZE,
    "font.family": "DejaVu Sans",
    "axes.edgecolor": COLOURS["soft"],
    "axes.labelcolor": COLOURS["ink"],
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "text.color": COLOURS["ink"],
    "xtick.color": COLOURS["soft"],
    "ytick.color": COLOURS["soft"],
    "lines.linewidth": 1.4,
    "patch.linewidth": 0.9,
    "path.simplify": True,
    "path.simplify_threshold": 0.2,
}
_WANTED: Final = {**_DEFAULTS, **_SETTINGS}


def styled(make: Callable[P, T]) -> Callable[P, T]:
    """Let a maker of drawings draw in our letters, lines and colours, whatever is configured."""

    @wraps(make)
    def inside(*args: P.args, **kwargs: P.kwargs) -> T:
        # Only what is otherwise: setting a parameter takes long, and there are hundreds.
        now = dict(rcParams)
        with rc_context({name: x for name, x in _WANTED.items() if now.get(name) != x}):
            return make(*args, **kwargs)

    return inside


class Sheet:
    """A sheet of paper of a size in points, to draw on with matplotlib.

    >>> sheet = Sheet(40, 20)
    >>> sheet.plain().plot([0, 40], [0, 20], color=COLOURS["bad"])
    [...]
    >>> sheet.drawing().marks[-1].commands
    (('M', (0.0, 20.0)), ('L', (40.0, 0.0)))
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        FigureCanvasBase(self.figure)

    def axes(self, left: float, bottom: float, right: float = 8, top: float = 8) -> Any:
        """Axes inside margins given in points."""
        return self.figure.add_axes(
            (
                left / self.width,
                bottom / self.height,
                (self.width - left - right) / self.width,
                (self.height - bottom - top) / self.height,
            ),
            facecolor="none",
        )

    def plain(self) -> Plain:
        """The whole sheet in points from its lower left corner, without any axes."""
        return Plain(self.figure)

    def drawing(self) -> Drawing:
        """What was drawn."""
        self.figure.patch.set_visible(False)
        recorder = _Recorder(self.width, self.height)
        self.figure.draw(recorder)
        return Drawing(self.width, self.height, tuple(recorder.marks))


class Plain:
    """Lines, shapes and words in points, drawn as on axes but without making any: that is slow."""

    def __init__(self, figure: Figure) -> None:
        self._figure = figure

    def plot(self, x: Any, y: Any, marker: str = "", **look: Any) -> list[Line2D]:
        """A line through points, or a ``marker`` at each of them."""
        if marker:
            look |= {"marker": marker, "linestyle": "none"}
        return [self._placed(Line2D(x, y, **look))]

    def bar(self, x: float, height: float, width: float, bottom: float, **look: Any) -> None:
        """An upright bar with its middle at ``x``."""
        colour = look.pop("color")
        self.add_patch(Rectangle((x - width / 2, bottom), width, height, facecolor=colour, **look))

    def add_patch(self, patch: Patch) -> Patch:
        """A shape."""
        return self._placed(patch)

    def text(self, x: float, y: float, words: str, **look: Any) -> Text:
        """Words beginning at a point, or in the middle or at the end as ``ha`` says."""
        return self._placed(Text(x, y, words, **look))

    def _placed(self, artist: A) -> A:
        # The figure has 72 dots per inch, so what it draws on is measured in points already.
        artist.set_transform(IdentityTransform())
        self._figure.add_artist(artist)
        return artist


class _Recorder(RendererBase):
    """Keeps what matplotlib draws."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height
        self.marks: list[Path | Label] = []

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.width, self.height

    def flipy(self) -> bool:
        return False

    def points_to_pixels(self, points: Any) -> Any:
        return points

    def draw_path(self, gc: Any, path: Any, transform: Any, rgbFace: Any = None) -> None:
        """Record a path, cut off where matplotlib would cut it off."""
        opacity = round(float(gc.get_alpha()), 3)
        stroke = _role(gc.get_rgb()) if gc.get_linewidth() > 0 and gc.get_rgb()[3] > 0 else None
        fill = None if rgbFace is None or (len(rgbFace) == 4 and rgbFace[3] == 0) else rgbFace
        if fill is not None and len(fill) == 4 and fill[3] < 1:
            opacity = round(float(fill[3]), 3)
        commands = self._commands(path, transform, gc.get_clip_rectangle(), fill is None)
        if not commands or (stroke is None and fill is None):
            return
        dashes = gc.get_dashes()[1]
        self.marks.append(
            Path(
                commands,
                stroke,
                None if fill is None else _role(fill),
                round(float(gc.get_linewidth()), 2),
                tuple(round(float(x), 1) for x in dashes) if dashes is not None else (),
                opacity,
            )
        )

    def _commands(self, path: Any, transform: Any, clip: Any, line: bool) -> tuple[Command, ...]:
        box = None if clip is None else Bbox(clip.get_points())
        moved = transform.transform_path(path)
        if box is not None and not line and not _inside(moved, box):
            moved = moved.clip_to_bbox(box)
        out: list[Command] = []
        cut = (box.x0, box.y0, box.x1, box.y1) if box is not None and line else None
        simple = len(moved.vertices) > _MANY
        moved.simplify_threshold = _UNSEEN
        digits = 1 if simple else 2
        for points, code in moved.iter_segments(simplify=simple or None, clip=cut):
            if code == Outline.CLOSEPOLY:
                out.append(("Z", ()))
            elif code == Outline.CURVE3:
                out.append(("C", self._cubic(out, points)))
            elif code in _CODES:
                out.append((_CODES[code], self._flipped(points, digits)))
        return tuple(out) if any(name != "M" for name, _ in out) else ()

    def _flipped(self, points: Any, digits: int = 2) -> tuple[float, ...]:
        return tuple(
            _round(self.height - value if n % 2 else value, digits)
            for n, value in enumerate(points)
        )

    def _cubic(self, out: list[Command], points: Any) -> tuple[float, ...]:
        """A quadratic curve as a cubic one."""
        x0, y0 = out[-1][1][-2:]
        x1, y1, x2, y2 = self._flipped(points)
        thirds = (x0 + 2 * x1, y0 + 2 * y1, x2 + 2 * x1, y2 + 2 * y1)
        return (*(_round(t / 3) for t in thirds), x2, y2)

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """Record a label where it is anchored, since its letters will be others."""
        anchor = "start"
        turned = round(angle) == 90
        if mtext is not None:
            at = mtext.get_transform().transform(mtext.get_unitless_position())
            across = {"left": "start", "center": "middle", "right": "end"}
            if turned:
                anchor, y = across[_along(mtext.get_va())], at[1]
            else:
                anchor, x = across[mtext.get_ha()], at[0]
        self.marks.append(
            Label(
                _round(x),
                _round(self.height - y),
                s,
                _role(gc.get_rgb()),
                float(prop.get_size_in_points()),
                anchor,  # type: ignore[arg-type]
                turned,
                prop.get_style() == "italic",
                prop.get_weight() in ("bold", 700),
            )
        )


_MANY: Final = 40
"""A path of more points than these is made simpler where nobody would see it."""
_UNSEEN: Final = 0.3
"""How far a simpler path may stray, in points."""
_CODES: Final = {Outline.MOVETO: "M", Outline.LINETO: "L", Outline.CURVE4: "C"}


def _along(vertical: str) -> str:
    """Where a turned label has its anchor, along its line."""
    return {"bottom": "left", "baseline": "left", "top": "right"}.get(vertical, "center")


def _inside(path: Any, box: Any) -> bool:
    vertices = path.vertices
    return bool(
        (vertices[:, 0] >= box.x0 - 0.5).all()
        and (vertices[:, 0] <= box.x1 + 0.5).all()
        and (vertices[:, 1] >= box.y0 - 0.5).all()
        and (vertices[:, 1] <= box.y1 + 0.5).all()
    )


def _role(colour: Any) -> Role:
    found = _ROLES.get(to_hex(to_rgba(colour)[:3]))
    if found is None:
        raise ValueError(f"{to_hex(colour)} is none of the colours of a drawing: use COLOURS")
    return found


def _round(x: float, digits: int = 2) -> float:
    """To hundredths, say, and never −0."""
    return round(float(x), digits) + 0.0
