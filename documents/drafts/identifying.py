"""Details by which a person can be identified: word lists of each language, and the search for them."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from coalition.consent.enums import DetailKind

FOLDER: Final = Path(__file__).parent / "identifying_words"
_CAPITAL: Final = "[A-ZА-ЯӘІҢҒҮҰҚӨҺ]"

_BUILT_IN: Final = {
    "capital": _CAPITAL,
    "named": rf"{_CAPITAL}[\w’-]{{2,}}",
    "quoted": "(?:«[^»]{2,60}»|“[^”]{2,60}”|„[^“]{2,60}“)",
    "number": r"(?:№\s?\d+|No\.?\s?\d+)",
}

_ENDINGS: Final = {
    "kk": {"~": r"(?!лар|лер|дар|дер|тар|тер)\w*"},
    "ru": {"~f": "(?:а|ы|е|у|ой|ою|ей|я|и|ю|ь|ью)", "~m": "(?:|а|у|ом|ем|е|ь|я|ю|й)"},
    "en": {"~": "(?:’s)?"},
}

_NAME_ENDINGS: Final = {
    "kk": r"\w{0,6}",
    "ru": "(?:а|я|ь|й|ы|и|е|у|ой|ю|ей|ем|ом|ью)?",
    "en": "(?:’s)?",
}

_STAR: Final = re.compile(r"(?<!\\[wS])(?<!\])\*")  # a star behind a class is regex syntax
type Lexicon = Mapping[str, re.Pattern[str]]


@cache
def load_lexicon(language: str) -> Lexicon:
    """Return a language's compiled lists and patterns, by name. Raises FileNotFoundError if it has none."""
    lists = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    patterns = lists.pop("patterns")
    sources = {name: _list(entries, _ENDINGS[language]) for name, entries in lists.items()}
    names = _name_lists()[language]
    stems = {name[:-1] if language == "ru" and name[-1] in "аяьй" else name for name in names}
    longest_first = "|".join(sorted(stems, key=lambda stem: (-len(stem), stem)))
    sources["names"] = rf"(?:(?<![\w-])(?:{longest_first}){_NAME_ENDINGS[language]}(?!\w))"
    known = {**_BUILT_IN, **sources}
    for name, pattern in patterns.items():
        sources[name] = re.sub(r"<(\w+)>", lambda found: known.get(found[1], found[0]), pattern)
    return {name: re.compile(source) for name, source in sources.items()}


@cache
def _name_lists() -> dict[str, list[str]]:
    return tomllib.loads((FOLDER / "names.toml").read_text(encoding="utf-8"))


@cache
def first_names() -> frozenset[str]:
    """Return first names in the three languages."""
    return frozenset(name for language in ("kk", "ru", "en") for name in _name_lists()[language])


def _list(entries: list[str], endings: dict[str, str]) -> str:
    """Return the entries as one case-insensitive regex group with word boundaries."""
    parts = []
    for entry in entries:
        made = _STAR.sub(r"\\w*", entry)
        for sign, ending in endings.items():
            made = made.replace(sign, ending)
        parts.append(made)
    return rf"(?i:(?<![\w-])(?:{'|'.join(parts)})(?!\w))"


class CreditLine(str):
    """A credit: it names people who made a work, in their own name."""

    __slots__ = ()


WEAK: Final = 1
STRONG: Final = 2


# Pattern, kind, weight of each expression of a language's file. Matches of `lone_place` and names
# need a further check.
_PLAIN: Final = (
    ("initials", DetailKind.NAME, STRONG),
    ("firm", DetailKind.WORKPLACE, STRONG),
    ("named_house", DetailKind.WORKPLACE, STRONG),
    ("house", DetailKind.WORKPLACE, WEAK),
    ("place", DetailKind.PLACE, STRONG),
    ("posts", DetailKind.POST, WEAK),
    ("unique", DetailKind.POST, STRONG),
    ("date", DetailKind.DATE, WEAK),
    ("kin_of", DetailKind.FAMILY, STRONG),
    ("family", DetailKind.FAMILY, WEAK),
    ("ages", DetailKind.AGE, WEAK),
)


@dataclass(frozen=True)
class Detail:
    """An identifying detail: the words from `start` to `end` of the passage, with a `weight`."""

    kind: DetailKind
    words: str
    start: int
    end: int
    weight: int


def details_of(text: str, words: Lexicon) -> list[Detail]:
    """Return every detail in the passage, whoever it is about, in text order."""
    found = [
        _detail(kind, match, WEAK if name == "named_house" and not _is_named(match, text, words) else weight)
        for name, kind, weight in _PLAIN
        for match in words[name].finditer(text)
        if not (name == "date" and words["no_dates"].search(match[0]))
        and not (name == "posts" and _within(match, words["staff"], text))
    ]
    found += _details_naming(text, words)
    found += _lone_places(text, words)
    return sorted(found, key=lambda one: (one.start, one.kind))


def _detail(kind: DetailKind, match: re.Match[str], weight: int) -> Detail:
    return Detail(kind, match[0], match.start(), match.end(), weight)


def _is_named(match: re.Match[str], text: str, words: Lexicon) -> bool:
    """Whether it names a house, and is not a sentence's first word or a person's name."""
    if match["it"] is None:
        return True
    first = match.start("it")
    if words["names"].match(match["it"]) or words["months"].match(match["it"]):
        return False
    return not _begins_sentence(text, first) or bool(words["small_places"].match(match["it"]))


