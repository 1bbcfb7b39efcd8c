"""What the sections of a composed page show. A section that has nothing to show is left out, heading and all.

How many queries it takes depends on which sections there are, never on how much they show.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import override
from wagtail.models import Page

from coalition.accounts.enums import Language
from coalition.accounts.naming import PUBLIC, display_mark_for
from coalition.accounts.queries import count_unnamed_organisations, public_organisations
from coalition.accounts.regions import region_names
from coalition.core.clock import now
from events.public.presenters import next_rows
from events.public.queries import Narrowing
from home.campaign_sections import Appeals, appeal_section, counters_section, help_section
from home.models import HomePage, NewsPage, Placement
from home.public_facts import DisplayedFact, displayed_facts
from home.queries import news_on_topics, pages_in_language, public_news, signatories_by_publication

RUNNING: Final = frozenset({"text", "quote", "picture", "video", "helpline"})  # stand together in one column
COLOURED: Final = frozenset({"poster", "box", "help"})  # have a ground of their own


@dataclass
class Section:
    """One band of the page. `id` is its anchor; `ground`: whether it stands on the grey ground."""

    kind: str
    value: Any
    data: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""
    ground: bool = False

    @property
    def template(self) -> str:
        return f"home/sections/{self.kind}.html"


@dataclass(frozen=True)
class _SectionScope:
    """For which page the sections are made."""

    page: Page
    language: str
    facts: Mapping[str, DisplayedFact]
    appeals: Appeals

    @property
    def is_first_page(self) -> bool:
        return isinstance(self.page, HomePage)


def composed_page_context(page: Any) -> dict[str, Any]:
    """The context of a composed page: its sections, and its facts, which are asked for once."""
    language = page.locale.language_code
    asked = _SectionScope(page, language, displayed_facts(page), Appeals(language))
    with override(language):  # a preview is drawn while the editor's own language is active
        sections = _with_anchors_and_grounds(_build_sections(page.sections, asked))
        around = asked.appeals.around
    return {
        "sections": sections,
        "shown_facts": asked.facts,
        "anchors": {section.kind: section.id for section in reversed(sections)},
        **around,
    }


def _build_sections(stream: Iterable[Any], asked: _SectionScope) -> list[Section]:
    """Those that have something to show; running text that follows on itself is one."""
    made: list[Section] = []
    for block in stream:
        if block.block_type in RUNNING:
            if not made or made[-1].kind != "running":
                made.append(Section("running", []))
            made[-1].value.append(block)
        elif (data := _BUILDERS[block.block_type](block.value, asked)) is not None:
            made.append(Section(block.block_type, block.value, data))
    return made


def _with_anchors_and_grounds(sections: list[Section]) -> list[Section]:
    """The same with their anchors, and every second one on the grey ground."""
    seen: dict[str, int] = {}
    ground = False
    for section in sections:
        seen[section.kind] = number = seen.get(section.kind, 0) + 1
        section.id = section.kind if number == 1 else f"{section.kind}-{number}"
        section.ground = ground
        ground = section.kind not in COLOURED and not ground
    return sections


def _poster(value: Any, asked: _SectionScope) -> dict[str, Any]:
    return {"lead": value["lead"] or getattr(asked.page, "lead", "")}


def _numbers(value: Any, asked: _SectionScope) -> dict[str, Any] | None:
    figures = [
        asked.facts.get(block.value) if block.block_type == "fact" else block.value
        for block in value["figures"]
    ]
    shown = [one for one in figures if one]
    return {"figures": shown} if shown else None


def _news(value: Any, asked: _SectionScope) -> dict[str, Any] | None:
    """On the first page as the newsroom placed it; elsewhere the newest."""
    pages = news_on_topics(public_news(asked.language), value["topics"] or [])
    if asked.is_first_page:
        lead = pages.filter(placement=Placement.LEAD).first()
        others = pages.exclude(placement=Placement.INDEX).exclude(pk=lead.pk if lead else None)
        news = [*([lead] if lead else []), *others[: value["most"] - bool(lead)]]
    else:
        news = list(pages[: value["most"]])
    under = signatories_by_publication([item.publication for item in news if item.publication])
    items = [{"page": item, "under": under.get(item.publication_id)} for item in news]
    return {"news": items} if items else None


def _events(value: Any, asked: _SectionScope) -> dict[str, Any] | None:
    slug = ""
    if value["organisation"]:
        chosen = public_organisations().filter(uuid=value["organisation"])
        slug = chosen.values_list("slug", flat=True).first() or "-"
    narrowing = Narrowing(kind=value["kind"] or "", region=value["region"] or "", organisation=slug)
    rows = next_rows(asked.language, now(), narrowing=narrowing, most=value["most"])
    return {"events": rows} if rows else None


def _organisations(value: Any, asked: _SectionScope) -> dict[str, Any] | None:
    chosen = set(value["organisations"] or [])
    cards = [
        {
            "mark": display_mark_for(PUBLIC, one, language=asked.language),
            "regions": ", ".join(region_names(one.regions)),
            "url": f"/{asked.language}/partners/{one.slug}/",
        }
        for one in public_organisations()
        if not chosen or str(one.uuid) in chosen
    ]
    withheld = 0 if chosen else count_unnamed_organisations()
    return {"organisations": cards, "withheld": withheld} if cards or withheld else None


def _calls(value: Any, asked: _SectionScope) -> dict[str, Any] | None:
    """Calls whose page is public; where the page is there in the language, it is meant."""
    own = pages_in_language([call["page"] for call in value["calls"] if call["page"]], asked.language)
    calls = []
    for call in value["calls"]:
        page = own.get(call["page"].pk) if call["page"] else None
        url = page.get_url() if page is not None else call["address"]
        if url:
            calls.append({"text": call["text"], "words": call["words"], "url": url, "away": page is None})
    return {"calls": calls} if calls else None


def _box(value: Any, asked: _SectionScope) -> dict[str, Any]:
    return {}


def _materials(value: Any, asked: _SectionScope) -> dict[str, Any] | None:
    chosen = [page for page in value["pages"] if page]
    own = pages_in_language(chosen, asked.language)
    news = NewsPage.objects.in_bulk([page.pk for page in own.values()])
    pages = [page for one in chosen if (page := own.get(one.pk)) is not None]
    materials = [
        {
            "page": page,
            "url": page.get_url(),
            "news": news.get(page.pk),
            "language": page.locale.language_code,
            "language_name": Language(page.locale.language_code).label,
        }
        for page in pages
    ]
    return {"materials": materials} if materials else None


def _how(value: Any, asked: _SectionScope) -> dict[str, Any] | None:
    return {"facts": list(asked.facts.values())} if asked.facts else None


def _help(value: Any, asked: _SectionScope) -> dict[str, Any] | None:
    return help_section(asked.language)


def _appeal(value: Any, asked: _SectionScope) -> dict[str, Any] | None:
    return appeal_section(value, asked.appeals)


def _counters(value: Any, asked: _SectionScope) -> dict[str, Any] | None:
    return counters_section(value, asked.appeals)


_BUILDERS: Final[Mapping[str, Callable[[Any, _SectionScope], Mapping[str, Any] | None]]] = {
    "poster": _poster,
    "numbers": _numbers,
    "news": _news,
    "events": _events,
    "organisations": _organisations,
    "calls": _calls,
    "box": _box,
    "materials": _materials,
    "how": _how,
    "help": _help,
    "appeal": _appeal,
    "counters": _counters,
}
