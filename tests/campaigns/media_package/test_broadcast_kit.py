"""What a station needs of a film: a checklist of files and parts of the text."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.campaigns.media_package.broadcast_kit import KitLine, broadcast_kit, kit_of, written_documents
from coalition.campaigns.media_package.desk_presenters import file_rows
from coalition.campaigns.media_package.enums import Format, ItemKind, RenditionState
from coalition.campaigns.media_package.measuring import copy_work
from coalition.campaigns.media_package.models import MediaItem, Rendition
from coalition.campaigns.media_package.sections import HEADINGS
from coalition.core.clock import now
from documents.canonical.form import Document
from documents.files.models import StoredFile
from tests.campaigns.media_package.builders import Press, blocks
from tests.campaigns.media_package.posters.builders import own_stage
from tests.conftest import sign_in

pytestmark = pytest.mark.django_db


def file(kind: Format, language: str = "", state: RenditionState = RenditionState.READY) -> Rendition:
    return Rendition(format=kind, language=language, state=state)


def document(here: Press, item: MediaItem, language: str, *keys: str) -> Document:
    """The item's text in the language with these parts."""
    own_stage(here, item).write_blocks(
        blocks(*[(HEADINGS[key][language], "Words.") for key in keys]), language, title="Title"
    )
    return written_documents(item)[language]


def there(lines: list[KitLine]) -> dict[str, bool]:
    return {one.label: one.is_there for one in lines}


@pytest.mark.parametrize("kind", [ItemKind.VIDEO, ItemKind.INTERVIEW])
def test_a_film_has_thirteen_lines_of_which_nothing_is_there_at_first(kind: ItemKind) -> None:
    lines = broadcast_kit(MediaItem(kind=kind), {}, [])
    assert len(lines) == 13
    assert set(there(lines).values()) == {False}


@pytest.mark.parametrize("kind", [ItemKind.POSTER, ItemKind.INFOGRAPHIC, ItemKind.AUDIO, ItemKind.TEXT])
def test_other_items_have_none(kind: ItemKind) -> None:
    assert broadcast_kit(MediaItem(kind=kind), {}, [file(Format.MASTER)]) == []


@pytest.mark.parametrize(
    ("kind", "language", "label"),
    [
        (Format.MASTER, "ru", "One master, 1080p25"),
        (Format.CLEAN_PICTURE, "", "The picture without words on it"),
        (Format.CLEAN_SOUND, "", "The sound without voice"),
        (Format.B_ROLL, "", "More pictures to cut in (B-roll)"),
        (Format.BITES, "kk", "Short answers to cut in (bites)"),
        (Format.SUBTITLES, "kk", "Kazakh subtitles"),
        (Format.SUBTITLES, "ru", "Russian subtitles"),
        (Format.SUBTITLES, "en", "English subtitles"),
        (Format.VOICE_OVER, "kk", "A timed script for a Kazakh voice"),
    ],
)
def test_a_ready_file_ticks_its_line_alone(kind: Format, language: str, label: str) -> None:
    item = MediaItem(kind=ItemKind.VIDEO)
    lines = there(broadcast_kit(item, {}, [file(kind, language)]))
    assert [name for name, is_there in lines.items() if is_there] == [label]
    other = file(kind, language)
    other.file = StoredFile(content_type="application/zip")
    assert set(there(broadcast_kit(item, {}, [other])).values()) == {False}
    waiting = broadcast_kit(item, {}, [file(kind, language, RenditionState.PREPARING)])
    assert set(there(waiting).values()) == {False}


def test_placeholders_of_the_template_are_no_words(here: Press) -> None:
    item = here.item()
    content = blocks((HEADINGS["shot_list"]["en"], "[time code] | [what is to be seen]"))
    own_stage(here, item).write_blocks(content, "en", title="Title")
    label = "A shot list with time codes"
    assert not there(broadcast_kit(item, {"en": written_documents(item)["en"]}, []))[label]
    content = blocks((HEADINGS["shot_list"]["en"], "00:00:04 | A hall, [wide]"))
    own_stage(here, item).write_blocks(content, "en", title="Title")
    assert there(broadcast_kit(item, {"en": written_documents(item)["en"]}, []))[label]


