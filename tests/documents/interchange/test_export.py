"""Taking a text out: who may, what is written down, and whose names a file tells."""

import datetime
import io

import pytest
import time_machine
from PIL import Image

from coalition.accounts.models import Listing
from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.jobs.scheduler import run_due
from coalition.workspaces.models import Activity
from coalition.workspaces.permissions import NotAllowed
from documents.comments.actions import start_thread
from documents.drafts.live.backend import edit_text
from documents.drafts.models import Audience, Handling, TextKind
from documents.files.actions import upload_file
from documents.files.types import unpack_archive
from documents.interchange.actions import export
from documents.interchange.actions.export import export_text, make_file, sign_export_token
from documents.interchange.formats import FileFormat, SuggestionDisplay, draw_for_file
from documents.interchange.queries import forget_files
from documents.interchange.reader.reasons import read_file
from documents.models import ExportedFile
from tests.documents.conftest import suggest

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(room, text):
    return room.write(text, "editor", "Біз заң сұраймыз.", "Екінші абзац.", title="Мәлімдеме")


def taken_out(room, text, by="editor", form=FileFormat.DOCX, view=SuggestionDisplay.SUGGESTIONS):
    made = export_text(access=room.access(by), text=text, format=form, view=view)
    return made, make_file(made, sign_export_token(made))


def words_in(content):
    return "".join(part.decode("utf-8", "ignore") for part in unpack_archive(content).values())


@pytest.mark.parametrize("form", FileFormat)
@pytest.mark.parametrize("view", SuggestionDisplay)
def test_every_kind_of_file_carries_the_mark_in_itself_and_in_its_name(room, written, form, view):
    made, content = taken_out(room, written, form=form, view=view)
    assert made.name.startswith("tlp-amber_statement-")
    assert made.name.endswith(f"_kk_{made.made_at:%Y-%m-%d}_{made.code}.{form}")
    if form != FileFormat.PDF:
        said = words_in(content) if form.comes_back else content.decode()
        assert "TLP:AMBER · Тек осы" in said
    assert content


@pytest.mark.parametrize("form", [FileFormat.DOCX, FileFormat.ODT, FileFormat.MARKDOWN])
def test_a_text_without_a_title_is_called_by_its_kind(room, text, form):
    """The working title is for the workspace alone, and nobody knows where a file ends."""
    text.draft.title = "Canarytitle"
    text.draft.save()
    room.write(text, "editor", "Біз заң сұраймыз.", title="")
    made, content = taken_out(room, text, form=form)
    said = words_in(content) if form.comes_back else content.decode()
    assert "canarytitle" not in f"{made.name} {said}".lower()
    assert made.name.startswith("tlp-amber_statement_kk_")
    if form.comes_back:
        assert "Мәлімдеме · " in said


def test_it_is_written_down_and_told(room, written):
    made, _content = taken_out(
        room, written, by="reviewer", form=FileFormat.PDF, view=SuggestionDisplay.STANDING
    )
    entry = AuditEntry.objects.get(action="text.exported")
    assert entry.actor == room.user("reviewer")
    assert entry.detail["format"] == "pdf"
    assert entry.detail["revision"] == written.revision
    assert Activity.objects.filter(kind="text_exported", actor=room.user("reviewer")).count() == 1
    assert made.revision == written.revision


def test_who_may_not_read_the_draft_takes_nothing_out(room, written):
    draft = written.draft
    draft.handling = Handling.NAMED_PEOPLE
    draft.save()
    draft.named_people.set([room.user("editor")])
    taken_out(room, written)
    with pytest.raises(NotAllowed):
        taken_out(room, written, by="coordinator")
    assert ExportedFile.objects.count() == 1


