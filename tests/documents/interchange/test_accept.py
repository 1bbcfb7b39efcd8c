"""A file is sent, read, looked at, taken in: under whose name, by whom; nothing is lost or doubled."""

import io

import pytest

from coalition.accounts.naming import PUBLIC
from coalition.audit.models import AuditEntry
from coalition.core.errors import Refused
from coalition.jobs.scheduler import run_due
from coalition.workspaces.permissions import NotAllowed
from documents.drafts.live.backend import marked_of
from documents.drafts.live.projection import update_text_row
from documents.drafts.live.resolve import origin_of
from documents.drafts.live.suggestions import open_suggestions_in
from documents.drafts.models import Handling, IncomingState, TextKind
from documents.files.types import pack_archive, unpack_archive
from documents.history.actions import anonymise_writers
from documents.interchange.actions import upload
from documents.interchange.actions.accept import discard_incoming_file, import_as_new_draft, import_into_text
from documents.interchange.actions.export import export_text, make_file, sign_export_token
from documents.interchange.actions.upload import (
    NOBODY,
    AuthorChoice,
    compare_file,
    read_failure_reason,
    read_incoming,
    upload_new_draft,
    upload_revision,
)
from documents.interchange.capability import guest_files_to_review
from documents.interchange.formats import FileFormat, SuggestionDisplay
from documents.interchange.queries import names_in_file
from documents.models import Comment, Draft, DraftText, ExportedFile, ImportedAuthor, IncomingFile, Thread
from tests.desk import on_desk
from tests.documents.conftest import suggest
from tests.documents.interchange.bringing import words
from tests.documents.interchange.word import WordFile

pytestmark = pytest.mark.django_db
LAWYER = "Лаура Заңгер"


@pytest.fixture
def written(room, text):
    return room.write(
        text, "editor", "Біз заң сұраймыз.", "Екінші абзац бар.", title="Мәлімдеме", lead="Кіріспе"
    )


def word_file(room, text, by="editor", view=SuggestionDisplay.SUGGESTIONS, form=FileFormat.DOCX):
    made = export_text(access=room.access(by), text=text, format=form, view=view)
    return made.name, make_file(made, sign_export_token(made))


def sent(room, text, content, name="file.docx", by="editor"):
    file = upload_revision(access=room.access(by), text=text, content=io.BytesIO(content), name=name)
    return read_incoming(file)


def edited(room, text, *edits, **given):
    name, content = word_file(room, text, **given)
    file = WordFile(content)
    for edit, *told in edits:
        named = told.pop() if isinstance(told[-1], dict) else {}
        getattr(file, edit)(*told, **named)
    return name, file.saved()


def taken(room, file, by="editor", choices=None):
    every = dict.fromkeys(_people(room, file, by), AuthorChoice.FILE)
    return import_into_text(access=room.access(by), file=file, choices=every if choices is None else choices)


def _people(room, file, by):
    return compare_file(file, marked_of(file.text), room.user(by)).people_in_file()


def suggestions(text):
    marked = marked_of(DraftText.objects.get(pk=text.pk))
    names = names_in_file(text.draft, [one.id for one in open_suggestions_in(marked)], text.language)
    return [(one.kind, one.before, one.after, names[one.id]) for one in open_suggestions_in(marked)]


REPLACED = ("replace", "сұраймыз", "талап етеміз", LAWYER)


def test_a_lawyers_changes_come_in_under_the_lawyers_name(room, written):
    name, content = edited(room, written, REPLACED)
    file = sent(room, written, content, name)
    assert file.state == IncomingState.READY
    assert file.exported is not None
    assert _people(room, file, "editor") == [LAWYER]
    done = taken(room, file)
    assert (done.suggestions, done.comments) == (1, 0)
    assert suggestions(written) == [("replace", "сұраймыз", "талап етеміз", LAWYER)]
    written.refresh_from_db()
    assert written.open_suggestions == 1
    assert words({"type": "doc", "content": written.body["content"]})[0] == "Біз заң сұраймыз."
    (author,) = ImportedAuthor.objects.all()
    assert (author.name, author.organisation) == (LAWYER, room.organisation("editor"))
    origin = origin_of(open_suggestions_in(marked_of(written))[0].id)
    assert (origin.person, origin.organisation) == (author.uuid, room.organisation("editor").uuid)


