"""Translation state of the site's pages: which language exists, is missing or older than its
source.

Pages with the same translation key are a family; the oldest of them is the source of the others. A
translation is older if changed words of its source were published after its own last publication.
"""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageLogEntry

from coalition.accounts.enums import Language
from home.models import NewsPage

PUBLISHED: Final = ("wagtail.publish", "wagtail.publish.scheduled")
# Fields with translatable words. Cover, topics and placement are not words.
WORDS: Final = (
    *("title", "kind_label", "lead", "body", "cover_alt"),
    "sections",
    *("seo_title", "search_description"),
)


class LanguageState(models.TextChoices):
    """State of a page in one language."""

    THERE = "there", _("There")
    DRAFT = "draft", _("Draft, not public")
    OLDER = "older", _("Older than its source")
    MISSING = "missing", _("Missing")


@dataclass
class InLanguage:
    """One page of a family; `pk` is None if it is missing. `changed`: fields that are newer in
    the source."""

    language: str
    state: LanguageState = LanguageState.MISSING
    pk: int | None = None
    title: str = ""
    published: datetime.datetime | None = None
    is_source: bool = False
    changed: list[str] = field(default_factory=list)


@dataclass
class Family:
    """One page in all languages of the site."""

    key: uuid.UUID
    title: str
    languages: dict[str, InLanguage]
    of_publication: bool

    def has(self, state: str, language: str) -> bool:
        """Whether the page is in this state in `language`, or in any language if that is empty."""
        asked = [self.languages[language]] if language else self.languages.values()
        return any(one.state == state for one in asked)


def families(*, state: str = "", language: str = "", readable: QuerySet[Page] | None = None) -> list[Family]:
    """Return all families, the newest first, in three queries for any number of pages.

    `readable`: only these pages are returned.
    """
    known = Page.objects.all() if readable is None else readable
    pages = known.filter(depth__gt=1, alias_of=None).order_by("pk").values(*_FIELDS)
    grouped: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for page in pages:
        grouped.setdefault(page["translation_key"], []).append(page)
    held = set(NewsPage.objects.filter(publication__isnull=False).values_list("translation_key", flat=True))
    all_of_them = [_family(key, rows, of_publication=key in held) for key, rows in grouped.items()]
    _mark_older([one for one in all_of_them if not one.of_publication])
    if state:
        all_of_them = [one for one in all_of_them if one.has(state, language)]
    return all_of_them[::-1]


def family(key: uuid.UUID, *, readable: QuerySet[Page] | None = None) -> Family | None:
    """Return one family; None if none of its pages is in `readable`."""
    known = Page.objects.all() if readable is None else readable
    rows = list(known.filter(depth__gt=1, translation_key=key).order_by("pk").values(*_FIELDS))
    if not rows:
        return None
    held = NewsPage.objects.filter(translation_key=key, publication__isnull=False).exists()
    found = _family(key, rows, of_publication=held)
    if not held:
        _mark_older([found])
    return found


_FIELDS: Final = (
    *("pk", "translation_key", "draft_title", "live", "last_published_at"),
    "locale__language_code",
)


def _family(key: uuid.UUID, rows: Sequence[dict[str, Any]], *, of_publication: bool) -> Family:
    languages = {code: InLanguage(code) for code in Language.values}
    for row in rows:
        code = row["locale__language_code"]
        languages[code] = InLanguage(
            code,
            LanguageState.THERE if row["live"] else LanguageState.DRAFT,
            pk=row["pk"],
            title=row["draft_title"],
            published=row["last_published_at"],
            is_source=row is rows[0],
        )
    return Family(key, rows[0]["draft_title"], languages, of_publication)


def _mark_older(all_of_them: Iterable[Family]) -> None:
    doubtful = [
        (source, one)
        for group in all_of_them
        for source in group.languages.values()
        if source.is_source and source.published
        for one in group.languages.values()
        if one.published and one.published < source.published
    ]
    told = _publications_of({source.pk for source, _one in doubtful})
    for source, one in doubtful:
        one.changed = _changed_since(told.get(source.pk, []), one.published)
        if one.changed:
            one.state = LanguageState.OLDER


def _publications_of(pages: set[int | None]) -> dict[int | None, list[PageLogEntry]]:
    """Return the publishing log entries, with their revisions, by page; oldest first."""
    entries = PageLogEntry.objects.filter(page__in=pages, action__in=PUBLISHED, revision__isnull=False)
    found: dict[int | None, list[PageLogEntry]] = {}
    for entry in entries.select_related("revision").order_by("timestamp", "pk"):
        found.setdefault(entry.page_id, []).append(entry)
    return found


def _changed_since(entries: Sequence[PageLogEntry], moment: datetime.datetime | None) -> list[str]:
    """Return the fields whose published words changed since `moment`; empty if nothing was
    public then."""
    before = [entry for entry in entries if moment and entry.timestamp <= moment]
    if not before or before[-1] is entries[-1]:
        return []
    then, now = before[-1].revision.content, entries[-1].revision.content
    return [name for name in WORDS if then.get(name) != now.get(name)]