def _within(match: re.Match[str], pattern: re.Pattern[str], text: str) -> bool:
    return any(one.start() <= match.start() < one.end() for one in pattern.finditer(text))


def _details_naming(text: str, words: Lexicon) -> Iterator[Detail]:
    """Yield first names, alone or with a last name, unless the text calls the name a pseudonym."""
    if words["pseudonym"].search(text):
        return
    yield from (_detail(DetailKind.NAME, match, STRONG) for match in words["full_name"].finditer(text))
    for match in words["names"].finditer(text):
        inside = _within(match, words["full_name"], text)
        is_word = match[0] in _name_lists()["ambiguous"] and _begins_sentence(text, match.start())
        if not inside and not is_word and not _within(match, words["place"], text):
            yield _detail(DetailKind.NAME, match, STRONG)


def _lone_places(text: str, words: Lexicon) -> Iterator[Detail]:
    """Yield capitalised words that read as places: a small place is strong, a city weak."""
    for match in words["lone_place"].finditer(text):
        place = match["place"]
        if any(words[name].match(place) for name in ("no_places", "months", "names", "own_house", "houses")):
            continue
        start = match.start("place")
        begins = start == match.start() and _begins_sentence(text, start)
        if begins and not words["small_places"].match(place):
            continue
        weight = WEAK if words["big_places"].match(place) else STRONG
        yield Detail(DetailKind.PLACE, place, start, match.end("place"), weight)


def _begins_sentence(text: str, start: int) -> bool:
    """Whether a sentence begins there, so that a capital letter means nothing."""
    before = text[:start].rstrip(" «“„—–-")
    return not before or before[-1] in ".!?:…"


ENOUGH_WEIGHT: Final = 3  # total weight of all kinds
ENOUGH_KINDS: Final = 2  # number of different kinds
_SENTENCE: Final = re.compile(r"(?<=[.!?…])[»”\"]?\s+(?=[A-ZА-ЯӘІҢҒҮҰҚӨҺ«“„—])")
_NO_WORD: Final = re.compile(r"[\w’-]{60,}")  # not a word, and slow to search
_NEAR: Final = 70  # characters between a post and the name it belongs to


def find_identifying_details(
    text: str, language: str, *, enough: int = ENOUGH_WEIGHT, kinds: int = ENOUGH_KINDS
) -> list[Detail]:
    """Return the details that in combination identify a survivor, in text order, or an empty list.

    `text` is one passage: a paragraph, an item, a quotation. A passage counts if it is about
    violence and one person, and its details about that person have at least `kinds` different
    kinds and a total weight of `enough`: by default two kinds and a weight of three. Details of
    people who speak in their own name are excluded.
    """
    words, text = load_lexicon(language), normal_text(text)
    if words["fiction"].search(text) or not (
        words["violence"].search(text) or words["survivor"].search(text)
    ):
        return []
    found = details_of_others(text, language)
    heaviest: dict[DetailKind, int] = {}
    for one in found:
        heaviest[one.kind] = max(one.weight, heaviest.get(one.kind, 0))
    # about a person: numbers of cases in a district identify nobody
    about_person = {DetailKind.NAME, DetailKind.POST, DetailKind.AGE} & heaviest.keys() or (
        words["survivor"].search(text) or words["person"].search(text)
    )
    is_enough = len(heaviest) >= kinds and sum(heaviest.values()) >= enough
    return found if is_enough and about_person else []


def details_of_others(text: str, language: str) -> list[Detail]:
    """Return every detail that is not about people speaking in their own name or in an example."""
    words, text = load_lexicon(language), normal_text(text)
    hidden: list[tuple[int, int]] = []
    for start, end in _sentences(text):
        if example := words["example"].search(text[start:end]):  # a hypothetical case up to the end
            hidden.append((start + example.start(), end))
        hidden += [
            (start + begun, start + ended) for begun, ended in _presented_people(text[start:end], words)
        ]
    return [
        one for one in details_of(text, words) if not any(start <= one.start < end for start, end in hidden)
    ]


def _presented_people(sentence: str, words: Lexicon) -> list[tuple[int, int]]:
    """Return the spans that introduce a person who speaks or acts in their own name."""
    spans = []
    posts = [*words["official"].finditer(sentence), *words["head_of"].finditer(sentence)]
    speech = words["speech"].search(sentence)
    if speech:
        posts += words["boss"].finditer(sentence)
    for name in words["full_name"].finditer(sentence):
        near = [post for post in posts if max(name.start() - post.end(), post.start() - name.end()) <= _NEAR]
        if not near or words["survivor"].search(sentence[max(0, name.start() - 25) : name.start()]):
            continue
        end = max(name.end(), *(post.end() for post in near))
        spans.append((0, speech.start() if speech and speech.start() > end else end))
    return spans


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = [found.start() for found in _SENTENCE.finditer(text)] + [len(text)]
    return list(zip([0, *ends[:-1]], ends, strict=True))


def normal_text(text: str) -> str:
    """Apply NFC; use plain spaces and apostrophes and no ё. Offsets stay valid: the length is unchanged."""
    composed = _NO_WORD.sub(lambda found: " " * len(found[0]), unicodedata.normalize("NFC", text))
    return composed.translate({0x451: "е", 0x401: "Е", 0xA0: " ", 0x202F: " ", 0x2009: " ", 0x27: "’"})
