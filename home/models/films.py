"""Pages of films and stories: public only while consent allows what they show."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _, override
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager

from coalition.campaigns.page_sections import help_section
from coalition.campaigns.postcards.public_presenters import PAGE_SECONDS
from coalition.campaigns.screenings.films import Film, is_on_site
from coalition.campaigns.screenings.page_fields import FilmFields, StoryFields
from coalition.campaigns.screenings.pages import ConsentedMixin, WorkspaceChoiceMixin, consented
from coalition.campaigns.screenings.presenters import ask_path
from coalition.consent.site import may_show_image, may_show_video
from home.forms import TimedPageForm
from home.models.blocks import StoryBlock, VideoBlock
from home.models.media import PublicVideo
from home.models.pages import TIMER, OnePerLanguage, PublicPage


class ConsentedPage(ConsentedMixin, PublicPage):
    """A page on which consent decides, and that is left safely."""

    safe_exit = models.BooleanField(
        _("safe exit"), default=True, help_text=PublicPage._meta.get_field("safe_exit").help_text
    )
    body = StreamField(StoryBlock(), blank=True, verbose_name=_("text"))
    subpage_types: list[str] = []

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        with override(self.locale.language_code):
            lines = help_section(self.locale.language_code)
        return context | {"help_lines": lines, "proxy_max_age": PAGE_SECONDS}


def player(video: PublicVideo | None) -> dict[str, Any]:
    """Return the context of `home/blocks/video.html`, and the size of the file in bytes. Raises Http404 if
    the file is gone."""
    if video is None or not may_show_video(video):
        return {}
    try:
        return VideoBlock().get_context({"video": video, "caption": ""}) | {"size": video.file.size}
    except FileNotFoundError as error:
        raise Http404 from error


class FilmPageForm(WorkspaceChoiceMixin, TimedPageForm):
    """A film's form."""


class FilmPage(ConsentedPage, FilmFields):
    """A film in one language."""

    content_panels = [
        *(TIMER, *PublicPage.content_panels, FieldPanel("lead"), FieldPanel("video")),
        *(FieldPanel(name) for name in ("director", "year", "minutes", "age", "certificate")),
        *(FieldPanel("content_note"), FieldPanel("body"), FieldPanel("guide")),
        MultiFieldPanel([FieldPanel("screenings_open"), FieldPanel("screenings_workspace")], _("Screenings")),
    ]
    objects: ClassVar[Any] = PageManager()
    template = "home/film_page.html"
    base_form_class = FilmPageForm
    parent_page_types = ["home.HomePage", "home.CampaignPage"]

    class Meta(PublicPage.Meta):
        verbose_name = _("page of a film")
        verbose_name_plural = _("pages of films")

    @property
    def film(self) -> Film:
        return Film(
            key=self.translation_key,
            language=self.locale.language_code,
            title=self.title,
            url=self.get_url(),
            video=str(self.video_id or ""),
            age=self.age,
            workspace=self.screenings_workspace_id if self.screenings_open else None,
        )

    def is_public(self) -> bool:
        return self.video_id is not None and is_on_site(self.film)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return context | {"player": player(self.video), "ask_url": ask_path(self.film)}


def live_films(keys: Collection[Any]) -> list[Film]:
    """Return the films with these translation keys that have a live page and a video. One query."""
    rows = FilmPage.objects.live().filter(translation_key__in=keys, video__isnull=False)
    return [page.film for page in rows.select_related("locale")]


class StoryIndexPage(OnePerLanguage):
    """All stories of one language that consent allows: it quotes them, so it is left safely as they are."""

    safe_exit = models.BooleanField(
        _("safe exit"), default=True, help_text=PublicPage._meta.get_field("safe_exit").help_text
    )
    template = "home/story_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.StoryPage"]

    class Meta(OnePerLanguage.Meta):
        verbose_name = _("list of stories")
        verbose_name_plural = _("lists of stories")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        stories = visible_stories(self.locale.language_code)
        return context | {"stories": stories, "proxy_max_age": PAGE_SECONDS}


class StoryPage(ConsentedPage, StoryFields):
    """A story in one language: public only under a consent that allows its page. Without one, never."""

    light = models.BooleanField(
        _("light page"), default=True, help_text=PublicPage._meta.get_field("light").help_text
    )
    content_panels = [
        *(TIMER, *PublicPage.content_panels, FieldPanel("lead"), FieldPanel("picture")),
        *(FieldPanel("recording"), FieldPanel("body")),
    ]
    objects: ClassVar[Any] = PageManager()
    template = "home/story_page.html"
    base_form_class = TimedPageForm
    parent_page_types = ["home.StoryIndexPage"]

    class Meta(PublicPage.Meta):
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    def is_public(self) -> bool:
        return bool(consented([self], self.locale.language_code))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        picture = self.picture if self.picture is not None and may_show_image(self.picture) else None
        context = super().get_context(request, *args, **kwargs)
        return context | {"player": player(self.recording), "picture": picture}


def visible_stories(language: str, most: int | None = None) -> list[StoryPage]:
    """Return the stories of the language that consent allows, newest first."""
    rows = StoryPage.objects.live().filter(locale__language_code=language).select_related("locale")
    return consented(rows.order_by("-first_published_at", "-pk"), language)[:most]


def stories_section(language: str, most: int) -> dict[str, Any] | None:
    """Return the newest stories and the path of the list; None if there are none."""
    stories = visible_stories(language, most)
    index = StoryIndexPage.objects.live().filter(language=language).select_related("locale").first()
    return {"stories": stories, "index": index} if stories else None
