"""The Word file of a guest: taken out by a link, edited elsewhere, sent back, and looked at by who edits."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from coalition.accounts.models import Listing
from coalition.core.clock import now
from coalition.workspaces.models import Notification
from coalition.workspaces.notifications.queries import notifications_for
from coalition.workspaces.queries import activity_for
from documents.drafts.actions.manage import change_draft
from documents.drafts.live.backend import marked_of
from documents.drafts.live.projection import update_text_row
from documents.drafts.live.suggestions import open_suggestions_in
from documents.drafts.models import GuestAct, GuestPurpose, Handling, IncomingState
from documents.guests.actions import revoke_guest_link
from documents.interchange.actions import export
from documents.interchange.actions.accept import import_into_text
from documents.interchange.actions.upload import AuthorChoice
from documents.interchange.queries import DOWNLOAD_LIFETIME, forget_files, names_in_file
from documents.models import ExportedFile, IncomingFile
from tests.documents.comments.builders import begin
from tests.documents.files.test_files_pages import read
from tests.documents.guests.builders import NAME, invite
from tests.documents.guests.test_guest_pages import address, pressed, shown
from tests.documents.interchange.word import WordFile
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def draft(room, text):
    room.write(text, "editor", "We ask for a law this year.", title="Canarytitle")
    return text.draft


@pytest.fixture
def link(room, draft):
    return invite(room, draft, purpose=GuestPurpose.WORD)


@pytest.fixture
def token(link):
    return link[1]


def download(client, token, **sent):
    return client.post(address("guest_file", token, "kk"), sent)


def send_back(client, token, content, name="edited.docx"):
    return client.post(
        address("guest_send_back", token, "kk"), {"file": SimpleUploadedFile(name, content, DOCX)}
    )


def test_the_file_comes_with_its_mark_and_nothing_of_the_desk(room, draft, link, token):
    hidden = OrganisationFactory(
        listing=Listing.WITHHELD, **dict.fromkeys(("name_kk", "name_ru", "name_en"), "Canaryhidden")
    )
    room.take("editor", name="hidden", organisation=hidden)
    text = draft.texts.select_related("draft").get(language="kk")
    begin(room, text, "hidden", "Canarycomment")
    answer = download(pressed(token), token)
    assert (answer.status_code, answer["Content-Type"]) == (200, DOCX)
    assert answer["X-Handling"] == "TLP:AMBER"
    assert answer["Content-Disposition"].startswith('attachment; filename="tlp-amber_')
    assert answer["Cache-Control"] == "no-store, private"
    parts = WordFile(read(answer)).parts
    everything = b"\n".join(parts.values()).decode(errors="replace")
    assert "We ask for a law this year." in everything
    assert "TLP:AMBER" in parts["word/header1.xml"].decode()
    for secret in ("Canarycomment", "Canaryhidden", draft.title, room.user("hidden").name, token):
        assert secret not in everything
    assert link[0].uses.filter(act=GuestAct.DOWNLOADED).count() == 1


def test_a_working_title_is_not_in_the_name_of_a_guests_file(room):
    untitled = room.draft()
    room.write(untitled.texts.get(language="kk"), "editor", "Words", title="")
    _link, token = invite(room, untitled, purpose=GuestPurpose.WORD)
    answer = download(pressed(token), token)
    assert "article" not in answer["Content-Disposition"]
    assert "On Article 123" not in b"\n".join(WordFile(read(answer)).parts.values()).decode(errors="replace")


def test_a_lawyer_edits_and_the_changes_are_suggestions_under_their_name(room, draft, link, token):
    client = pressed(token)
    file = WordFile(read(download(client, token)))
    file.delete("this year", NAME)
    answer = send_back(client, token, file.saved())
    assert answer.status_code == 302
    page = shown(client, token)
    assert "Waits for a look" in page
    assert "edited.docx" in page
    sent = IncomingFile.objects.get()
    assert (sent.state, sent.guest, sent.guest_name) == (IncomingState.READY, link[0].uuid, NAME)
    text = draft.texts.get(language="kk")
    import_into_text(access=room.access("editor"), file=sent, choices={NAME: AuthorChoice.FILE})
    text = update_text_row(text.uuid)
    (suggestion,) = open_suggestions_in(marked_of(text))
    assert names_in_file(draft, [suggestion.id], "en") == {suggestion.id: NAME}
    assert suggestion.before == "this year"
    assert "this year" in str(text.body)  # as it stands: nothing is taken over by itself
    assert "Looked at" in shown(client, token)


def test_looking_at_the_file_marks_it_as_read(room, token, client_of):
    client = pressed(token)
    send_back(client, token, read(download(client, token)))
    told = Notification.objects.get(kind="file_of_a_guest", person=room.user("editor"))
    client_of(room.user("editor")).get(IncomingFile.objects.get().get_absolute_url())
    told.refresh_from_db()
    assert told.read_at is not None


def test_who_edits_is_asked_to_look_and_nobody_hears_who_it_was(room, draft, token):
    client = pressed(token)
    send_back(client, token, read(download(client, token)))
    rows = Notification.objects.filter(kind="file_of_a_guest")
    told = set(rows.values_list("person", flat=True))
    assert told == {room.user(name).pk for name in ("editor", "coordinator")}
    assert set(rows.values_list("subject", flat=True)) == {IncomingFile.objects.get().uuid}
    assert notifications_for(room.user("editor")).filter(kind="file_of_a_guest").exists()
    heard = activity_for(room.user("reviewer")).filter(kind="guest_sent_back").get()
    assert NAME not in str(heard.detail)
    assert not activity_for(room.user("observer")).filter(kind="guest_sent_back").exists()
    change_draft(
        access=room.access("coordinator"),
        draft=draft,
        title=draft.title,
        kind=draft.kind,
        handling=Handling.NAMED_PEOPLE,
        named_people=[],
    )  # with its maker, the editor, and who marks it
    taken = room.take("editor", name="second")
    assert not notifications_for(taken.person).filter(kind="file_of_a_guest").exists()


@pytest.mark.parametrize(
    ("content", "name"), [(b"", "a.docx"), (b"%PDF-1.7", "a.pdf"), (b"words", "a.txt"), (b"MZ", "a.exe")]
)
def test_what_is_no_such_file_is_refused_and_no_use(link, token, content, name):
    client = pressed(token)
    answer = send_back(client, token, content, name)
    assert answer.status_code == 422
    assert not IncomingFile.objects.exists()
    assert not link[0].uses.filter(act=GuestAct.SENT_BACK).exists()


def test_a_broken_file_is_kept_and_said_so(token):
    client = pressed(token)
    answer = client.post(
        address("guest_send_back", token, "kk"),
        {"file": SimpleUploadedFile("a.docx", b"PK\x03\x04 nothing", DOCX)},
        follow=True,
    )
    assert "broken or incomplete" in answer.content.decode()
    assert IncomingFile.objects.get().state == IncomingState.REFUSED


@pytest.mark.parametrize("purpose", [GuestPurpose.READ, GuestPurpose.LEGAL])
def test_who_only_reads_takes_no_file(room, draft, purpose):
    _link, token = invite(room, draft, purpose=purpose)
    client = pressed(token)
    assert "Word file" not in shown(client, token)
    assert download(client, token).status_code == 404
    assert send_back(client, token, b"x").status_code == 404
    assert not ExportedFile.objects.exists()


def test_another_language_than_the_link_opens_is_no_file(room, draft):
    room.write(draft.texts.get(language="ru"), "editor", "Canaryrussian")
    text = draft.texts.get(language="kk")
    _link, token = invite(room, draft, purpose=GuestPurpose.WORD, text=text)
    client = pressed(token)
    assert client.post(address("guest_file", token, "ru")).status_code == 404
    assert client.post(address("guest_send_back", token, "ru")).status_code == 404


def test_before_the_press_and_after_the_end_there_is_no_file(room, link, token):
    assert download(Client(), token)["Location"] == address("guest", token)
    client = pressed(token)
    revoke_guest_link(access=room.access("editor"), link=link[0])
    assert download(client, token).status_code == 404
    assert send_back(client, token, b"x").status_code == 404
    assert not ExportedFile.objects.exists()


def test_a_press_by_get_takes_nothing(token):
    """Mail scanners and prefetching browsers follow links."""
    client = pressed(token)
    for name in ("guest_file", "guest_send_back"):
        assert client.get(address(name, token, "kk")).status_code == 405
    assert not ExportedFile.objects.exists()


def test_a_large_file_is_made_beside_the_page(token, monkeypatch):
    monkeypatch.setattr(export, "LONG_TEXT_SIZE", 10)
    client = pressed(token)
    answer = download(client, token)
    assert answer.status_code == 302
    code = re.search(r"code=([0-9a-f]{8})", answer["Location"])[1]
    assert f'name="code" value="{code}"' in client.get(answer["Location"]).content.decode()
    assert download(client, token, code=code).status_code == 302  # not yet
    export.make_file_in_background(str(ExportedFile.objects.get().uuid), {})
    answer = download(client, token, code=code)
    assert answer.status_code == 200
    assert WordFile(read(answer)).parts
    assert ExportedFile.objects.count() == 1


def test_the_code_of_somebody_elses_file_gives_a_file_of_ones_own(room, draft, token, monkeypatch):
    monkeypatch.setattr(export, "LONG_TEXT_SIZE", 10)
    _link, other = invite(room, draft, purpose=GuestPurpose.WORD)
    download(pressed(other), other)
    theirs = ExportedFile.objects.get()
    export.make_file_in_background(str(theirs.uuid), {})
    answer = download(pressed(token), token, code=theirs.code)
    assert answer.status_code == 302
    assert ExportedFile.objects.count() == 2


def test_a_large_file_that_nobody_took_for_a_day_is_asked_for_anew(token, monkeypatch):
    monkeypatch.setattr(export, "LONG_TEXT_SIZE", 10)
    client = pressed(token)
    download(client, token)
    old = ExportedFile.objects.get()
    export.make_file_in_background(str(old.uuid), {})
    ExportedFile.objects.update(made_at=now() - DOWNLOAD_LIFETIME)
    forget_files()
    answer = download(client, token, code=old.code)
    fresh = ExportedFile.objects.exclude(pk=old.pk).get()
    assert f"code={fresh.code}" in answer["Location"]


def test_a_large_file_of_another_mark_is_asked_for_anew(token, draft, monkeypatch):
    monkeypatch.setattr(export, "LONG_TEXT_SIZE", 10)
    client = pressed(token)
    download(client, token)
    old = ExportedFile.objects.get()
    export.make_file_in_background(str(old.uuid), {})
    type(draft).objects.update(handling=Handling.COALITION)
    assert download(client, token, code=old.code).status_code == 302
    assert ExportedFile.objects.exclude(pk=old.pk).get().handling == Handling.COALITION
