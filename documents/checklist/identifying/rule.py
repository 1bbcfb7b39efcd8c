"""The rule: which details of a passage together tell who a survivor is."""

import re
import unicodedata
from typing import Final

from documents.checklist.identifying.details import Detail, Kind, details_of
from documents.checklist.identifying.lexicon import Lexicon, lexicon

ENOUGH: Final = 3  # weight of all kinds together
KINDS: Final = 2  # of different kinds
_SENTENCE: Final = re.compile(r"(?<=[.!?…])[»”\"]?\s+(?=[A-ZА-ЯӘІҢҒҮҰҚӨҺ«“„—])")
_NO_WORD: Final = re.compile(r"[\w’-]{60,}")  # nobody's words, and long to look through
_NEAR: Final = 70  # characters between a post and the name it belongs to


def identifying(text: str, language: str, *, enough: int = ENOUGH, kinds: int = KINDS) -> list[Detail]:
    """The details that in combination tell who a survivor is, in the order of the text; none if they do not.

    `text` is one passage: a paragraph, an item, a quotation. A passage counts if it speaks of violence and
    of one person, and what it tells of that person is enough: details of two kinds or more that weigh
    three together (`kinds`, `enough`). What belongs to people who speak in their own name is left out.
    """
    words, text = lexicon(language), _normal(text)
    if words["fiction"].search(text) or not (
        words["violence"].search(text) or words["survivor"].search(text)
    ):
        return []
    found = of_others(text, language)
    heaviest: dict[Kind, int] = {}
    for one in found:
        heaviest[one.kind] = max(one.weight, heaviest.get(one.kind, 0))
    is_enough = len(heaviest) >= kinds and sum(heaviest.values()) >= enough
    return found if is_enough and _is_one_person(text, words, found) else []


def of_others(text: str, language: str) -> list[Detail]:
    """Every detail of the passage that is not about people who speak in their own name, nor an example."""
    words, text = lexicon(language), _normal(text)
    hidden = [*_examples(text, words), *_speakers(text, words)]
    return [
        one for one in details_of(text, words) if not any(start <= one.start < end for start, end in hidden)
    ]


def _is_one_person(text: str, words: Lexicon, found: list[Detail]) -> bool:
    """Whether somebody is spoken of at all: numbers of cases in a district identify nobody."""
    named = any(one.kind in {Kind.NAME, Kind.POST, Kind.AGE} for one in found)
    return named or bool(words["survivor"].search(text) or words["person"].search(text))


def _examples(text: str, words: Lexicon) -> list[tuple[int, int]]:
    """From “for example” to the end of its sentence: what might be, not what was."""
    return [
        (start + found.start(), end)
        for start, end in _sentences(text)
        if (found := words["example"].search(text[start:end]))
    ]


def _speakers(text: str, words: Lexicon) -> list[tuple[int, int]]:
    """The parts of sentences that present a person who speaks or acts in their own name."""
    return [
        (start + begun, start + ended)
        for start, end in _sentences(text)
        for begun, ended in _presented(text[start:end], words)
    ]


def _presented(sentence: str, words: Lexicon) -> list[tuple[int, int]]:
    spans = []
    posts = [*words["official"].finditer(sentence), *words["head_of"].finditer(sentence)]
    speech = words["speech"].search(sentence)
    if speech:
        posts += words["boss"].finditer(sentence)
    for name in words["full_name"].finditer(sentence):
        near = [post for post in posts if _distance(post, name) <= _NEAR]
        if not near or words["survivor"].search(sentence[max(0, name.start() - 25) : name.start()]):
            continue
        end = max(name.end(), *(post.end() for post in near))
        spans.append((0, speech.start() if speech and speech.start() > end else end))
    return spans


def _distance(one: re.Match[str], other: re.Match[str]) -> int:
    return max(other.start() - one.end(), one.start() - other.end(), 0)


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = [found.start() for found in _SENTENCE.finditer(text)] + [len(text)]
    return list(zip([0, *ends[:-1]], ends, strict=True))


def _normal(text: str) -> str:
    """Composed, with plain spaces and apostrophes and without ё; as long as before, so that places stay."""
    composed = _NO_WORD.sub(lambda found: " " * len(found[0]), unicodedata.normalize("NFC", text))
    return composed.translate({0x451: "е", 0x401: "Е", 0xA0: " ", 0x202F: " ", 0x2009: " ", 0x27: "’"})
