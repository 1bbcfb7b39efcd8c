"""Pages of the public site, one tree per language."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, PagePermissionTester, TranslatableMixin
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from coalition.core.clock import now
from documents.drafts.enums import PublicationState
from documents.models import Publication, PublicationText
from home.forms import NewsPageForm, TimedPageForm
from home.models.blocks import StoryBlock
from home.models.image import PublicImage
from home.models.permissions import PublicationPagePermissions, SinglePagePermissions
from home.models.public import PublicPage
from home.models.record import (
    NewsPageManager,
    approved_values,
    get_public_text,
    kind_label,
    kind_labels,
    recorded_slug,
)
from home.models.section_blocks import CampaignSectionsBlock, SectionsBlock
from home.models.slugs import free_slug
from home.panels import ApprovedWordsPanel, TimerPanel


@register_snippet
class Topic(TranslatableMixin, models.Model):
    """What news is about; one row per language, joined by the translation key."""

    name = models.CharField(
        _("name"), max_length=60, help_text=_("One or two words, as readers look for it: “The law”.")
    )
    slug = models.SlugField(
        max_length=60, help_text=_("Part of the address of its feeds; the same in every language. It stays.")
    )

    panels = [FieldPanel("name"), FieldPanel("slug")]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OnePerLanguage(PublicPage):
    """A page of which each language has one; the database refuses a second.

    `language` is a column of this table since a constraint cannot reach the locale in Wagtail's. It is null
    for pages that were a second one in the release before: no list or address leads to them.
    """

    language = models.CharField(max_length=5, null=True, editable=False)

    class Meta(PublicPage.Meta):
        abstract = True
        constraints = (models.UniqueConstraint(fields=["language"], name="one_%(class)s_of_a_language"),)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row. Raise ValidationError if the language has such a page already."""
        if self._state.adding:
            if self.locale_id is None:
                self.locale = self.get_default_locale()
            self.language = self.locale.language_code
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self._require_only_one()

    def minimal_clean(self) -> None:
        super().minimal_clean()
        self._require_only_one()

    def with_content_json(self, content: dict[str, Any]) -> "OnePerLanguage":
        """Return a revision as a page. Its language comes from the row: revisions of the release before
        have none."""
        page: OnePerLanguage = super().with_content_json(content)
        page.language = self.language
        return page

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return SinglePagePermissions(user, self)

    def _require_only_one(self) -> None:
        code = self.locale.language_code
        if type(self).objects.filter(language=code).exclude(pk=self.pk).exists():
            raise ValidationError(
                _("The site has this page in this language already. Change that one instead.")
            )


class HomePage(OnePerLanguage):
    """The first page, as an editor composes it."""

    sections = StreamField(
        SectionsBlock(),
        blank=True,
        verbose_name=_("sections"),
        help_text=_("In the order in which they are read. What has nothing to show is left out."),
    )

    content_panels = [*PublicPage.content_panels, FieldPanel("sections")]
    template = "home/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["home.NewsIndexPage", "home.PartnersPage", "home.CampaignPage", "home.StandardPage"]

    class Meta(OnePerLanguage.Meta):
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Offer one only while a language lacks it."""
        made = cls.objects.exclude(language=None).values("language")
        lacking = Locale.objects.exclude(language_code__in=made)
        return bool(super().can_create_at(parent)) and lacking.exists()

    @property
    def lead(self) -> str:
        """What the poster says in a sentence; empty without a poster."""
        posters = (block.value for block in self.sections if block.block_type == "poster")
        return next((str(poster["lead"]) for poster in posters), "")


class NewsIndexPage(OnePerLanguage):
    """All news of one language."""

    template = "home/news_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.NewsPage"]
    max_count_per_parent = 1

    class Meta(OnePerLanguage.Meta):
        verbose_name = _("list of news")
        verbose_name_plural = _("lists of news")

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Offer one only where the language has none."""
        made = cls.objects.filter(language=parent.locale.language_code)
        return bool(super().can_create_at(parent)) and not made.exists()


class Placement(models.TextChoices):
    """Where news stands."""

    LEAD = "lead", _("On top of the first page, with its picture")
    HOME = "home", _("On the first page")
    INDEX = "index", _("In the list of news only")


# What the record says of a page of a publication (`NewsPage.follow_record`).
RECORDED = frozenset(
    {
        *("live", "slug", "url_path", "title", "draft_title", "kind_label", "lead", "words"),
        *("search_description", "seo_title", "published_on"),
    }
)
# What a page of a publication has from its row alone, whatever a revision of it says.
APPROVED = (
    *("title", "draft_title", "slug", "url_path", "kind_label", "lead", "body", "words"),
    *("search_description", "seo_title", "published_on", "go_live_at", "expire_at"),
)


