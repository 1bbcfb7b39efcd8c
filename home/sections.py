"""Public facts, helplines and organisations, for the public site.

A fact is public if a public text contains it, if a live page shows it, or if its owners opened it.
The public sees its checked versions and those in public texts; other versions stay hidden.

The content of a composed page's sections. An empty section is omitted with its heading.

The number of queries depends on the kinds of sections, never on the amount of content.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Page

from coalition.accounts.models import Language
from coalition.accounts.queries import count_unnamed_organisations, public_organisations
from coalition.campaigns.helplines.presenters import HelplineView, helpline_view
from coalition.campaigns.helplines.queries import helpline_states, public_helplines
from coalition.campaigns.helplines.uses.flags import line_flag
from coalition.campaigns.helplines.uses.pages import PageWithLine
from coalition.campaigns.models import Helpline
from coalition.campaigns.page_sections import (
    Appeals,
    appeal_section,
    counters_section,
    film_section,
    help_section,
    letters_section,
    package_section,
    postcards_section,
)
from coalition.campaigns.postcards.public_presenters import PAGE_SECONDS
from coalition.consent.site import may_show_block
from coalition.core.clock import now
from coalition.core.crypto import parse_uuid
from documents.canonical.form import Document
from documents.canonical.nodes import inlines
from documents.facts.models import FactAct, fact_line, fact_words_for, in_all_languages
from documents.facts.queries import FactPage, public_versions
from documents.models import Fact, FactVersion, FactWords
from events.public.presenters import next_rows
from events.public.queries import EventFilter
from home.models import FactOnPage, HelplineOnPage, HomePage, NewsPage, Placement
from home.models.films import stories_section
from home.models.record import record_references
from home.organisation_cards import organisation_cards
from home.page_paths import STREAMS, facts_of_stream, helplines_of_stream, page_path
from home.queries import (
    news_on_topics,
    pages_in_language,
    public_news,
    public_pages,
    recorded_pages,
    signatories_by_publication,
)

RECENT_CHANGE = datetime.timedelta(days=30)


@dataclass(frozen=True)
class DisplayedFact:
    """A fact as displayed on a page, with the field names of a `NumberBlock`."""

    numeral: str
    sentence: str
    scope: str
    source: str
    how_we_know: str
    link: str
    url: str


def _on_live_pages() -> QuerySet[FactOnPage]:
    return FactOnPage.objects.filter(Exists(public_pages().filter(pk=OuterRef("page"))))


def public_facts() -> QuerySet[Fact]:
    """Return every fact that has a public page, including those out of use."""
    on_page = _on_live_pages().filter(fact=OuterRef("pk"))
    said = public_versions().filter(fact=OuterRef("pk"))
    checked = Q(checked__isnull=False) & (Q(opened_at__isnull=False) | Exists(on_page))
    return Fact.objects.filter(checked | Exists(said))


def facts_for_pages() -> QuerySet[Fact]:
    """Return facts that the newsroom may put on a page: opened, checked, in use; and those already on one."""
    on_page = FactOnPage.objects.filter(fact=OuterRef("pk"))
    opened = Q(opened_at__isnull=False, checked__isnull=False, retired_at=None)
    return Fact.objects.filter(opened | Exists(on_page)).order_by("-pk")


def fact_choices(language: str) -> list[tuple[str, str]]:
    """Return the same for a form: UUID, words in this language, and available languages."""
    return [
        (str(fact.uuid), f"{fact_line(fact_words_for(fact.checked, language))} ({_languages(fact.checked)})")
        for fact in _with_checked(facts_for_pages())
    ]


def _languages(version: FactVersion | None) -> str:
    return ", ".join(code.upper() for code, _name, words in in_all_languages(version) if words is not None)


def facts_in(page: Page) -> Iterator[str]:
    """Yield the UUIDs of the facts in the page's current streams."""
    for name in STREAMS:
        yield from facts_of_stream(getattr(page, name, None))


def record_facts_on_page(page: Page, *, fresh: bool = False) -> None:
    """Store which facts the page contains. `fresh`: it was just created."""
    named = (uuid for one in facts_in(page) if (uuid := parse_uuid(one)) is not None)
    record_references(page, FactOnPage, "fact", named, fresh=fresh)


