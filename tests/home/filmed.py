"""Films and stories on the site; all of them are invented."""

import io

from django.core.files.base import ContentFile
from PIL import Image

from coalition.workspaces.models import Workspace
from home.models import CampaignPage, FilmPage, HomePage, PublicImage, PublicVideo, StoryIndexPage, StoryPage
from tests.documents.files.metadata import media_samples
from tests.recording import recorded

CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:01.500\nСәлем\n"


def public_image(title: str = "Poster") -> PublicImage:
    content = io.BytesIO()
    Image.new("RGB", (160, 90), "red").save(content, "PNG")
    return PublicImage.objects.create(
        title=title, alt="A red field", file=ContentFile(content.getvalue(), "p.png")
    )


@recorded
def public_video(title: str = "Film") -> PublicVideo:
    made = PublicVideo(title=title, poster=public_image(), credit="Aru", transcript_kk="Сәлем.")
    made.file = ContentFile(media_samples.mp4(), "film.mp4")
    made.captions_kk = ContentFile(CAPTIONS.encode(), "words.vtt")
    made.transcript_ru, made.captions_ru = "Привет.", ContentFile(CAPTIONS.encode(), "words.vtt")
    made.full_clean()
    made.save()
    return made


@recorded
def film_page(
    video: PublicVideo | None, *, language: str = "en", workspace: Workspace | None = None, **given: object
) -> FilmPage:
    """A live page of a film below the first page; with a workspace, screenings can be asked for."""
    home = HomePage.objects.get(locale__language_code=language)
    told: dict[str, object] = {
        "title": "The Report",
        "slug": "the-report",
        "lead": "What she told.",
        "minutes": 47,
        "age": "16+",
        "content_note": "One hears of violence; nothing is seen of it.",
        "certificate": "K-123",
        "screenings_workspace": workspace,
        "screenings_open": workspace is not None,
        "video": video,
    }
    page = FilmPage(locale=home.locale, **{**told, **given})
    home.add_child(instance=page)
    page.save_revision().publish()
    return FilmPage.objects.get(pk=page.pk)


@recorded
def story_page(title: str, *, language: str = "en", **given: object) -> StoryPage:
    """A live page of a story, which is public only once its consent is."""
    home = HomePage.objects.get(locale__language_code=language)
    index = StoryIndexPage.objects.filter(language=language).first()
    if index is None:
        index = StoryIndexPage(title="Stories", slug="stories", locale=home.locale)
        home.add_child(instance=index)
        index.save_revision().publish()
    page = StoryPage(title=title, locale=home.locale, lead=f"Lead of {title}", **given)
    index.add_child(instance=page)
    page.save_revision().publish()
    return StoryPage.objects.get(pk=page.pk)


def campaign_page(*sections: tuple[str, object]) -> CampaignPage:
    home = HomePage.objects.get(locale__language_code="en")
    page = CampaignPage(
        title="Week", slug="week", locale=home.locale, lead="All of it.", sections=list(sections)
    )
    home.add_child(instance=page)
    page.save_revision().publish()
    return page
