"""Pages of the public site, one tree per language."""

from http import HTTPStatus
from typing import Any

from django.core.files.storage import Storage, storages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, TranslatableMixin
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from coalition.core.clock import now
from documents.drafts.enums import PublicationState
from documents.models import Publication
from home.forms import NewsPageForm, TimedPageForm
from home.models.blocks import StoryBlock
from home.models.image import PublicImage
from home.models.public import PublicPage
from home.models.section_blocks import CampaignSectionsBlock, SectionsBlock
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


class HomePage(PublicPage):
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

    class Meta(PublicPage.Meta):
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    @property
    def lead(self) -> str:
        """What the poster says in a sentence; empty without a poster."""
        posters = (block.value for block in self.sections if block.block_type == "poster")
        return next((str(poster["lead"]) for poster in posters), "")


class NewsIndexPage(PublicPage):
    """All news of one language."""

    template = "home/news_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.NewsPage"]
    max_count_per_parent = 1

    class Meta(PublicPage.Meta):
        verbose_name = _("list of news")
        verbose_name_plural = _("lists of news")


class Placement(models.TextChoices):
    """Where news stands."""

    LEAD = "lead", _("On top of the first page, with its picture")
    HOME = "home", _("On the first page")
    INDEX = "index", _("In the list of news only")


# What a page of a publication has from the publication alone.
APPROVED = (
    "publication_id",
    "title",
    "draft_title",
    "slug",
    "url_path",
    "kind_label",
    "lead",
    "body",
    "words",
    "search_description",
    "seo_title",
    "published_on",
)


def public_files() -> Storage:
    return storages["public"]


class NewsPage(PublicPage):
    """News in one language: the newsroom's own, or the page of a publication.

    With a publication, title, lead and body are the approved words and are read from the publication
    record, never from here: the newsroom changes cover, topics and placement alone.
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
    template = "home/news_page.html"
    base_form_class = NewsPageForm
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

    def with_content_json(self, content: dict[str, Any]) -> "NewsPage":
        """A revision as a page: approved words and their publication come from the row, never from it.

        So neither an old revision taken back nor one that was written before a correction brings other
        words under the names of those who approved these.
        """
        page: NewsPage = super().with_content_json(content)
        page.share_card = self.share_card  # drawn of the live words; an old revision's is gone
        if self.publication_id:
            for name in APPROVED:
                setattr(page, name, getattr(self, name))
        return page

    def is_withdrawn(self) -> bool:
        """Whether this was the page of a publication that has been taken back."""
        return (
            not self.live
            and self.publication is not None
            and self.publication.state == PublicationState.WITHDRAWN
        )

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
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