def test_suggestions_go_along_or_not(room, written):
    suggest(room, written, "reviewer", " қосымша")
    for view, there in (
        (SuggestionDisplay.SUGGESTIONS, "<w:ins "),
        (SuggestionDisplay.ACCEPTED, "қосымша"),
        (SuggestionDisplay.STANDING, None),
    ):
        _made, content = taken_out(room, written, view=view)
        said = words_in(content)
        assert ("қосымша" in said) == (there is not None)
        assert ("<w:ins " in said) == (view is SuggestionDisplay.SUGGESTIONS)


def test_names_are_told_as_to_a_stranger(room, written):
    """Nobody knows where a file ends: a name that is withheld is told to nobody by it."""
    organisation = room.organisation("reviewer")
    organisation.listing = Listing.WITHHELD
    organisation.save()
    suggest(room, written, "reviewer", " бір")
    suggest(room, written, "editor", " екі")
    start_thread(access=room.access("reviewer"), text=written, audience=Audience.WORKSPACE, body="Неге?")
    said = words_in(taken_out(room, written)[1])
    assert room.user("editor").name in said
    assert room.organisation("editor").name_kk in said
    assert room.user("reviewer").name not in said
    names = (organisation.name_kk, organisation.name_ru, organisation.name_en)
    assert not any(name in said for name in names)
    assert "Неге?" in said


def test_only_comments_for_the_workspace_go_along(room, written):
    for audience, words in ((Audience.WORKSPACE, "canary-open"), (Audience.ORGANISATION, "canary-narrow")):
        start_thread(access=room.access("editor"), text=written, audience=audience, body=words)
    said = words_in(taken_out(room, written)[1])
    assert "canary-narrow" not in said


def test_a_letter_has_its_head(room, written):
    written.draft.kind = TextKind.LETTER
    written.draft.save()
    made, content = taken_out(room, written)
    sender, day = made.shown["letterhead"]
    assert sender == written.draft.organisation.name_kk
    assert sender in words_in(content)
    assert str(made.made_at.year) in day


def test_pictures_come_from_the_workspaces_files(room, written):
    out = io.BytesIO()
    Image.new("RGB", (1200, 800), "teal").save(out, "PNG")
    picture = upload_file(
        access=room.access("editor"), content=out, size=out.tell(), name="p.png", alt="Алаң"
    )

    def add(marked):
        block = {"type": "picture", "attrs": {"id": str(picture.uuid), "caption": "Астындағы сөз"}}
        return {**marked, "content": [*marked["content"], block]}

    edit_text(text=written, author=None, organisation=None, change=add)
    made, content = taken_out(room, written)
    assert made.shown["pictures"] == [str(picture.uuid)]
    assert any(name.startswith("word/media/") for name in unpack_archive(content))
    assert read_file(content).found.left_out["pictures"] == 1
    pdf = taken_out(room, written, form=FileFormat.PDF)[1]
    assert b"/Image" in pdf


def test_a_long_text_is_made_beside_the_page(room, written, monkeypatch):
    monkeypatch.setattr(export, "LONG_TEXT_SIZE", 10)
    made = export_text(
        access=room.access("editor"), text=written, format=FileFormat.DOCX, view=SuggestionDisplay.STANDING
    )
    assert made.is_long
    assert not made.file
    run_due(worker="test")
    made.refresh_from_db()
    with made.file.open("rb") as kept:
        assert read_file(kept.read()).found.token == sign_export_token(made)


def test_what_nobody_takes_is_forgotten(room, written, monkeypatch):
    monkeypatch.setattr(export, "LONG_TEXT_SIZE", 10)
    docx, _content = taken_out(room, written)
    taken_out(room, written, form=FileFormat.PDF)
    run_due(worker="test")
    with time_machine.travel(now() + datetime.timedelta(hours=25)):
        forget_files()
    (kept,) = ExportedFile.objects.all()  # against this one a file may still come back
    assert kept == docx
    assert not kept.file
    with time_machine.travel(now() + datetime.timedelta(days=400)):
        forget_files()
    assert not ExportedFile.objects.exists()


def test_bytes_of_a_picture_that_is_broken_stop_nothing():
    assert draw_for_file(io.BytesIO(b"no picture")) is None