def test_the_same_person_is_the_same_the_next_time(room, written):
    for number in range(2):
        name, content = edited(room, written, ("insert", f" сөз{number}", LAWYER, {"after": "Екінші"}))
        taken(room, sent(room, written, content, name))
    assert ImportedAuthor.objects.count() == 1
    people = {one.person for one in open_suggestions_in(marked_of(written))}
    assert len(people) == 1


def test_ones_own_changes_come_in_under_ones_own_name(room, written):
    name, content = edited(room, written, REPLACED, ("write_over", "Екінші", "Тағы бір"))
    file = sent(room, written, content, name, by="reviewer")
    assert _people(room, file, "reviewer") == [LAWYER, NOBODY]
    taken(room, file, by="reviewer", choices={LAWYER: AuthorChoice.ME})
    me = f"{room.user('reviewer').name} ({room.organisation('reviewer').name_kk})"
    assert [one[3] for one in suggestions(written)] == [me, me]
    assert {one.person for one in open_suggestions_in(marked_of(written))} == {room.user("reviewer").uuid}
    assert not ImportedAuthor.objects.exists()


def test_nobody_suggests_in_another_members_name(room, written):
    """A file may name anyone as its author; a member's identity is never taken from it."""
    editor = f"{room.user('editor').name} ({room.organisation('editor').name_kk})"
    name, content = edited(room, written, ("insert", " жалған", editor, {"after": "Екінші"}))
    taken(room, sent(room, written, content, name, by="reviewer"), by="reviewer")
    (one,) = open_suggestions_in(marked_of(written))
    assert one.person not in {seat.person.uuid for seat in room.seats.values()}


def test_an_untouched_file_gives_nothing(room, written):
    suggest(room, written, "reviewer", " қосымша")
    before = marked_of(written)
    for form in (FileFormat.DOCX, FileFormat.ODT):
        name, content = word_file(room, written, form=form)
        done = taken(room, sent(room, written, content, name))
        assert (done.suggestions, marked_of(written)) == (0, before)


def test_the_next_file_brings_only_what_is_new(room, written):
    name, content = edited(room, written, REPLACED)
    taken(room, sent(room, written, content, name))
    more = WordFile(content)
    more.insert(" тағы", LAWYER, after="Екінші")
    for number in range(2):  # and the very same file nothing at all
        done = taken(room, sent(room, written, more.saved(), name))
        assert done.suggestions == 1 - number
    assert [one[2] for one in suggestions(written)] == ["талап етеміз", " тағы"]


def test_a_file_whose_properties_are_lost_is_known_by_its_name(room, written):
    name, content = edited(room, written, REPLACED)
    room.write(written, "editor", "Біз бүгін заң сұраймыз.", "Екінші абзац бар.", title="Мәлімдеме")
    parts = unpack_archive(content)
    parts["docProps/custom.xml"] = b"<Properties/>"
    copy = name.replace(".docx", " (1).docx")
    file = sent(room, written, pack_archive(parts), copy)
    assert file.exported is not None
    taken(room, file)
    assert [one[:3] for one in suggestions(written)] == [("replace", "сұраймыз", "талап етеміз")]


def test_a_file_that_nobody_knows_is_compared_with_the_text_as_it_is(room, written):
    _name, content = edited(room, written, ("write_over", "Екінші", "Тағы бір"))
    parts = unpack_archive(content)
    parts["docProps/custom.xml"] = b"<Properties/>"
    file = sent(room, written, pack_archive(parts), "anything.docx")
    assert file.exported is None
    taken(room, file)
    assert [one[:3] for one in suggestions(written)] == [("replace", "Екінші", "Тағы бір")]


