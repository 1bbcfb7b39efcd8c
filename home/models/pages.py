"""Pages of the public site, one tree per language."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, gettext_lazy as _, override
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, PagePermissionTester, Site, TranslatableMixin
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from coalition.consent.closed import is_closed_page
from coalition.consent.site import IMAGE, may_describe, may_show_page
from coalition.core.clock import now
from coalition.http.responses import limit_proxy_age
from documents.drafts.models import PublicationState
from documents.models import Publication, PublicationText
from home.forms import ApprovedWordsPanel, NewsPageForm, PublicPageForm, TimedPageForm, TimerPanel, TitlePanel
from home.models.blocks import StoryBlock
from home.models.media import PublicImage
from home.models.record import (
    NewsPageManager,
    PublicationPagePermissions,
    PublicPagePermissions,
    SinglePagePermissions,
    approved_values,
    get_public_text,
    kind_label,
    kind_labels,
    recorded_slug,
)
from home.models.section_blocks import CampaignSectionsBlock, SectionsBlock
from home.page_paths import STREAMS, page_path

TIMER = TimerPanel(heading=_("Timer"))


class PublicPage(Page):
    """A page inside the site's frame. Its own context comes from `home.page_context`."""

    private_page_options: ClassVar[list[str]] = []  # no password-protected pages
    base_form_class = PublicPageForm
    safe_exit = models.BooleanField(
        _("safe exit"),
        default=False,
        help_text=_(
            "For pages that can put somebody in danger when seen over their shoulder. A button, or Shift "
            "pressed three times, leads away at once to a page about nothing."
        ),
    )
    light = models.BooleanField(
        _("light page"),
        default=False,
        help_text=_(
            "For readers on slow or dear connections: the letters of the reader's own phone, and pictures "
            "only when asked for. The page weighs a third of another one."
        ),
    )
    content_panels: ClassVar[list[Panel]] = [
        TitlePanel(
            "title",
            placeholder=_("Title of the page"),
            help_text=_("One line that says it all. Lists, feeds and search show it."),
        )
    ]
    settings_panels = [*Page.settings_panels, FieldPanel("light"), FieldPanel("safe_exit")]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Imported here, for the reason below.
        from home.sections import record_facts_on_page, record_helplines_on_page

        fresh, fields = self._state.adding, kwargs.get("update_fields")
        super().save(*args, **kwargs)
        if fields is None or not set(STREAMS).isdisjoint(fields):
            record_facts_on_page(self, fresh=fresh)
            record_helplines_on_page(self, fresh=fresh)

    def get_url(self, request: HttpRequest | None = None, current_site: Site | None = None) -> str:
        """Return the path of the page, without a query if its locale is loaded."""
        return page_path(self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # Imported here, since the builders import lists of pages and so these models.
        from home.page_context import page_context_for
        from home.public_page import frame_context
        from home.sections import displayed_facts, displayed_helplines as helplines_on

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(
            frame_context(request, language=self.locale.language_code, current=self, here=self.addresses())
        )
        context.update(page_context_for(self, request))
        if "shown_facts" not in context:
            context["shown_facts"] = displayed_facts(self)
        context["shown_helplines"] = helplines_on(self)
        return {**context, **self.manner}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the page; one with growing numbers sets its cache lifetime."""
        self.require_consent(request)
        response: TemplateResponse = super().serve(request, *args, **kwargs)
        seconds = (response.context_data or {}).get("proxy_max_age")
        if seconds is not None:
            limit_proxy_age(response, seconds)
        return response

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return PublicPagePermissions(user, self)

    def require_consent(self, request: HttpRequest) -> None:
        """Raise Http404 if the page may not be shown. Editors see its preview until its consent ends."""
        is_closed = is_closed_page(self) if getattr(request, "is_preview", False) else not may_show_page(self)
        if is_closed:
            raise Http404

    def clean(self) -> None:
        super().clean()
        self.check_place()

    def minimal_clean(self) -> None:
        super().minimal_clean()
        self.check_place()

    def check_place(self) -> None:
        """Check what also holds for a draft. Raises ValidationError."""

    def addresses(self) -> dict[str, str] | None:
        """Return the paths of the page by language, if not all public translations count."""
        return None

    @property
    def manner(self) -> dict[str, Any]:
        """Return the editor's settings for how this page, and related ones, are displayed and left."""
        return {"light": self.light, "safe_exit": settings.SAFE_EXIT_URL if self.safe_exit else ""}


def free_slug(locale: int, base: str) -> str:
    """Return `base`, or `base` with the first number from 2 on, that no page of the locale
    (primary key) uses, under any parent."""
    taken = set(Page.objects.filter(locale=locale, slug__startswith=base).values_list("slug", flat=True))
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


@register_snippet
class Topic(TranslatableMixin, models.Model):
    """A topic of news; one row per language, joined by the translation key."""

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
    """A page that exists once per language; the database refuses a second.

    `language` is a column of this table since a constraint cannot use the locale in Wagtail's. It
    is null for second pages from the release before: no list or address leads to them.
    """

    language = models.CharField(max_length=5, null=True, editable=False)

    class Meta(PublicPage.Meta):
        abstract = True
        constraints = (models.UniqueConstraint(fields=["language"], name="one_%(class)s_of_a_language"),)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row. Raise ValidationError if the language has such a page already."""
        if self._state.adding:
            if self.locale_id is None:
                self.locale = self.get_default_locale()
            self.language = self.locale.language_code
        super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> "OnePerLanguage":
        """Return a revision as a page. Its language comes from the row: revisions of the release before
        have none."""
        page: OnePerLanguage = super().with_content_json(content)
        page.language = self.language
        return page

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return SinglePagePermissions(user, self)

    def check_place(self) -> None:
        """Refuse a second page of the language."""
        code = self.locale.language_code
        if type(self).objects.filter(language=code).exclude(pk=self.pk).exists():
            raise ValidationError(
                _("The site has this page in this language already. Change that one instead.")
            )


class HomePage(OnePerLanguage):
    """The first page, composed by an editor."""

    sections = StreamField(
        SectionsBlock(),
        blank=True,
        verbose_name=_("sections"),
        help_text=_("In the order in which they are read. What has nothing to show is left out."),
    )

    content_panels = [*PublicPage.content_panels, FieldPanel("sections")]
    template = "home/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        *("home.NewsIndexPage", "home.PartnersPage", "home.CampaignPage", "home.StandardPage"),
        *("home.StoryIndexPage", "home.FilmPage"),
    ]

    class Meta(OnePerLanguage.Meta):
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Allow one only while a language lacks it."""
        made = cls.objects.exclude(language=None).values("language")
        lacking = Locale.objects.exclude(language_code__in=made)
        return bool(super().can_create_at(parent)) and lacking.exists()

    @property
    def lead(self) -> str:
        """Return the poster's sentence; empty without a poster."""
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
        """Allow one only if the language has none."""
        made = cls.objects.filter(language=parent.locale.language_code)
        return bool(super().can_create_at(parent)) and not made.exists()


class Placement(models.TextChoices):
    """Placement of news on the first page."""

    LEAD = "lead", _("On top of the first page, with its picture")
    HOME = "home", _("On the first page")
    INDEX = "index", _("In the list of news only")


# Fields that a publication's page gets from the record (`NewsPage.follow_record`).
RECORDED = frozenset(
    {
        *("live", "slug", "url_path", "title", "draft_title", "kind_label", "lead", "words"),
        *("search_description", "seo_title", "published_on"),
    }
)
# Fields that a publication's page gets from its row, never from a revision.
APPROVED = (
    *("title", "draft_title", "slug", "url_path", "kind_label", "lead", "body", "words"),
    *("search_description", "seo_title", "published_on", "go_live_at", "expire_at"),
)


def public_files() -> Storage:
    return storages["public"]


class NewsPage(PublicPage):
    """News in one language: the newsroom's own, or the page of a publication.

    The page of a publication is a projection of the record: whether it is public, its address,
    words, names and pictures follow from it, and `save` sets them. The newsroom can change cover,
    topics and placement only.
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
    # A copy is the newsroom's own news: nobody approved it at another address.
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
    content_panels = [ApprovedWordsPanel(heading=_("Approved words")), TIMER, *words_panels, *dress_panels]

    class Meta(PublicPage.Meta):
        verbose_name = _("news")
        verbose_name_plural = _("news")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row. Fields of a publication's page are overwritten from the record."""
        fields = kwargs.get("update_fields")
        if self.publication_id and (fields is None or not RECORDED.isdisjoint(fields)):
            self.follow_record()
        super().save(*args, **kwargs)

    @property
    def shown_cover(self) -> PublicImage | None:
        """Return the cover if it may be shown."""
        return self.cover if self.cover is not None and self.cover.may_be_shown() else None

    @property
    def shown_cover_alt(self) -> str:
        """Return the description of the cover: that of the picture if it is under consent, unless the page
        is too."""
        if self.cover is None:
            return ""
        return (may_describe(self, IMAGE, self.cover) and self.cover_alt) or self.cover.alt

    def follow_record(self) -> None:
        """Set from the record whether the page is public, its address, and its words, which are
        empty if the text is not public.

        Only `home.publishing` makes a new page live; one whose publication is off the site while it
        is checked keeps its words and is not live.
        """
        text, language = self.public_text(), self.locale.language_code
        slug = text.slug if text else recorded_slug(self.publication_id, language)
        if slug and self.pk:  # the address of when the text became public; before that there is none
            self.slug = slug
            self.set_url_path(self.get_parent())
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

    def public_text(self) -> PublicationText | None:
        """Return the text that the page of a publication shows; None if its publication is
        withdrawn, replaced or lacks the language, and for the newsroom's own page."""
        if self.publication_id is None:
            return None
        return get_public_text(self.publication_id, self.locale.language_code)

    def check_place(self) -> None:
        """Refuse a publication's address for the newsroom's own page, under any news index."""
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
        """Refuse to move a page of a publication, even for superusers."""
        return not self.publication_id and bool(super().can_move_to(parent))

    def with_content_json(self, content: dict[str, Any]) -> "NewsPage":
        """Return a revision as a page: approved words and their publication always come from the row.

        So neither a restored revision nor one from before a correction shows other words under the names of
        those who approved these. A revision of the newsroom's own page whose address now belongs to a
        publication gets a new one, so that its schedule, or a bulk action, can publish it.
        """
        page: NewsPage = super().with_content_json(content)
        page.share_card = self.share_card  # an old revision's file is deleted
        page.publication_id = self.publication_id
        if self.publication_id:
            for name in APPROVED:
                setattr(page, name, getattr(self, name))
        elif page._address_is_held():
            page.slug = free_slug(page.locale_id, page.slug)
        return page

    def is_withdrawn(self) -> bool:
        """Return whether this is the page of a withdrawn publication."""
        return self.publication is not None and self.publication.state == PublicationState.WITHDRAWN

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Answer 404 if the page is not public by the record, as Wagtail does for a draft."""
        if self.publication_id and not self.is_withdrawn() and self.public_text() is None:
            raise Http404
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the page; for a withdrawn publication the public note, with status 410."""
        self.require_consent(request)
        if self.is_withdrawn():
            context = {**self.get_context(request), "publication": self.publication}
            return TemplateResponse(request, "home/withdrawn.html", context, status=HTTPStatus.GONE)
        return super().serve(request, *args, **kwargs)


class PartnersPage(PublicPage):
    """The organisations that may be named, and the number of others."""

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
    """One campaign in one language: its message, partners, next events, calls to action, sources."""

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

    content_panels = [TIMER, *PublicPage.content_panels, FieldPanel("lead"), FieldPanel("sections")]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("sections")]
    template = "home/campaign_page.html"
    base_form_class = TimedPageForm
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.FilmPage"]

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

    content_panels = [TIMER, *PublicPage.content_panels, FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("body")]
    template = "home/standard_page.html"
    base_form_class = TimedPageForm
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    class Meta(PublicPage.Meta):
        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")