def public_files() -> Storage:
    return storages["public"]


class NewsPage(PublicPage):
    """News in one language: the newsroom's own, or the page of a publication.

    The page of a publication is a projection of the record: whether it is public, its address, words, names
    and pictures follow from it, and `save` sets them. The newsroom changes cover, topics and placement alone.
    """

    publication = models.ForeignKey(
        Publication, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    kind_label = models.CharField(
        _("kind of news"),
        max_length=40,
        blank=True,
        help_text=_("A word above the title: “Statement”, “Explainer”. Empty: nothing stands there."),
    )
    lead = models.TextField(
        _("lead"),
        max_length=1000,
        blank=True,
        help_text=_("What is new, in two sentences. Lists, feeds and messengers show it with the title."),
    )
    body = StreamField(
        StoryBlock(),
        blank=True,
        verbose_name=_("text"),
        help_text=_("Blocks in the order in which they are read."),
    )
    words = models.TextField(blank=True, editable=False)  # plain text of approved words, for search
    cover = models.ForeignKey(
        PublicImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("cover"),
        help_text=_("Stands above the text and beside the title on the first page. Wide pictures look best."),
    )
    cover_alt = models.CharField(
        _("description of the cover"),
        max_length=300,
        blank=True,
        help_text=_("What is to be seen and matters, for those who cannot see it."),
    )
    topics = ParentalManyToManyField(
        Topic,
        blank=True,
        verbose_name=_("topics"),
        help_text=_("Readers narrow the list by them and follow their feeds. One or two are enough."),
    )
    regions = models.JSONField(_("regions"), default=list, blank=True)  # ISO 3166-2
    placement = models.CharField(
        _("placement"),
        max_length=10,
        choices=Placement,
        default=Placement.HOME,
        help_text=_(
            "Of several that should be on top the newest is. Pages of campaigns show every placement."
        ),
    )
    published_on = models.DateTimeField(
        _("date"), default=now, help_text=_("Almaty time. News stands in the order of this date.")
    )
    share_card = models.FileField(storage=public_files, upload_to="share/", blank=True, editable=False)

    search_fields = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
        index.SearchField("words"),
    ]
    objects = NewsPageManager()
    template = "home/news_page.html"
    base_form_class = NewsPageForm
    # A copy is the newsroom's own: nobody approved it at another address.
    exclude_fields_in_copy: ClassVar[list[str]] = ["publication", "words", "share_card"]
    parent_page_types = ["home.NewsIndexPage"]
    subpage_types: list[str] = []

    words_panels = [
        *PublicPage.content_panels,
        FieldPanel("kind_label"),
        FieldPanel("published_on"),
        FieldPanel("lead"),
        FieldPanel("body"),
    ]
    dress_panels = [
        MultiFieldPanel([FieldPanel("cover"), FieldPanel("cover_alt")], heading=_("Cover")),
        FieldPanel("topics"),
        FieldPanel("regions"),
        FieldPanel("placement"),
    ]
    content_panels = [ApprovedWordsPanel(), TimerPanel(), *words_panels, *dress_panels]

    class Meta(PublicPage.Meta):
        verbose_name = _("news")
        verbose_name_plural = _("news")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row. Of a page of a publication, what the record says replaces what stands here."""
        fields = kwargs.get("update_fields")
        if self.publication_id and (fields is None or not RECORDED.isdisjoint(fields)):
            self.follow_record()
        super().save(*args, **kwargs)

    def follow_record(self) -> None:
        """Set from the record whether the page is public, its address, and its words: none of a text that is
        not public.

        A page that was never published becomes live by `home.publishing` alone; one whose publication is off
        the site while it is checked keeps its words and is not live.
        """
        text, language = self.public_text(), self.locale.language_code
        self._follow_address(text.slug if text else recorded_slug(self.publication_id, language))
        if text is None:
            self.live, self.live_revision = False, None
            self.lead = self.words = self.search_description = self.seo_title = ""
            if self.is_withdrawn():
                with override(language):
                    self.title = self.draft_title = gettext("This text was withdrawn")
            return
        is_off = getattr(text.publication, "taken_off", None) is not None
        self.live = (self.live or self.first_published_at is not None) and not is_off
        for name, value in approved_values(text).items():
            setattr(self, name, value)
        self.draft_title, self.seo_title = self.title, ""
        if self.kind_label not in kind_labels(language):
            self.kind_label = kind_label(text.publication.draft.kind, language)
        self.published_on = text.publication.published_at or self.published_on

    def _follow_address(self, slug: str) -> None:
        """Set the address that was recorded when the text became public; none is recorded before that."""
        if slug and self.pk:
            self.slug = slug
            self.set_url_path(self.get_parent())

    def public_text(self) -> PublicationText | None:
        """Return the text that the page of a publication shows; None if its publication is withdrawn,
        replaced or lacks the language, and of the newsroom's own page."""
        if self.publication_id is None:
            return None
        return get_public_text(self.publication_id, self.locale.language_code)

    def clean(self) -> None:
        super().clean()
        self._require_free_address()

    def minimal_clean(self) -> None:
        super().minimal_clean()
        self._require_free_address()

    def _require_free_address(self) -> None:
        """Refuse an address of a publication to the newsroom's own page, below whichever list of news."""
        if not self.publication_id and self._address_is_held():
            raise ValidationError(
                {"slug": _("A text that organisations approved has this address. Choose another one.")}
            )

    def _address_is_held(self) -> bool:
        """Return whether a publication has a page with this slug in this language."""
        held = NewsPage.objects.filter(locale=self.locale_id, slug=self.slug, publication__isnull=False)
        return held.exclude(pk=self.pk).exists()

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        if self.publication_id:
            return PublicationPagePermissions(user, self)
        return super().permissions_for_user(user)

    def can_move_to(self, parent: Page) -> bool:
        """Refuse to move a page of a publication, to superusers too."""
        return not self.publication_id and bool(super().can_move_to(parent))

    def with_content_json(self, content: dict[str, Any]) -> "NewsPage":
        """Return a revision as a page: approved words and their publication come from the row, never from it.

        So neither an old revision taken back nor one that was written before a correction brings other
        words under the names of those who approved these. A revision of the newsroom's own page whose address
        a publication has taken since gets another one, so that its moment, or a bulk action, can publish it.
        """
        page: NewsPage = super().with_content_json(content)
        page.share_card = self.share_card  # drawn of the live words; an old revision's is gone
        page.publication_id = self.publication_id
        if self.publication_id:
            for name in APPROVED:
                setattr(page, name, getattr(self, name))
        elif page._address_is_held():
            page.slug = free_slug(page.locale_id, page.slug)
        return page

    def is_withdrawn(self) -> bool:
        """Return whether this is the page of a publication that has been withdrawn."""
        return self.publication is not None and self.publication.state == PublicationState.WITHDRAWN

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Answer 404 where the record says that the page is not public, as Wagtail does of a draft."""
        if self.publication_id and not self.is_withdrawn() and self.public_text() is None:
            raise Http404
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the page; of a withdrawn publication the public note, with status 410."""
        if self.is_withdrawn():
            context = {**self.get_context(request), "publication": self.publication}
            return TemplateResponse(request, "home/withdrawn.html", context, status=HTTPStatus.GONE)
        return super().serve(request, *args, **kwargs)


