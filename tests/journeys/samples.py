"""In which languages, widths and schemes pages are looked at, and which of them in which."""

import os
import re

import pytest

from tests.journeys.demo import Person
from tests.journeys.eye import Eye

SAMPLES = [("kk", 360, "dark"), ("ru", 1440, "light"), ("en", 768, "light")]
PUBLIC_SAMPLES = {
    "kk": [(1440, "light"), (360, "dark")],
    "ru": [(360, "light")],
    "en": [(768, "dark")],
}
EVERYTHING = os.environ.get("LOOK") == "everything"

sample = pytest.mark.parametrize(("language", "width", "scheme"), SAMPLES)


def links(someone: Person, path: str, pattern: str) -> list[str]:
    """The addresses that a page links to and that fit the pattern, each once, in their order."""
    text = someone.context.request.get(someone.demo.address + path).text()
    return list(dict.fromkeys(re.findall(f'href="({pattern})"', text)))


def share(paths: list[str], language: str) -> list[str]:
    """Which of the pages this sample looks at."""
    if EVERYTHING or language == "kk":
        return paths
    return paths[::2] if language == "ru" else paths[1::2]


def in_language(someone: Person, language: str) -> Eye:
    someone.choose_language(language)
    return Eye(someone, language)