def facts_without_language(uuids: Collection[str], language: str) -> list[str]:
    """Return the words of facts that lack the language, for a form."""
    facts = _with_checked(Fact.objects.filter(uuid__in=[one for one in uuids if parse_uuid(one)]))
    return [
        fact_line(fact_words_for(fact.checked, language))
        for fact in facts
        if _words_in_language(fact.checked, language) is None
    ]


def _words_in_language(version: FactVersion | None, language: str) -> FactWords | None:
    found = fact_words_for(version, language)
    return found if found is not None and found.language == language else None


def displayed_facts(page: Page) -> Mapping[str, DisplayedFact]:
    """Return the page's facts by UUID: the checked words in its language. Facts out of use are
    omitted. No query for a page without facts, two for one with any number."""
    named = [one for one in facts_in(page) if parse_uuid(one)]
    if not named:
        return {}
    language = page.locale.language_code
    facts = _with_checked(Fact.objects.filter(uuid__in=named, retired_at=None))
    return {
        str(fact.uuid): DisplayedFact(
            numeral=words.numeral,
            sentence=words.sentence,
            scope=words.scope,
            source=words.source,
            how_we_know=words.how,
            link=fact.checked.address,
            url=fact_address(fact, language),
        )
        for fact in facts
        if fact.checked is not None and (words := _words_in_language(fact.checked, language)) is not None
    }


def _with_checked(facts: QuerySet[Fact]) -> QuerySet[Fact]:
    return facts.select_related("checked").prefetch_related("checked__words")


def facts_in_language(language: str) -> Iterator[tuple[Fact, FactWords]]:
    """Yield public, checked facts in use with their words in the language. Two queries."""
    found = public_facts().filter(retired_at=None, checked__words__language=language).order_by("-pk")
    for fact in _with_checked(found):
        if (words := _words_in_language(fact.checked, language)) is not None:
            yield fact, words


def fact_address(fact: Fact, language: str) -> str:
    """Return the address of a fact's public page in a language."""
    with override(language):
        return reverse("public_fact", args=[fact.uuid])


def addresses_in(document: Document) -> Mapping[str, str]:
    """Return public pages by the ids of facts in a public text. Queries only if there are any."""
    runs = [one["id"] for one in inlines(document["blocks"]) if one["type"] == "fact"]
    named = {uuid: one for one in runs if (uuid := parse_uuid(one)) is not None}
    if not named:
        return {}
    versions = FactVersion.objects.filter(uuid__in=named).select_related("fact")
    return {named[one.uuid]: fact_address(one.fact, document["language"]) for one in versions}


def versions_for_public(fact: Fact) -> list[FactVersion]:
    """Return the versions of a fact that the public may read, newest first: those in public
    texts, and those checked while the fact was open. The first is the current one."""
    told = {fact.checked_id} if fact.checked_id else set()
    opened, checked = False, None
    for entry in fact.entries.order_by("id"):
        match entry.act:
            case FactAct.OPENED:
                opened = True
            case FactAct.CLOSED:
                opened = False
            case FactAct.CHECKED:
                checked = entry.version_id
        if opened and checked:
            told.add(checked)
    public = public_versions().filter(fact=fact).values("pk")
    rows = fact.versions.filter(Q(pk__in=told) | Q(pk__in=public)).prefetch_related("words")
    newest = fact.checked_id
    return sorted(rows, key=lambda one: (one.pk != newest, -one.number))


def places_of(fact: Fact) -> list[FactPage]:
    """Return live pages that show the fact."""
    pages = public_pages().filter(pk__in=_on_live_pages().filter(fact=fact).values("page"))
    rows = pages.select_related("locale").order_by("path")
    return [FactPage(page.title, page_path(page), page.locale.language_code) for page in rows]


def facts_needing_attention() -> QuerySet[FactOnPage]:
    """Return facts on live pages that need the newsroom's attention: out of use, with newer
    words that wait for a check, or changed recently."""
    of_late = Q(fact__checked__number__gt=1, fact__checked__written_at__gt=now() - RECENT_CHANGE)
    waiting = Q(fact__checked=None) | ~Q(fact__checked=F("fact__current"))
    on_page = Exists(recorded_pages().filter(pk=OuterRef("page")))
    rows = FactOnPage.objects.filter(on_page, Q(fact__retired_at__isnull=False) | waiting | of_late)
    return rows.select_related("page__locale", "fact__checked").order_by("fact", "page")


