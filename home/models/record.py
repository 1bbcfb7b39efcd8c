"""Rows beside pages: the publication's record, permissions, search index, subscribers.

Rows are written and deleted in the transaction that publishes or withdraws something (`home.search.find`).
Names of organisations are not indexed: they stay encrypted, and are read on each search.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import override
from wagtail.models import Page, PageManager, PagePermissionTester, PageQuerySet

from coalition.accounts.models import Language
from coalition.applicants.models import Applicant
from coalition.campaigns.models import Helpline
from coalition.consent.closed import is_closed_page
from coalition.personal_data.fields import OutsidersTextField
from documents.canonical.characters import render_text
from documents.drafts.models import PublicationState, TextKind
from documents.models import Fact, PublicationText, TakenOff


def public_texts() -> QuerySet[PublicationText]:
    """Return currently public texts: of publications that are neither withdrawn nor replaced."""
    return PublicationText.objects.filter(
        publication__state=PublicationState.PUBLIC, publication__replaced_by=None
    )


def get_public_text(publication: int, language: str) -> PublicationText | None:
    """Return the text on a publication's page (primary key) in the language; None if none is public."""
    texts = public_texts().filter(publication=publication, language=language)
    return texts.select_related("version", "publication__draft", "publication__taken_off").first()


def recorded_slug(publication: int, language: str) -> str:
    """Return the slug at which a text of a publication (primary key) became public, even if
    withdrawn; empty if none is recorded."""
    texts = PublicationText.objects.filter(publication=publication, language=language)
    return texts.values_list("slug", flat=True).first() or ""


def approved_values(text: PublicationText) -> dict[str, str]:
    """Return the fields of `NewsPage` that come from its text: names and values."""
    document = text.document
    return {
        "title": str(document["title"])[:255],
        "lead": str(document["lead"]),
        "words": render_text(document, width=None),
        "search_description": str(document["lead"])[:300],
    }


def kind_label(kind: str, language: str) -> str:
    """Return the label of a kind of text, displayed above its title."""
    with override(language):
        return str(TextKind(kind).label)


def kind_labels(language: str) -> frozenset[str]:
    """Return the labels that may be displayed above the title of an approved text.

    The page keeps the label with which it was published, even if the draft changes its kind later.
    """
    return frozenset(kind_label(kind, language) for kind in TextKind.values)


def is_taken_off(publication: int) -> bool:
    """Return whether a publication (primary key) is off the site during its verification."""
    return TakenOff.objects.filter(publication=publication).exists()


def allowed_by_record() -> Q:
    """Whether a news page may be public: the newsroom's own, or one whose publication is public
    in its language and not off the site for verification. For querysets of `NewsPage`."""
    text = public_texts().filter(
        publication=OuterRef("publication"),
        publication__taken_off=None,
        language=OuterRef("locale__language_code"),
    )
    return Q(publication=None) | Q(Exists(text))


class NewsPageQuerySet(PageQuerySet):
    """News pages; `live()` returns a publication's page only if it is public by the record."""

    def live_q(self) -> Q:
        return super().live_q() & allowed_by_record()


NewsPageManager = PageManager.from_queryset(NewsPageQuerySet)


class PublicPagePermissions(PagePermissionTester):
    """Page that members may no longer open once its consent has ended: they can only unpublish, move and
    delete it. Wagtail calls this for its views, bulk actions and actions with a user, including superusers.
    """

    @cached_property
    def _is_open(self) -> bool:
        return not is_closed_page(self.page)

    def can_name_people(self) -> bool:
        """Whether the person may say whom the page shows: also when it is closed."""
        return bool(super().can_edit())

    def can_edit(self) -> bool:
        return self._is_open and self.can_name_people()

    def can_publish(self) -> bool:
        return self._is_open and bool(super().can_publish())

    def can_view_revisions(self) -> bool:
        return self._is_open and bool(super().can_view_revisions())