def test_a_token_of_another_text_or_a_false_one_is_none(room, written):
    other = written.draft.texts.get(language="ru")
    room.write(other, "editor", "Мы просим закон.", title="Заявление")
    _name, content = word_file(room, other)
    assert sent(room, written, content).exported is None
    parts = unpack_archive(content)
    parts["docProps/custom.xml"] = parts["docProps/custom.xml"].replace(b":", b":x")
    assert sent(room, other, pack_archive(parts)).exported is None


def test_new_comments_become_threads_and_old_ones_do_not(room, written):
    name, content = edited(room, written, ("comment", "Неге осылай?", LAWYER, {"on": "заң"}))
    file = sent(room, written, content, name)
    for number in range(2):
        done = taken(room, file)
        assert done.comments == 1 - number
        file = sent(room, written, content, name)
    thread = Thread.objects.get()
    assert thread.quote == "заң"
    assert Comment.objects.get().body == "Неге осылай?"
    assert str(thread.uuid) in str(marked_of(written))


def test_words_written_since_stay(room, written):
    name, content = edited(room, written, REPLACED)
    room.write(
        written, "editor", "Кейін жазылды.", "Біз бүгін заң сұраймыз.", "Екінші абзац бар.", title="Жаңа атау"
    )
    taken(room, sent(room, written, content, name))
    assert [one[:3] for one in suggestions(written)] == [("replace", "сұраймыз", "талап етеміз")]
    assert update_text_row(written.uuid).title == "Жаңа атау"


# --- who may --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "may"),
    [("observer", False), ("reviewer", True), ("contributor", True), ("editor", True), ("coordinator", True)],
)
def test_who_may_suggest_may_send_a_file_back(room, written, role, may):
    _name, content = word_file(room, written)
    given = {"text": written, "content": io.BytesIO(content), "name": "file.docx"}
    if may:
        assert upload_revision(access=room.access(role), **given).sent_by == room.user(role)
        return
    with pytest.raises(NotAllowed):
        upload_revision(access=room.access(role), **given)


@pytest.mark.parametrize(
    ("role", "may"), [("reviewer", True), ("contributor", False), ("editor", True), ("coordinator", True)]
)
def test_who_sent_it_and_who_edits_the_text_decide_on_it(room, written, role, may):
    name, content = edited(room, written, REPLACED)
    file = sent(room, written, content, name, by="reviewer")
    if may:
        assert taken(room, file, by=role).suggestions == 1
        return
    for act in (discard_incoming_file, lambda **given: import_into_text(choices={}, **given)):
        with pytest.raises(NotAllowed):
            act(access=room.access(role), file=file)
    file.refresh_from_db()
    assert file.state == IncomingState.READY


# --- nothing is lost, nothing stays ---------------------------------------------------------------------


def test_a_file_is_decided_on_once(room, written, django_capture_on_commit_callbacks):
    name, content = edited(room, written, REPLACED)
    file = sent(room, written, content, name)
    kept, storage = file.file.name, file.file.storage
    assert storage.exists(kept)
    with django_capture_on_commit_callbacks(execute=True):
        taken(room, file)
    assert not storage.exists(kept)
    row = IncomingFile.objects.get()
    assert (row.state, row.reading, row.report) == (
        IncomingState.TAKEN_IN,
        {},
        {"suggestions": 1, "comments": 0, "left_out": {}},
    )
    with pytest.raises(Refused):
        import_into_text(access=room.access("editor"), file=file, choices={})
    with pytest.raises(Refused):
        discard_incoming_file(access=room.access("editor"), file=file)
    assert AuditEntry.objects.filter(action="text.file_taken_in").count() == 1


def test_a_discarded_file_changes_nothing(room, written, django_capture_on_commit_callbacks):
    name, content = edited(room, written, REPLACED)
    file = sent(room, written, content, name)
    kept, storage = file.file.name, file.file.storage
    with django_capture_on_commit_callbacks(execute=True):
        discard_incoming_file(access=room.access("editor"), file=file)
    assert not storage.exists(kept)
    assert suggestions(written) == []


