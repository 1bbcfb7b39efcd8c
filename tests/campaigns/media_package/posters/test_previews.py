"""Previews at the desk: of the text as it stands, for those who may read it."""

from io import BytesIO

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from PIL import Image

from coalition.campaigns.media_package.models import MediaItem
from coalition.campaigns.media_package.posters import drawing
from coalition.campaigns.media_package.posters.presenters import preview_rows
from coalition.roles import SeatRole
from documents.drafts.models import Handling
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.posters.builders import figure, poster, write
from tests.conftest import sign_in
from tests.factories import seat

pytestmark = pytest.mark.django_db

TOO_LONG = "Длиннющее" * 16  # one word: no size fits


def url(item: MediaItem, rendition_format: str = "1x1", language: str = "kk") -> str:
    path = reverse("campaigns:media_item_preview", args=[item.uuid, rendition_format])
    return f"{path}?in={language}"


@pytest.fixture
def written(here: Press) -> MediaItem:
    item = poster(here)
    write(here, item, figure(here))
    return item


@pytest.fixture
def desk(client: Client, here: Press) -> Client:
    return sign_in(client, here.made.coordinator)


@pytest.mark.parametrize(("rendition_format", "size"), [("9x16", (1080, 1920)), ("a4", (496, 702))])
def test_the_text_is_shown_before_it_is_approved(
    desk: Client, written: MediaItem, rendition_format, size
) -> None:
    answer = desk.get(url(written, rendition_format))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Cache-Control"] == "private, no-store"
    assert Image.open(BytesIO(answer.content)).size == size


@pytest.mark.parametrize(
    ("rendition_format", "language"), [("subtitles", "kk"), ("nothing", "kk"), ("1x1", "de"), ("1x1", "../x")]
)
def test_other_formats_and_languages_are_not_found(
    desk, written: MediaItem, rendition_format, language
) -> None:
    assert desk.get(url(written, rendition_format, language)).status_code == 404


def test_a_text_that_does_not_fit_says_so(desk: Client, here: Press, written: MediaItem) -> None:
    write(here, written, None, ru=TOO_LONG)
    answer = desk.get(url(written, language="ru"))
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("text/plain")
    assert "Русский" in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert desk.get(url(written, language="kk")).status_code == 200


def test_it_is_drawn_once_for_each_content(
    desk: Client, here: Press, written: MediaItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw, times = drawing.draw_template, []

    def note(*args, **kwargs):
        times.append(1)
        return draw(*args, **kwargs)

    monkeypatch.setattr(drawing, "draw_template", note)
    write(here, written, None, kk="Бір рет сызылады")
    first, second = desk.get(url(written)), desk.get(url(written))
    assert first.content == second.content
    assert len(times) == 1
    write(here, written, None, kk="Басқа сөздер")
    assert desk.get(url(written)).content != first.content
    assert len(times) == 2


def test_only_who_reads_the_text_sees_it(client: Client, here: Press, written: MediaItem) -> None:
    assert client.get(url(written)).status_code == 302
    elsewhere = seat(role=SeatRole.COORDINATOR).person
    assert sign_in(client, elsewhere).get(url(written)).status_code == 404
    here_too = seat(workspace=here.made.workspace, role=SeatRole.EDITOR).person
    own = sign_in(client, here_too)
    assert own.get(url(written)).status_code == 200
    written.draft.handling = Handling.ORGANISATION
    written.draft.save(update_fields=["handling"])
    assert own.get(url(written)).status_code == 404


def test_the_desk_lists_each_format_and_language_with_words_for_both(written: MediaItem) -> None:
    rows = preview_rows(written, ["ru", "kk"])
    assert [(one["format"], one["code"]) for one in rows] == [
        ("A4, for print", "kk"),
        ("A4, for print", "ru"),
        ("1:1, for feeds", "kk"),
        ("1:1, for feeds", "ru"),
    ]
    page = render_to_string("campaigns/media_package/_previews.html", {"previews": rows})
    assert page.count('loading="lazy"') == 4
    assert 'alt="Preview: A4, for print, Қазақша.' in page
    assert url(written, "1x1", "ru") in page
