"""Files set from the published text: all formats in all languages, once, and anew after a correction."""

from io import BytesIO

import pytest
from PIL import Image

from coalition.audit.models import AuditEntry
from coalition.campaigns.media_package.actions.items import remove_item
from coalition.campaigns.media_package.enums import Format, ItemKind, RenditionState
from coalition.campaigns.media_package.made_files import store_made_file
from coalition.campaigns.media_package.models import Rendition
from coalition.campaigns.media_package.posters import setting
from coalition.campaigns.media_package.posters.facts import update_fact_in_text
from coalition.campaigns.media_package.posters.presenters import fact_flags
from coalition.campaigns.media_package.posters.setting import SET_POSTERS, set_posters
from coalition.jobs import scheduler
from tests.campaigns.media_package.builders import LANGUAGES, Press
from tests.campaigns.media_package.posters.builders import (
    TITLES,
    changed,
    figure,
    poster,
    publish,
    set_and_prepare,
    write,
)

pytestmark = pytest.mark.django_db

TOO_LONG = "Длиннющее" * 16  # one word: no size fits


def test_publishing_schedules_the_work_for_items_set_from_a_template(here: Press) -> None:
    by_hand, item = here.item(), poster(here)
    here.approve(by_hand)
    assert scheduler.planned_keys(kind=SET_POSTERS) == set()
    write(here, item, figure(here))
    publication = publish(here, item)
    assert scheduler.planned_keys(kind=SET_POSTERS) == {str(publication.uuid)}


def test_each_format_is_set_in_each_language_and_given_out(here: Press) -> None:
    item = poster(here)
    write(here, item, figure(here))
    publication = publish(here, item)
    made = set_and_prepare(publication)
    names = {
        f"poster_{kind}_{code}_v1.{end}"
        for kind, end in (("a4", "pdf"), ("1x1", "png"))
        for code in LANGUAGES
    }
    assert {one.file_name for one in made} == names
    assert {one.file_name for one in here.judge(item).files} == names
    assert all(one.released_at is not None for one in Rendition.objects.all())
    square = next(one for one in made if one.file_name == "poster_1x1_kk_v1.png")
    assert square.file is not None
    assert square.file.alt == TITLES["kk"]
    assert (square.file.width, square.file.height) == (1080, 1080)
    with square.file.file.open("rb") as stored, Image.open(BytesIO(stored.read())) as opened:
        assert opened.size == (1080, 1080)


def test_what_is_there_is_not_drawn_again(here: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    item = poster(here)
    write(here, item, figure(here))
    publication = publish(here, item)
    drawn: list[tuple[str, str]] = []
    draw = setting.draw_poster

    def note(content, rendition_format):
        drawn.append((content.language, rendition_format))
        return draw(content, rendition_format)

    monkeypatch.setattr(setting, "draw_poster", note)
    set_posters(str(publication.uuid))
    assert len(drawn) == 6
    Rendition.objects.filter(format=Format.A4, language="ru").delete()
    set_posters(str(publication.uuid))
    assert drawn[6:] == [("ru", Format.A4)]
    assert Rendition.objects.count() == 6


def test_a_text_that_is_too_long_is_told_in_words_and_the_others_are_set(here: Press) -> None:
    item = poster(here)
    write(here, item, figure(here), ru=TOO_LONG)
    made = set_and_prepare(publish(here, item))
    failed = {one.language: one.failure for one in made if one.state == RenditionState.FAILED}
    assert list(failed) == ["ru"]
    assert "Русский" in failed["ru"]
    ready = {one.language for one in made if one.state == RenditionState.READY}
    assert ready >= {"kk", "en"}
    assert "ru" not in {one.language for one in here.judge(item).files if one.format == Format.SQUARE}


def test_an_infographic_without_a_figure_fails_in_words(here: Press) -> None:
    item = poster(here, "infographic", ItemKind.INFOGRAPHIC)
    write(here, item, None)
    made = set_and_prepare(publish(here, item))
    assert {one.state for one in made} == {RenditionState.FAILED}
    assert all("facts register" in one.failure for one in made)


def test_nothing_is_set_for_an_item_that_was_taken_out(here: Press) -> None:
    item = poster(here)
    write(here, item, figure(here))
    publication = publish(here, item)
    remove_item(access=here.access, item=item)
    assert set_and_prepare(publication) == []


def test_a_changed_figure_is_flagged_taken_into_the_text_and_set_anew(here: Press) -> None:
    """The whole way: published, changed, flagged, updated, approved, published, replaced."""
    item, fact = poster(here), figure(here)
    write(here, item, fact)
    first = publish(here, item)
    set_and_prepare(first)
    assert fact_flags([item]) == {}

    changed(here, fact)
    (words,) = fact_flags([item])[item.pk]
    assert "17 %" in words
    assert "19 %" in words
    assert update_fact_in_text(access=here.access, item=item) == len(LANGUAGES)
    assert len(here.judge(item).files) == 6  # what is public stays until the correction is

    second = publish(here, item)
    assert fact_flags([item]) == {}
    assert str(second.uuid) in scheduler.planned_keys(kind=SET_POSTERS)
    assert here.judge(item).files == []  # the old figure is not given any more
    made = set_and_prepare(second)
    assert {(one.version, one.state) for one in made} == {(2, RenditionState.READY)}
    assert {(one.language, one.version) for one in here.judge(item).files} == {
        (code, 2) for code in LANGUAGES
    }
    assert len(here.judge(item).files) == 6
    set_posters(str(first.uuid))  # work of a replaced publication that comes late
    assert Rendition.objects.count() == 12


def test_a_made_file_is_recorded_without_a_person(here: Press) -> None:
    file = store_made_file(
        workspace=here.made.workspace,
        organisation=here.made.organisations[0],
        name="words.txt",
        content=b"Words.",
        content_type="text/plain",
        alt=" What it says ",
    )
    assert (file.uploaded_by, file.size, file.alt) == (None, 6, "What it says")
    with file.file.open("rb") as stored:
        assert stored.read() == b"Words."
    entry = AuditEntry.objects.get(action="file.shared", target=file.uuid)
    assert entry.actor is None
