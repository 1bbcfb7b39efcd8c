"""Read PDF files with the programs of poppler-utils, as their readers would see them."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

_without = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils are not installed")


def reads_pdf[Test: Callable[..., object]](test: Test) -> Test:
    """Mark a test that reads a PDF: an outside program, so `make test-slow`; skipped where it is absent."""
    return pytest.mark.slow(_without(test))


def pdf_text(path: Path, *options: str) -> str:
    """Return the text of a PDF file as `pdftotext` prints it; pages end in a form feed."""
    return _run("pdftotext", *options, str(path), "-")


def pdf_fonts(path: Path) -> set[str]:
    """Return the names of the fonts embedded in a PDF file, without their subset tags: {"Onest-Bold"}."""
    rows = _run("pdffonts", str(path)).splitlines()[2:]
    return {row.split()[0].partition("+")[2] for row in rows}


def count_pdf_pictures(path: Path) -> int:
    """Return how many pictures a PDF file holds."""
    return len(_run("pdfimages", "-list", str(path)).splitlines()) - 2


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