def helpline_choices() -> list[tuple[str, str]]:
    """Return public lines for a form: the UUID, and the name in the active language."""
    return [(str(one.helpline.uuid), str(one.name)) for one in public_helplines()]


def lines_in(page: Page) -> Iterator[UUID]:
    """Yield the UUIDs of the lines in the page's current streams."""
    for name in STREAMS:
        for value in helplines_of_stream(getattr(page, name, None)):
            if (uuid := parse_uuid(value)) is not None:
                yield uuid


def record_helplines_on_page(page: Page, *, fresh: bool = False) -> None:
    """Store which lines the page contains. `fresh`: it was just created."""
    record_references(page, HelplineOnPage, "helpline", lines_in(page), fresh=fresh)


def displayed_helplines(page: Page) -> Mapping[str, HelplineView]:
    """Return the page's public lines by UUID, in its language. No query for a page without
    lines, one with any number."""
    named = set(lines_in(page))
    if not named:
        return {}
    moment = now()
    with override(page.locale.language_code):
        return {
            str(entry.helpline.uuid): helpline_view(entry, moment)
            for entry in public_helplines(at=moment)
            if entry.helpline.uuid in named
        }


def pages_with(helpline: Helpline) -> list[PageWithLine]:
    """Return the live, public pages that show the line."""
    on_page = HelplineOnPage.objects.filter(helpline=helpline, page=OuterRef("pk"))
    rows = public_pages().filter(Exists(on_page)).select_related("locale").order_by("path")
    return [PageWithLine(page.title, page_path(page), page.locale.language_code) for page in rows]


def helplines_needing_attention() -> list[dict[str, object]]:
    """Return the lines on live pages whose problem will not pass within hours. Three queries, only
    one if no page has a line."""
    on_page = Exists(recorded_pages().filter(pk=OuterRef("page")))
    rows = HelplineOnPage.objects.filter(on_page).select_related("page__locale").order_by("helpline", "page")
    if not rows:
        return []
    moment = now()
    lines = Helpline.objects.filter(pk__in={row.helpline_id for row in rows})
    states = {state.helpline.pk: state for state in helpline_states(lines, at=moment)}
    found = []
    for row in rows:
        state = states[row.helpline_id]
        flag = line_flag(state.helpline, state.published, moment)
        if flag is not None and not flag.passes:
            name = str(state.entry.name) if state.entry else ""
            found.append({"page": row.page, "name": name, "problem": flag.label})
    return found


RUNNING: Final = frozenset({"text", "quote", "picture", "video", "helpline"})  # share one column
COLOURED: Final = frozenset({"poster", "box", "help"})  # have their own background
GROWING: Final = frozenset(
    {"postcards", "letters", "package", "film", "stories"}
)  # change without an editor: a proxy keeps the page for `PAGE_SECONDS`


@dataclass
class Section:
    """One band of the page. `id` is its anchor; `ground`: whether it has the grey background."""

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
    """The page for which sections are built."""

    page: Page
    language: str
    facts: Mapping[str, DisplayedFact]
    appeals: Appeals

    @property
    def is_first_page(self) -> bool:
        return isinstance(self.page, HomePage)


def composed_page_context(page: Any) -> dict[str, Any]:
    """Return the context of a composed page: its sections, and its facts, which are queried once."""
    language = page.locale.language_code
    scope = _SectionScope(page, language, displayed_facts(page), Appeals(language))
    with override(language):  # a preview is rendered while the editor's own language is active
        sections = _with_anchors_and_grounds(_build_sections(page.sections, scope))
        around = scope.appeals.around
    if any(section.kind in GROWING for section in sections):
        around.setdefault("proxy_max_age", PAGE_SECONDS)
    return {
        "sections": sections,
        "shown_facts": scope.facts,
        "anchors": {section.kind: section.id for section in reversed(sections)},
        **around,
    }


def _build_sections(stream: Iterable[Any], scope: _SectionScope) -> list[Section]:
    """Return non-empty sections; consecutive running text becomes one."""
    made: list[Section] = []
    for block in stream:
        if not may_show_block(block.block_type, block.value):
            continue
        if block.block_type in RUNNING:
            if not made or made[-1].kind != "running":
                made.append(Section("running", []))
            made[-1].value.append(block)
        elif (data := _BUILDERS[block.block_type](block.value, scope)) is not None:
            made.append(Section(block.block_type, block.value, data))
    return made