class PartnersPage(PublicPage):
    """The organisations that may be named, and how many others there are."""

    lead = models.TextField(
        _("lead"), max_length=600, blank=True, help_text=_("Who these organisations are to each other.")
    )

    content_panels = [*PublicPage.content_panels, FieldPanel("lead")]
    template = "home/partners_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta(PublicPage.Meta):
        verbose_name = _("page of the organisations")
        verbose_name_plural = _("pages of the organisations")


class CampaignPage(PublicPage):
    """One campaign in one language: what it says, who takes part, what comes, what to do, how we know."""

    lead = models.TextField(
        _("lead"),
        max_length=400,
        help_text=_("What the campaign wants, in one or two sentences. Lists and the search show it."),
    )
    sections = StreamField(
        CampaignSectionsBlock(),
        blank=True,
        verbose_name=_("sections"),
        help_text=_("In the order in which they are read. What has nothing to show is left out."),
    )

    content_panels = [TimerPanel(), *PublicPage.content_panels, FieldPanel("lead"), FieldPanel("sections")]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("sections")]
    template = "home/campaign_page.html"
    base_form_class = TimedPageForm
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    class Meta(PublicPage.Meta):
        verbose_name = _("page of a campaign")
        verbose_name_plural = _("pages of campaigns")


class StandardPage(PublicPage):
    """A page of text, such as About."""

    lead = models.TextField(
        _("lead"), max_length=600, blank=True, help_text=_("What the page is about, in a sentence or two.")
    )
    body = StreamField(
        StoryBlock(),
        blank=True,
        verbose_name=_("text"),
        help_text=_("Blocks in the order in which they are read."),
    )

    content_panels = [TimerPanel(), *PublicPage.content_panels, FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("body")]
    template = "home/standard_page.html"
    base_form_class = TimedPageForm
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    class Meta(PublicPage.Meta):
        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")
