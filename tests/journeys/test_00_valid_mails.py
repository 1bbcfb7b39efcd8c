"""The checker of the W3C finds no error in any mail, with all that it can hold, in three languages.

What it says of pages is asked where they are looked at (`test_00_accessible_pages.py`).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from tests.journeys.checker import WITHOUT_JAVA, Sources, java
from tests.journeys.demo import ROOT

MAILS = ROOT / "templates" / "mail"
TAG = re.compile(r"\{[{%].*?[%}]\}")
NUMBERS = {"count": 2, "days": 2, "number": 2}

pytestmark = pytest.mark.skipif(java() is None, reason=WITHOUT_JAVA)


class Anything(str):
    """A value that has every attribute and is one of one thing: whatever a mail asks for is there."""

    __slots__ = ()

    def __getattr__(self, name: str) -> "Anything":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, _key: Any) -> "Anything":
        return self

    def __iter__(self) -> Iterator[str]:
        yield self


def test_mails_are_valid(tmp_path: Path) -> None:
    sources = Sources(tmp_path)
    templates = [path for path in MAILS.rglob("*.*") if path.is_file()]
    words = {
        word
        for path in templates
        for tag in TAG.findall(path.read_text())
        for word in re.findall(r"\w+", tag)
    }
    everything = dict.fromkeys(words, Anything("https://example.org/")) | NUMBERS
    for path in templates:
        if path.suffix != ".html" or path.name.startswith(("_", "base")):
            continue
        for language in ("kk", "ru", "en"):
            name = str(path.relative_to(MAILS.parent))
            with override(language):
                sources.add(f"{name}, {language}", render_to_string(name, everything).encode())
    assert sources.errors() == []
