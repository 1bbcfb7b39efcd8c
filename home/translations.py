"""Translation state of the site's pages, and creating a translation.

Pages with the same translation key are a family; the oldest of them is the source of the others. A
translation is older if changed words of its source were published after its own last publication.

Why `wagtail.contrib.simple_translation` is not used: docs/dependencies.md.
"""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page, PageLogEntry

from coalition.accounts.models import Language
from coalition.core.errors import Refused
from home.models import NewsPage, Topic

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
    """One page of a family; `pk` is None if it is missing. `changed`: fields that are newer in the source."""

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
    return next(iter(families(readable=known.filter(translation_key=key))), None)


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
    """Mark pages published before changed words of their source; set the fields that changed."""
    doubtful = [
        (source, one)
        for group in all_of_them
        for source in group.languages.values()
        if source.is_source and source.published
        for one in group.languages.values()
        if one.published and one.published < source.published
    ]
    pages = {source.pk for source, _one in doubtful}
    log = PageLogEntry.objects.filter(page__in=pages, action__in=PUBLISHED, revision__isnull=False)
    by_page: dict[int | None, list[PageLogEntry]] = {}  # oldest first
    for entry in log.select_related("revision").order_by("timestamp", "pk"):
        by_page.setdefault(entry.page_id, []).append(entry)
    for source, one in doubtful:
        entries = by_page.get(source.pk, [])
        before = [entry for entry in entries if one.published and entry.timestamp <= one.published]
        if before and before[-1] is not entries[-1]:
            then, now = before[-1].revision.content, entries[-1].revision.content
            one.changed = [name for name in WORDS if then.get(name) != now.get(name)]
        if one.changed:
            one.state = LanguageState.OLDER


@transaction.atomic
def create_translation(page: Page, *, language: str, by: Any) -> Page:
    """Copy the page as a draft into the page tree of `language`. The editor then replaces the words.

    Raises Refused if organisations approved the words, if the translation exists, if the parent page has no
    translation in that language, or if `by` may not add pages below that one.
    """
    page = Page.objects.select_for_update().get(pk=page.pk).specific
    if isinstance(page, NewsPage) and page.publication_id:
        raise Refused(
            _(
                "Organisations approved these words. Their languages are written and approved in the "
                "workspace."
            )
        )
    locale = Locale.objects.get(language_code=language)
    if page.get_translation_or_none(locale) is not None:
        raise Refused(_("This page is there in this language already."))
    above = page.get_parent().get_translation_or_none(locale)
    if above is None:
        raise Refused(_("The page above it is missing in this language. Make that one first."))
    if not above.specific.permissions_for_user(by).can_add_subpage():
        raise Refused(_("You may not add pages there."))
    drawn = ["share_card"] if isinstance(page, NewsPage) else []
    copy = page.copy_for_translation(locale, exclude_fields=["go_live_at", "expire_at", *drawn])
    copy.owner = by
    if isinstance(copy, NewsPage):
        keys = page.topics.values("translation_key")
        copy.topics.set(Topic.objects.filter(translation_key__in=keys, locale=locale))
    copy.save()
    copy.save_revision(user=by, clean=False)
    return copy