@pytest.mark.parametrize(("kind", "language"), [(Format.VOICE_OVER, "ru"), (Format.SUBTITLES, "")])
def test_other_languages_do_not_count_for_another(kind: Format, language: str) -> None:
    lines = broadcast_kit(MediaItem(kind=ItemKind.VIDEO), {}, [file(kind, language)])
    assert set(there(lines).values()) == {False}


def test_a_part_counts_once_each_language_has_it(here: Press) -> None:
    item = here.item()
    kk = document(here, item, "kk", "shot_list", "music")
    ru = document(here, item, "ru", "music")
    lines = {one.label: one for one in broadcast_kit(item, {"kk": kk, "ru": ru}, [])}
    assert lines["Rights to the music"].is_there
    shots = lines["A shot list with time codes"]
    assert (shots.is_there, shots.missing_in) == (False, ("Русский",))
    lead = lines["Words with which a presenter leads in"]
    assert (lead.is_there, lead.missing_in) == (False, ())


def test_the_page_of_a_film_shows_it_and_that_of_a_poster_does_not(here: Press, client: Client) -> None:
    film, poster = here.item(), here.item("poster", ItemKind.POSTER)
    desk = sign_in(client, here.made.coordinator)
    page = desk.get(reverse("campaigns:media_item", args=[film.uuid])).content.decode()
    assert "What a station needs" in page
    assert "One master, 1080p25" in page
    other = desk.get(reverse("campaigns:media_item", args=[poster.uuid])).content.decode()
    assert "What a station needs" not in other
    assert kit_of(poster) == []


@pytest.fixture
def films(here: Press, monkeypatch: pytest.MonkeyPatch) -> list[Rendition]:
    """Three masters of one item, as if they had been measured here."""
    monkeypatch.setattr(copy_work, "find_ffmpeg", lambda: "ffmpeg")
    item = here.item()
    made = [
        here.file(item, b"Words.", rendition_format=Format.MASTER, language=code) for code in ("", "kk", "ru")
    ]
    for one in made:
        assert one.file is not None
        type(one.file).objects.filter(pk=one.file.pk).update(content_type="video/mp4")
    Rendition.objects.update(measurements={"has_picture": True, "seconds": 12})
    return made


def rows_of(here: Press, item: MediaItem) -> dict[str, bool]:
    rows = file_rows(here.access, item, here.judge(item))
    return {one["file"].file_name: one["may_make_interlaced"] for one in rows}


def copy_of(master: Rendition, state: RenditionState = RenditionState.READY) -> Rendition:
    return Rendition.objects.create(
        item=master.item,
        format=Format.INTERLACED,
        language=master.language,
        version=1,
        file_name=f"copy_{master.pk}_{state}.mp4",
        source=master,
        state=state,
        added_at=now(),
    )


def test_1080i50_is_offered_for_a_measured_master_without_that_copy(
    here: Press, films: list[Rendition]
) -> None:
    first, second, third = films
    item = first.item
    assert set(rows_of(here, item).values()) == {True}
    copy_of(first)
    copy_of(second, RenditionState.FAILED)
    Rendition.objects.filter(pk=third.pk).update(measurements={})
    rows = rows_of(here, item)
    assert (rows[first.file_name], rows[second.file_name], rows[third.file_name]) == (False, True, False)
    Rendition.objects.filter(source=first).update(removed_at=now())
    assert rows_of(here, item)[first.file_name]


def test_many_files_take_as_many_queries_as_one(here: Press, films: list[Rendition]) -> None:
    item = films[0].item
    counts = []
    for most in (1, 3):
        Rendition.objects.update(removed_at=None)
        Rendition.objects.exclude(pk__in=[one.pk for one in films[:most]]).update(removed_at=now())
        judged = here.judge(item)
        with CaptureQueriesContext(connection) as found:
            rows = file_rows(here.access, item, judged)
        assert sum(not one["is_removed"] for one in rows) == most
        counts.append(len(found))
    assert counts[0] == counts[1]