def _with_anchors_and_grounds(sections: list[Section]) -> list[Section]:
    """Return the sections with anchors, every second one on the grey background."""
    seen: dict[str, int] = {}
    ground = False
    for section in sections:
        seen[section.kind] = number = seen.get(section.kind, 0) + 1
        section.id = section.kind if number == 1 else f"{section.kind}-{number}"
        section.ground = ground
        ground = section.kind not in COLOURED and not ground
    return sections


def _numbers(value: Any, scope: _SectionScope) -> dict[str, Any] | None:
    figures = [
        scope.facts.get(block.value) if block.block_type == "fact" else block.value
        for block in value["figures"]
    ]
    shown = [one for one in figures if one]
    return {"figures": shown} if shown else None


def _news(value: Any, scope: _SectionScope) -> dict[str, Any] | None:
    """Return news: on the first page by the newsroom's placement; elsewhere the newest."""
    pages = news_on_topics(public_news(scope.language), value["topics"] or [])
    if scope.is_first_page:
        lead = pages.filter(placement=Placement.LEAD).first()
        others = pages.exclude(placement=Placement.INDEX).exclude(pk=lead.pk if lead else None)
        news = [*([lead] if lead else []), *others[: value["most"] - bool(lead)]]
    else:
        news = list(pages[: value["most"]])
    under = signatories_by_publication([item.publication for item in news if item.publication])
    items = [{"page": item, "under": under.get(item.publication_id)} for item in news]
    return {"news": items} if items else None


def _events(value: Any, scope: _SectionScope) -> dict[str, Any] | None:
    slug = ""
    if value["organisation"]:
        chosen = public_organisations().filter(uuid=value["organisation"])
        slug = chosen.values_list("slug", flat=True).first() or "-"
    narrowing = EventFilter(kind=value["kind"] or "", region=value["region"] or "", organisation=slug)
    rows = next_rows(scope.language, now(), narrowing=narrowing, most=value["most"])
    return {"events": rows} if rows else None


def _organisations(value: Any, scope: _SectionScope) -> dict[str, Any] | None:
    chosen = set(value["organisations"] or [])
    cards = organisation_cards(scope.language, chosen or None)
    withheld = 0 if chosen else count_unnamed_organisations()
    return {"organisations": cards, "withheld": withheld} if cards or withheld else None


def _calls(value: Any, scope: _SectionScope) -> dict[str, Any] | None:
    """Return calls whose page is public, linked to its translation if there is one."""
    own = pages_in_language([call["page"] for call in value["calls"] if call["page"]], scope.language)
    calls = []
    for call in value["calls"]:
        page = own.get(call["page"].pk) if call["page"] else None
        url = page.get_url() if page is not None else call["address"]
        if url:
            calls.append({"text": call["text"], "words": call["words"], "url": url, "away": page is None})
    return {"calls": calls} if calls else None


def _materials(value: Any, scope: _SectionScope) -> dict[str, Any] | None:
    chosen = [page for page in value["pages"] if page]
    own = pages_in_language(chosen, scope.language)
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


_BUILDERS: Final[Mapping[str, Callable[[Any, _SectionScope], Mapping[str, Any] | None]]] = {
    "poster": lambda value, scope: {"lead": value["lead"] or getattr(scope.page, "lead", "")},
    "numbers": _numbers,
    "news": _news,
    "events": _events,
    "organisations": _organisations,
    "calls": _calls,
    "box": lambda _value, _scope: {},
    "materials": _materials,
    "how": lambda _value, scope: {"facts": list(scope.facts.values())} if scope.facts else None,
    "help": lambda _value, scope: help_section(scope.language),
    "appeal": lambda value, scope: appeal_section(value, scope.appeals),
    "counters": lambda value, scope: counters_section(value, scope.appeals),
    "postcards": lambda value, scope: postcards_section(value, scope.language),
    "letters": lambda value, _scope: letters_section(value),
    "package": lambda value, scope: package_section(value, scope.language),
    "film": lambda value, scope: film_section(
        getattr(value["film"], "translation_key", None), scope.language
    ),
    "stories": lambda value, scope: stories_section(scope.language, value["most"]),
}
