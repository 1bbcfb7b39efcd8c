"""Convert sections of the data files to those of a composed page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from wagtail.models import Page

from demo.load import Record
from demo.seed.drafts import DraftPlan
from demo.story import StreamPart, story
from home.models import CampaignPage, NewsPage, StandardPage


@dataclass(frozen=True)
class Pieces:
    """What sections refer to, by the data's own ids: UUIDs of facts and organisations, keys of topics."""

    facts: Mapping[str, str]
    topics: Mapping[str, str]
    organisations: Mapping[str, str]
    pages: Callable[[str, str], Page]  # by name and language
    appeals: Mapping[str, str]
    postcards: Mapping[str, str]
    letters: Mapping[str, str]
    packages: Mapping[str, str]


def page_named(name: str, language: str, *, drafts: Mapping[str, DraftPlan]) -> Page:
    """Return a page by its name in the data: `news:slug`, `draft:id`, `campaign:slug`, `about`."""
    kind, _, key = name.partition(":")
    if kind == "draft":
        news = NewsPage.objects.live().filter(publication__draft=drafts[key].row)
        return news.get(locale__language_code=language).page_ptr
    below = {"news": NewsPage, "campaign": CampaignPage, "about": StandardPage}[kind]
    pages = Page.objects.type(below).filter(slug=key or kind)
    return pages.get(locale__language_code=language)


def sections_of(records: list[Record], language: str, pieces: Pieces) -> list[StreamPart]:
    """Return the sections in one language."""
    return [part for record in records for part in _MAKERS[record["type"]](record, language, pieces)]


def _line(record: Record, name: str, language: str) -> str:
    return str(record[name][language]) if name in record else ""


def _plain(*names: str) -> "Maker":
    """Return a section that has lines only."""

    def make(record: Record, language: str, _pieces: Pieces) -> list[StreamPart]:
        return [(record["type"], {name: _line(record, name, language) for name in names})]

    return make


def _numbers(record: Record, language: str, pieces: Pieces) -> list[StreamPart]:
    figures = [("fact", pieces.facts[one]) for one in record["facts"]]
    return [("numbers", {"heading": _line(record, "heading", language), "figures": figures})]


def _news(record: Record, language: str, pieces: Pieces) -> list[StreamPart]:
    topics = [pieces.topics[one] for one in record.get("topics", ())]
    return [
        ("news", {"heading": _line(record, "heading", language), "most": record["most"], "topics": topics})
    ]


def _events(record: Record, language: str, _pieces: Pieces) -> list[StreamPart]:
    heading, kind = _line(record, "heading", language), record.get("kind", "")
    narrowed = {"kind": kind, "region": "", "organisation": ""}
    return [("events", {"heading": heading, "most": record["most"], **narrowed})]


def _organisations(record: Record, language: str, pieces: Pieces) -> list[StreamPart]:
    chosen = [pieces.organisations[one] for one in record.get("organisations", ())]
    return [("organisations", {"heading": _line(record, "heading", language), "organisations": chosen})]


def _calls(record: Record, language: str, pieces: Pieces) -> list[StreamPart]:
    calls = [
        {
            "text": one["text"][language],
            "words": one["words"][language],
            "page": pieces.pages(one["page"], language),
            "address": "",
        }
        for one in record["calls"]
    ]
    return [("calls", {"heading": _line(record, "heading", language), "calls": calls})]


def _text(record: Record, language: str, pieces: Pieces) -> list[StreamPart]:
    return story(record["body"][language], facts=pieces.facts)


def _box(record: Record, language: str, _pieces: Pieces) -> list[StreamPart]:
    text = f"<p>{_line(record, 'text', language)}</p>"
    return [("box", {"heading": _line(record, "heading", language), "text": text})]


def _materials(record: Record, language: str, pieces: Pieces) -> list[StreamPart]:
    pages = [pieces.pages(one, language) for one in record["pages"]]
    return [("materials", {"heading": _line(record, "heading", language), "pages": pages})]


def _appeal(record: Record, language: str, pieces: Pieces) -> list[StreamPart]:
    """Return a section with an appeal, or with its counters."""
    value = {"heading": _line(record, "heading", language), "appeal": pieces.appeals[record["appeal"]]}
    if record["type"] == "appeal":
        value["text"] = _line(record, "text", language)
    return [(record["type"], value)]


def _postcards(record: Record, language: str, pieces: Pieces) -> list[StreamPart]:
    heading = _line(record, "heading", language)
    return [("postcards", {"heading": heading, "design": pieces.postcards[record["postcard"]]})]


def _letters(record: Record, language: str, pieces: Pieces) -> list[StreamPart]:
    words = {name: _line(record, name, language) for name in ("heading", "text")}
    return [("letters", {**words, "action": pieces.letters[record["letters"]]})]


def _package(record: Record, language: str, pieces: Pieces) -> list[StreamPart]:
    words = {name: _line(record, name, language) for name in ("heading", "text")}
    return [("package", {**words, "package": pieces.packages[record["package"]]})]


type Maker = Callable[[Record, str, Pieces], list[StreamPart]]

_MAKERS: Final[Mapping[str, Maker]] = {
    "poster": _plain("first", "second", "lead"),
    "numbers": _numbers,
    "news": _news,
    "events": _events,
    "organisations": _organisations,
    "calls": _calls,
    "text": _text,
    "box": _box,
    "materials": _materials,
    "how": _plain("heading", "text"),
    "help": _plain("heading"),
    "appeal": _appeal,
    "counters": _appeal,
    "postcards": _postcards,
    "letters": _letters,
    "package": _package,
}