def test_a_file_is_still_there_after_an_error(room, written, monkeypatch):
    name, content = edited(room, written, REPLACED)
    file = sent(room, written, content, name)

    def fail(**given):
        raise RuntimeError

    monkeypatch.setattr("documents.interchange.actions.accept.edit_text", fail)
    with pytest.raises(RuntimeError):
        taken(room, file)
    file.refresh_from_db()
    assert file.state == IncomingState.READY
    assert file.file.storage.exists(file.file.name)


def test_what_is_no_document_is_refused_in_words(room, written):
    for name, content in (("a.pdf", b"%PDF"), ("a.docx", b""), ("a.docx", b"PK" + b"\0" * 21 * 1024**2)):
        with pytest.raises(Refused):
            sent(room, written, content, name)
    file = sent(room, written, b"no archive", "a.docx")
    assert (file.state, file.problem) == (IncomingState.REFUSED, "broken")
    assert "broken" in read_failure_reason(file)
    discard_incoming_file(access=room.access("editor"), file=file)


def test_a_large_file_is_read_beside_the_page(room, written, monkeypatch):
    monkeypatch.setattr(upload, "QUICK_READ_BYTES", 10)
    name, content = edited(room, written, REPLACED)
    file = upload_revision(access=room.access("editor"), text=written, content=io.BytesIO(content), name=name)
    assert upload.read_now_if_quick(file).state == IncomingState.READING
    run_due(worker="test")
    file.refresh_from_db()
    assert file.state == IncomingState.READY


# --- a draft of its own ---------------------------------------------------------------------------------


def test_a_file_becomes_a_draft_with_its_changes_as_suggestions(room, written):
    _name, content = edited(room, written, REPLACED)
    file = upload_new_draft(
        access=room.access("contributor"),
        content=io.BytesIO(content),
        name="Хат.docx",
        title="",
        kind=TextKind.LETTER,
        language="ru",
        handling=Handling.COALITION,
    )
    file = read_incoming(file)
    done = import_as_new_draft(
        access=room.access("contributor"), file=file, choices={LAWYER: AuthorChoice.FILE}
    )
    draft = Draft.objects.latest("pk")
    assert (draft.title, draft.kind, draft.handling) == ("Мәлімдеме", TextKind.LETTER, Handling.COALITION)
    assert done.text.draft_id == draft.pk
    assert (done.text.language, done.text.title, done.text.lead) == ("ru", "Мәлімдеме", "Кіріспе")
    assert suggestions(done.text) == [("replace", "сұраймыз", "талап етеміз", LAWYER)]


def test_who_may_not_start_drafts_makes_none_of_a_file(room, written):
    _name, content = word_file(room, written)
    given = {"title": "", "kind": TextKind.LETTER, "language": "kk", "handling": Handling.WORKSPACE}
    with pytest.raises(NotAllowed):
        upload_new_draft(access=room.access("reviewer"), content=io.BytesIO(content), name="a.docx", **given)


def test_when_a_text_is_published_names_and_old_states_go(room, written):
    name, content = edited(room, written, REPLACED)
    taken(room, sent(room, written, content, name))
    anonymise_writers(written.draft)
    assert not ExportedFile.objects.exists()
    assert [author.name for author in ImportedAuthor.objects.all()] == [""]
    # The same file still comes back: compared with the text as it is now.
    file = sent(room, written, content, name)
    assert file.exported is None


def test_a_guests_file_waits_on_the_desk_of_who_edits(room, written, django_assert_num_queries):
    name, content = edited(room, written, REPLACED)
    for number in (1, 2):
        file = sent(room, written, content, name, by="reviewer")
        IncomingFile.objects.filter(pk=file.pk).update(
            guest=written.uuid, guest_name=LAWYER, sent_by=None, name=f"{number}.docx"
        )
        with django_assert_num_queries(1):
            waiting = list(guest_files_to_review(room.user("editor"), PUBLIC))
        assert len(waiting) == number == len(on_desk(guest_files_to_review, room.user("editor")))
    assert LAWYER in waiting[0].detail
    for role in ("reviewer", "contributor", "observer"):
        assert on_desk(guest_files_to_review, room.user(role)) == []