class PublicationPagePermissions(PublicPagePermissions):
    """Page of a publication: only its presentation may be changed, and only while its text is public."""

    @cached_property
    def _is_public(self) -> bool:
        return self.page.public_text() is not None

    def can_name_people(self) -> bool:
        return self._is_public and super().can_name_people()

    def can_publish(self) -> bool:
        return self._is_public and not is_taken_off(self.page.publication_id) and bool(super().can_publish())

    def can_view_revisions(self) -> bool:
        return self._is_public and bool(super().can_view_revisions())

    def can_unpublish(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_copy(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False


class SinglePagePermissions(PublicPagePermissions):
    """Page that exists once per language: it cannot be copied, and gets no password, which would
    remove all news below it from lists and feeds."""

    def can_copy(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False


class FactOnPage(models.Model):
    """A fact on a page as in its row: for a live page, the public version."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="on_pages")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "fact"], name="a_fact_once_on_a_page")]

    def __str__(self) -> str:
        return f"{self.fact_id} on {self.page_id}"


class HelplineOnPage(models.Model):
    """A line on a page as in its row: for a live page, the public version."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    helpline = models.ForeignKey(Helpline, on_delete=models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "helpline"], name="a_helpline_once_on_a_page")]

    def __str__(self) -> str:
        return f"{self.helpline_id} on {self.page_id}"


def record_references(
    page: Page, model: type[models.Model], name: str, named: Iterable[Any], *, fresh: bool
) -> None:
    """Store which objects the page contains in rows of `model`, by its foreign key `name`, as UUIDs.

    `fresh`: the page was just created, so nothing is stored yet.
    """
    kind: Any = model._meta.get_field(name).related_model
    uuids = set(named)
    found = list(kind._default_manager.filter(uuid__in=uuids)) if uuids else []
    rows = model._default_manager
    if not fresh:
        rows.filter(page=page.pk).exclude(**{f"{name}__in": found}).delete()
    rows.bulk_create([model(page_id=page.pk, **{name: one}) for one in found], ignore_conflicts=True)


class FoundKind(models.TextChoices):
    """Kinds of results of the public search."""

    NEWS = "news"
    EVENT = "event"
    CAMPAIGN = "campaign"
    PAGE = "page"
    PARTNER = "partner"
    FACT = "fact"


class SearchItem(models.Model):
    """One public object in one language. `key` is the primary key of the page or the event.

    The database maintains `title_tokens` and `text_tokens` (separated by spaces) in its own full-text index,
    by trigger or generated column: a deleted row leaves it in the same transaction. `text_tokens` includes
    those of the title. SQLite loses the triggers when a migration changes the table: such a migration must
    recreate them (`home/migrations/0002_search_index.py`).
    """

    kind = models.CharField(max_length=8, choices=FoundKind)
    key = models.PositiveBigIntegerField()
    language = models.CharField(max_length=5, choices=Language)
    url = models.CharField(max_length=300)
    title = models.TextField()
    text = models.TextField(blank=True)
    moment = models.DateTimeField(null=True)
    title_tokens = models.TextField(blank=True)
    text_tokens = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "language"], name="one_search_item_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.language}"


class SearchWord(models.Model):
    """A word of public items of a language: a candidate for correcting a typo.

    `word` is folded, `shown` as written, `pieces` are its trigrams, indexed like words.
    """

    language = models.CharField(max_length=5, choices=Language)
    word = models.CharField(max_length=40)
    shown = models.CharField(max_length=40)
    pieces = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "word"], name="one_search_word_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.word}"


class SubscriptionState(models.TextChoices):
    """Whether the owner of the address confirmed it."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"


class NewsByMail(Applicant):
    """One address that gets the news of one language; confirmed by a link before any news is sent.

    `topics`: translation keys of the chosen topics, none for all. `token`: the random one of links that
    were mailed before December 2026. The row is deleted when the person unsubscribes.
    """

    state = models.CharField(max_length=12, choices=SubscriptionState, default=SubscriptionState.UNCONFIRMED)
    topics = models.JSONField(default=list, blank=True)
    token = OutsidersTextField(blank=True, editable=False)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address_print", "language"], name="news_by_mail_once")
        ]


class DemoThing(models.Model):
    """One organisation, workspace, topic, picture or page of the demo; people have `is_demo` themselves.

    Their dependents (seats, drafts, rounds, publications) are found through them.
    """

    kind = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    key = models.PositiveBigIntegerField()
    thing = GenericForeignKey("kind", "key")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="demo_thing_once")]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.key}"


class PagesVersion(models.Model):
    """One row, incremented after commits that may change a public page (see home/frontend_cache)."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"public pages, version {self.number}"
