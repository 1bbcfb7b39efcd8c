"""Wording of the large demo, derived from a number: the same number gives the same words."""

import tomllib
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from django.utils.translation import override

from coalition.accounts.models import REGIONS, region_names
from demo.body import Node, editor_body

PAGES_OF_THEMES = 2  # how many themes one text is made of
WORDS = Path(__file__).parent / "wording.toml"


@cache
def wording() -> dict[str, Any]:
    """Return the parsed wording.toml."""
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


def region_of(number: int) -> str:
    """Return the ISO 3166-2 code of the region for a number."""
    return list(REGIONS)[number % len(REGIONS)]


@cache
def region_name(number: int, language: str) -> str:
    with override(language):
        return region_names([region_of(number)])[0]


def theme(number: int, language: str) -> str:
    """Return the subject in a few words."""
    return str(_theme(number)["title"][language])


def title(number: int, language: str) -> str:
    """Return a title that no other number has."""
    return f"{theme(number, language)}: {region_name(number, language)}, {number}"


def lead(number: int, language: str) -> str:
    return str(_theme(number)[language][0])


def paragraphs(number: int, language: str, state: int = 1) -> list[str]:
    """Return the paragraphs of a text in its state `state`, from 1."""
    named = {"number": number, "region": region_name(number, language)}
    told = [" ".join(_theme(number + one * 3)[language]) for one in range(PAGES_OF_THEMES)]
    return [
        wording()["common"][language].format(**named),
        *told,
        wording()["state"][language].format(number=state),
    ]


def body(number: int, language: str, state: int = 1) -> Node:
    """Return the same as the editor's document, under a heading."""
    heading = {"type": "heading", "text": theme(number, language)}
    said = [{"type": "paragraph", "text": one} for one in paragraphs(number, language, state)]
    return editor_body([heading, *said])


def html(number: int, language: str) -> str:
    """Return the same as rich text of a page."""
    return "".join(f"<p>{escape(one, quote=False)}</p>" for one in paragraphs(number, language))


def name_of_version(state: int, language: str) -> str:
    names = wording()["version"][language]
    return str(names[(state - 1) % len(names)])


def _theme(number: int) -> dict[str, Any]:
    themes = wording()["themes"]
    found: dict[str, Any] = themes[number % len(themes)]
    return found
