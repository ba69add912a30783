"""PDF from LaTeX source, by whichever engine the machine has."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

__all__ = ["NoEngine", "compile_pdf", "engine"]

TEX_SECONDS: Final = 120
"""How long one run of the engine may take."""

_ENGINES: Final = {
    "latexmk": (
        ["latexmk", "-pdf", "-norc", "-interaction=nonstopmode", "-halt-on-error",
         "-latexoption=-no-shell-escape"],
        1,
    ),
    "pdflatex": (
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"], 2
    ),
    "tectonic": (["tectonic", "--untrusted"], 1),
}  # fmt: skip
"""The command of each engine, and how often it is to be run."""


class NoEngine(RuntimeError):
    """No PDF could be made, and why."""


def engine() -> str:
    """The name of the engine at hand, or an empty string."""
    return next((name for name in _ENGINES if shutil.which(name)), "")


def compile_pdf(source: str) -> bytes:
    """The PDF of a document.  Raises `NoEngine` when there is no engine or it fails.

    No shell escape, and no reading or writing outside: the source holds text from users' files.
    """
    name = engine()
    if not name:
        raise NoEngine("no TeX engine (latexmk, pdflatex or tectonic) was found")
    command, times = _ENGINES[name]
    environment = {
        **os.environ,
        "openin_any": "p",
        "openout_any": "p",
        "SOURCE_DATE_EPOCH": "0",
        "FORCE_SOURCE_DATE": "1",
    }
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "report.tex"
        file.write_text(source, encoding="utf-8")
        try:
            for _ in range(times):
                subprocess.run(
                    [*command, file.name],
                    cwd=scratch,
                    env=environment,
                    check=True,
                    capture_output=True,
                    timeout=TEX_SECONDS,
                )
            return file.with_suffix(".pdf").read_bytes()
        except (subprocess.SubprocessError, OSError) as fault:
            raise NoEngine(f"{name} failed ({fault})") from fault
