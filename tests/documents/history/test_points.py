"""Points of a text's history: when they are kept, of whom, and what becomes of them."""

import datetime

import pytest
import time_machine

from coalition.accounts.models import Organisation
from coalition.accounts.naming import viewer_for
from coalition.jobs.scheduler import run_due
from coalition.realtime.hub import edit_on_server
from coalition.realtime.models import LiveText, LiveUpdate
from coalition.realtime.store import stored_document
from coalition.workspaces.models import Activity, Notification
from coalition.workspaces.queries import activity_for
from coalition.workspaces.sentence_params import describe_activities
from documents.drafts.actions.manage import name_version
from documents.drafts.live.backend import edit_text
from documents.drafts.live.projection import Author
from documents.drafts.live.suggestions import accept_all, doc_to_json, fragment_of
from documents.drafts.models import PointKind
from documents.history import actions as history_actions
from documents.history.actions import anonymise_writers, record_moment, restore_state
from documents.history.blame import attribute_points, current_origins, passages_with_heads
from documents.history.models import unpack_content, unpack_json
from documents.models import HistoryDecision, HistoryPart, HistoryPoint
from tests.documents.conftest import suggest

NOON = datetime.datetime(2027, 3, 1, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def points_of(text) -> list[HistoryPoint]:
    return list(HistoryPoint.objects.filter(text=text).order_by("pk"))


def organisations_of(point: HistoryPoint) -> set[str]:
    return {str(part.organisation) for part in point.parts.select_related("organisation")}


def test_a_spell_of_writing_is_one_point(room, text, clock):
    for words in ("We ask", "We ask for", "We ask for a law"):
        room.write(text, "editor", words)
        clock.shift(60)
    [point] = points_of(text)
    assert point.closed_at is None
    assert [part.person for part in point.parts.all()] == [room.user("editor")]


def test_it_ends_when_nobody_writes_for_ten_minutes(room, text, clock):
    room.write(text, "editor", "We ask for a law.")
    clock.shift(601)
    room.write(text, "editor", "We ask for a better law.")
    first, second = points_of(text)
    assert first.closed_at is not None
    assert "We ask for a law." in str(unpack_content(first.words))
    assert second.closed_at is None


def test_it_ends_when_another_organisation_begins(room, text, clock):
    room.write(text, "editor", "We ask for a law.")
    clock.shift(30)
    room.write(text, "coordinator", "We all ask for a law.")
    first, second = points_of(text)
    assert organisations_of(first) == {str(room.organisation("editor"))}
    assert organisations_of(second) == {str(room.organisation("coordinator"))}
    assert first.parts.get().amount > 0


def test_two_who_write_at_once_share_a_point(room, text, clock):
    room.write(text, "editor", "We ask for a law.")
    clock.shift(5)
    room.write(text, "coordinator", "We all ask for a law.")
    [point] = points_of(text)
    assert len(organisations_of(point)) == 2


def test_it_ends_after_an_hour(room, text, clock):
    for number in range(9):
        room.write(text, "editor", f"Draft {number}.")
        clock.shift(500)
    assert len(points_of(text)) == 2


def test_what_a_text_began_with_is_kept(room, text, clock):
    text.title, text.revision = "An old title", 1
    text.save()
    room.write(text, "editor", "We ask for a law.")
    first, _second = points_of(text)
    assert unpack_content(first.words)["title"] == "An old title"
    assert first.at == text.draft.created_at
    assert not first.parts.exists()


def test_suggestions_alone_are_no_point(room, text, clock):
    room.write(text, "editor", "We ask for a law.")
    clock.shift(3600)
    suggest(room, text, "reviewer", " Now!")
    assert len(points_of(text)) == 1


def test_going_back_keeps_what_was_and_says_where_to(room, text, clock):
    room.write(text, "editor", "We ask for a law.")
    version = name_version(access=room.access("editor"), text=text, name="First")
    clock.shift(60)
    room.write(text, "editor", "Something worse.")
    restore_state(access=room.access("coordinator"), state=version)
    clock.shift(60)
    room.write(text, "editor", "We ask for a law today.")
    before, back, after = points_of(text)
    assert "Something worse." in str(unpack_content(before.words))
    assert (back.kind, back.from_version) == (PointKind.RESTORED, 1)
    assert "We ask for a law." in str(unpack_content(back.words))
    assert organisations_of(back) == {str(room.organisation("coordinator"))}
    assert after.kind == PointKind.AUTOMATIC


def test_going_back_to_a_point(room, text, clock):
    room.write(text, "editor", "We ask for a law.")
    clock.shift(700)
    room.write(text, "editor", "Something worse.")
    first = points_of(text)[0]
    written = restore_state(access=room.access("editor"), state=first)
    assert "We ask for a law." in str(written.body)
    assert points_of(text)[-1].from_point == first.at


def test_going_back_to_what_stands_there_is_no_point(room, text, clock):
    room.write(text, "editor", "We ask for a law.")
    clock.shift(700)
    version = name_version(access=room.access("editor"), text=text, name="First")
    restore_state(access=room.access("editor"), state=version)
    assert [point.kind for point in points_of(text)] == [PointKind.AUTOMATIC]


def test_decisions_name_who_suggested_and_who_accepted(room, text, clock):
    room.write(text, "editor", "We ask for a law.")
    suggest(room, text, "reviewer", " Now!")
    clock.shift(30)
    accept(room, text, "editor")
    row = HistoryDecision.objects.get()
    assert (row.person, row.organisation) == (room.user("reviewer"), room.organisation("reviewer"))
    assert (row.by_person, row.by_organisation) == (room.user("editor"), room.organisation("editor"))
    assert row.accepted
    assert row.after == " Now!"


def accept(room, text, by):
    access = room.access(by)
    edit_text(text=text, author=access.user, organisation=access.organisation, change=accept_all)


def who_wrote(text) -> dict[str, set[str]]:
    """Word of the text as it stands → names of the organisations that wrote it."""
    names = {one.pk: str(one) for one in Organisation.objects.all()}
    state = current_origins(text)
    passages = passages_with_heads(state.document)
    return {
        token.text: {names[organisation] for organisation, _person in authors}
        for passage, line in zip(passages, state.lines, strict=True)
        for token, authors in zip(passage.tokens, line, strict=True)
        if token.counts
    }


def three_spells(room, text, clock):
    """Three organisations one after the other; returns the text as it stands then."""
    room.write(text, "editor", "We ask.", "Second paragraph.")
    clock.shift(700)
    room.write(text, "coordinator", "We urgently ask.", "Second paragraph.")
    clock.shift(700)
    text = room.write(text, "contributor_editor", "We urgently ask.", "Another one.", "Second paragraph.")
    clock.shift(700)
    return text


@pytest.fixture
def spells(room, text, clock):
    room.take("editor", name="contributor_editor")
    return three_spells(room, text, clock)


def test_every_word_has_its_origin(room, spells):
    name = {by: {str(room.organisation(by))} for by in ("editor", "coordinator", "contributor_editor")}
    for _ in range(2):  # worked out for the answer, then from what is kept
        found = who_wrote(spells)
        assert found["ask"] == found["Second"] == name["editor"]
        assert found["urgently"] == name["coordinator"]
        assert found["Another"] == name["contributor_editor"]
        attribute_points(spells)
    first, second, _open = points_of(spells)
    assert (second.words_added, second.words_removed) == (1, 0)
    assert first.words_added > 5


def test_when_it_is_published_only_organisations_are_left(room, spells):
    attribute_points(spells)
    suggest(room, spells, "reviewer", " Now!")
    accept(room, spells, "editor")
    spells.refresh_from_db()
    before = who_wrote(spells)
    assert before["Now"] == {str(room.organisation("reviewer"))}
    anonymise_writers(spells.draft)
    spells.refresh_from_db()
    assert not HistoryPart.objects.exclude(person=None).exists()
    assert not LiveUpdate.objects.exclude(author=None).exists()
    assert LiveUpdate.objects.exclude(organisation=None).exists()
    [decision] = HistoryDecision.objects.all()
    assert (decision.person, decision.by_person) == (None, None)
    assert decision.organisation == room.organisation("reviewer")
    assert spells.changed_by is None
    assert who_wrote(spells) == before
    everything = [point.origins for point in points_of(spells) if point.origins]
    for packed in everything:
        assert all(
            person is None for authors in unpack_json(packed)["authors"] for _organisation, person in authors
        )


def take_marks_off(text):
    """As a browser does that accepts: the words stay, their marks go."""

    def change(doc):
        with doc.transaction():
            for line in fragment_of(doc).children[2].children:
                names = {name for _said, marks in line.diff() for name in marks or {}}
                line.format(0, len(line), dict.fromkeys(names))

    edit_on_server(text.uuid, change, author=None, organisation=None)


def test_a_minute_after_publishing_the_log_names_nobody_either(room, spells, clock):
    """A suggestion carries who made it, in the rows that hold it, also after it was decided."""
    suggest(room, spells, "reviewer", " Now!")
    accept(room, spells, "editor")
    suggest(room, spells, "reviewer", " Canary")
    take_marks_off(spells)
    by = str(room.user("reviewer").uuid).encode()
    rows = LiveUpdate.objects.filter(document=spells.uuid)
    assert any(by in bytes(row.update) for row in rows)
    said = doc_to_json(stored_document(spells.uuid))
    anonymise_writers(spells.draft)
    clock.shift(61)
    run_due(worker="here")
    assert not any(bytes(row.update) for row in rows.all())
    assert by not in bytes(LiveText.objects.get(document=spells.uuid).snapshot)
    assert doc_to_json(stored_document(spells.uuid)) == said


def test_what_was_told_of_the_writing_names_organisations_then(room, spells):
    """Activity and inboxes are kept longer than the audit log names people."""
    suggest(room, spells, "reviewer", " Now!")
    accept(room, spells, "editor")
    room.take("reviewer", name="reads")
    wrote = Activity.objects.filter(kind__in=["text_saved", "text_suggested"], subject=spells.draft.uuid)
    assert wrote.exclude(actor=None).exists()
    assert Notification.objects.filter(kind="suggestion_accepted", actor=room.user("editor")).exists()
    anonymise_writers(spells.draft)
    assert wrote.exists()
    assert not wrote.exclude(actor=None).exists()
    assert not Notification.objects.filter(subject=spells.uuid).exclude(actor=None).exists()
    reader = room.user("reads")
    said = " ".join(
        one.sentence
        for one in describe_activities(viewer_for(reader), activity_for(reader))
        if one.circle is None
    )
    assert str(room.organisation("editor").name_en) in said
    assert room.user("editor").name not in said
    assert Activity.objects.get(kind="draft_created").actor == room.user("editor")


def test_old_points_grow_few_and_nothing_they_tell_is_lost(room, text, clock):
    for number in range(6):
        room.write(text, "editor" if number % 2 else "coordinator", f"Draft {number}.")
        clock.shift(15 * 60)
    history_actions.maintain_histories()
    assert len(points_of(text)) == 6
    clock.shift(datetime.timedelta(days=3))
    history_actions.maintain_histories()
    hours = {point.at.hour for point in points_of(text) if point.closed_at}
    assert hours == {12, 13}
    assert len(points_of(text)) == 3  # two of hours, and the last, which is open
    assert {len(organisations_of(point)) for point in points_of(text)} == {1, 2}
    clock.shift(datetime.timedelta(days=40))
    history_actions.maintain_histories()
    assert len(points_of(text)) == 2
    assert points_of(text)[0].words_added >= 10


def test_a_file_that_was_taken_in_and_a_publication_are_points(room, text, clock):
    text = room.write(text, "editor", "We ask for a law.")
    editor = room.access("editor")
    record_moment(text, PointKind.IMPORTED, Author(editor.user, editor.organisation))
    record_moment(text, PointKind.PUBLISHED)
    room.write(text, "editor", "We ask for a better law.")
    assert [point.kind for point in points_of(text)] == [
        PointKind.AUTOMATIC,
        PointKind.IMPORTED,
        PointKind.PUBLISHED,
        PointKind.AUTOMATIC,
    ]
    assert [part.person for part in points_of(text)[1].parts.all()] == [room.user("editor")]
