"""Public facts of the register, for the public site.

A fact is public if a public text contains it, if a live page shows it, or if its owners opened it.
The public sees its checked versions and those in public texts; other versions stay hidden.
"""

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Page

from coalition.core.clock import now
from documents.canonical.form import Document
from documents.canonical.nodes import inlines
from documents.facts.content import fact_line, fact_words_for, in_all_languages, version_named
from documents.facts.enums import FactAct
from documents.facts.queries import FactPage, public_versions
from documents.models import Fact, FactVersion, FactWords
from home.models import FactOnPage
from home.page_paths import page_path
from home.queries import public_pages
from home.streams import STREAMS, facts_of_stream

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
    """Return facts that the newsroom may put on a page: opened, checked, in use; and those
    already on one."""
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
    return ", ".join(one.code.upper() for one in in_all_languages(version) if one.words is not None)


def facts_in(page: Page) -> Iterator[str]:
    """Yield the UUIDs of the facts in the page's current streams."""
    for name in STREAMS:
        yield from facts_of_stream(getattr(page, name, None))


def record_facts_on_page(page: Page, *, fresh: bool = False) -> None:
    """Store which facts the page contains. `fresh`: it was just created, so nothing is stored
    yet."""
    named = {uuid for one in facts_in(page) if (uuid := version_named(one)) is not None}
    facts = list(Fact.objects.filter(uuid__in=named)) if named else []
    if not fresh:
        FactOnPage.objects.filter(page=page.pk).exclude(fact__in=facts).delete()
    rows = [FactOnPage(page_id=page.pk, fact=fact) for fact in facts]
    FactOnPage.objects.bulk_create(rows, ignore_conflicts=True)


def facts_without_language(uuids: Collection[str], language: str) -> list[str]:
    """Return the words of facts that lack the language, for a form."""
    facts = _with_checked(Fact.objects.filter(uuid__in=[one for one in uuids if version_named(one)]))
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
    named = [one for one in facts_in(page) if version_named(one)]
    if not named:
        return {}
    language = page.locale.language_code
    facts = _with_checked(Fact.objects.filter(uuid__in=named, retired_at=None))
    found = {str(fact.uuid): _displayed_fact(fact, language) for fact in facts}
    return {uuid: one for uuid, one in found.items() if one is not None}


def _with_checked(facts: QuerySet[Fact]) -> QuerySet[Fact]:
    return facts.select_related("checked").prefetch_related("checked__words")


def _displayed_fact(fact: Fact, language: str) -> DisplayedFact | None:
    words, version = _words_in_language(fact.checked, language), fact.checked
    if words is None or version is None:
        return None
    return DisplayedFact(
        numeral=words.numeral,
        sentence=words.sentence,
        scope=words.scope,
        source=words.source,
        how_we_know=words.how,
        link=version.address,
        url=fact_address(fact, language),
    )


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
    named = {uuid: one for one in runs if (uuid := version_named(one)) is not None}
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
    rows = _on_live_pages().filter(Q(fact__retired_at__isnull=False) | waiting | of_late)
    return rows.select_related("page__locale", "fact__checked").order_by("fact", "page")
