"""Public pages of facts and their sources."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from coalition.accounts.enums import Language
from coalition.accounts.naming import PUBLIC, display_name_for, may_see_name
from documents.facts.content import fact_words_for, in_all_languages
from documents.facts.enums import FactTopic
from documents.facts.queries import publications_using
from documents.models import Fact, FactVersion, FactWords
from home.public_facts import fact_address, places_of, public_facts, versions_for_public
from home.public_page import frame_context
from home.queries import site_languages

ON_A_PAGE = 30


@dataclass(frozen=True)
class FactRow:
    """A fact in the list."""

    fact: Fact
    words: FactWords
    url: str


@require_safe
def facts(request: HttpRequest) -> HttpResponse:
    """List public, checked facts in use with words in the language; `?topic=`."""
    language, topic = get_language() or "kk", request.GET.get("topic", "")
    found = public_facts().filter(retired_at=None, checked__words__language=language).order_by("-pk")
    used = set(found.values_list("topic", flat=True).order_by())
    if topic in FactTopic.values:
        found = found.filter(topic=topic)
    page = Paginator(found.select_related("checked").prefetch_related("checked__words"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    here = {code: f"/{code}/facts/" for code in site_languages()}
    context = {
        **frame_context(request, language=language, here=here),
        "rows": [row for fact in page.object_list if (row := _fact_row(fact, language)) is not None],
        "page": page,
        "topics": [(value, label) for value, label in FactTopic.choices if value in used],
        "topic": topic if topic in FactTopic.values else "",
    }
    return render(request, "home/facts.html", context)


def _fact_row(fact: Fact, language: str) -> FactRow | None:
    words = fact_words_for(fact.checked, language)
    return FactRow(fact, words, fact_address(fact, language)) if words is not None else None


@dataclass(frozen=True)
class EarlierWording:
    """An earlier version of a fact."""

    words: FactWords
    version: FactVersion


@require_safe
def fact(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Show a fact: its words, place and time, source, date of the check, earlier versions."""
    found = get_object_or_404(public_facts().select_related("owner"), uuid=fact)
    language = get_language() or "kk"
    version, *earlier = versions_for_public(found)
    said = {one.code for one in in_all_languages(version) if one.words is not None}
    here = {code: fact_address(found, code) for code in site_languages() if code in said}
    owner = found.owner
    context = {
        **frame_context(request, language=language, here=here),
        "fact": found,
        "version": version,
        "words": fact_words_for(version, language),
        "is_missing": language not in said,
        "elsewhere": [(code, Language(code).label, url) for code, url in here.items() if code != language],
        "is_checked": version.pk == found.checked_id,
        "earlier": [
            EarlierWording(words, one) for one in earlier if (words := fact_words_for(one, language))
        ],
        "owner": display_name_for(PUBLIC, owner, language=language) if may_see_name(PUBLIC, owner) else "",
        "owner_slug": owner.slug if may_see_name(PUBLIC, owner) and owner.left_at is None else "",
        "places": [place for place in places_of(found) if place.language == language],
        "publications": publications_using(found),
    }
    return render(request, "home/fact.html", context)
