"""Taking a text out and bringing files back, as a browser sees it."""

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coalition.accounts.models import Listing, Membership
from coalition.jobs.scheduler import run_due
from documents.drafts.live.backend import marked_of
from documents.drafts.live.suggestions import open_suggestions_in
from documents.drafts.models import Handling, IncomingState
from documents.interchange.actions import export, upload
from documents.interchange.actions.upload import read_incoming, upload_revision
from documents.interchange.queries import names_in_file
from documents.models import Draft, DraftText, ExportedFile, ImportedAuthor, IncomingFile
from tests.documents.interchange.raw_word import raw_docx, row, run, text_box
from tests.documents.interchange.word import WordFile
from tests.factories import OrganisationFactory

LAWYER = "Лаура Заңгер"


@pytest.fixture
def written(room, text):
    return room.write(text, "editor", "Біз заң сұраймыз.", "Екінші абзац.", title="Мәлімдеме")


def url(name, text):
    return reverse(f"documents:{name}", args=[text.draft.uuid, text.language])


def all_of(answer):
    async def gather():
        return b"".join([piece async for piece in answer.streaming_content])

    return async_to_sync(gather)()


def taken_out(client, text, form="docx", view="suggestions"):
    answer = client.post(url("export", text), {"format": form, "view": view}, follow=True)
    return answer, all_of(answer)


def edited(content):
    file = WordFile(content)
    file.replace("сұраймыз", "талап етеміз", LAWYER)
    file.write_over("Екінші", "Тағы бір")
    return file.saved()


def sent_by(client, text, content, name="file.docx"):
    return client.post(url("send_back", text), {"file": SimpleUploadedFile(name, content)}, follow=True)


@pytest.mark.parametrize(
    ("form", "begins"), [("docx", b"PK"), ("odt", b"PK"), ("pdf", b"%PDF"), ("md", b"**TLP"), ("txt", b"TLP")]
)
def test_every_kind_of_file_leaves_with_its_mark(room, written, client_of, form, begins):
    answer, content = taken_out(client_of(room.user("reviewer")), written, form=form, view="standing")
    assert content.startswith(begins)
    assert answer["X-Handling"] == "TLP:AMBER"
    assert 'filename="tlp-amber_statement-' in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "no-store, private"


def test_the_menu_offers_what_one_may_do(room, written, client_of):
    page = client_of(room.user("reviewer")).get(written.get_absolute_url()).content.decode()
    assert url("export", written) in page
    assert url("send_back", written) in page
    written.draft.archived_at = written.changed_at
    written.draft.save()
    page = client_of(room.user("reviewer")).get(written.get_absolute_url()).content.decode()
    assert url("export", written) in page
    assert url("send_back", written) not in page


def test_a_file_is_for_who_asked_for_it_as_long_as_they_read_the_draft(room, written, client_of):
    client = client_of(room.user("reviewer"))
    taken_out(client, written)
    made = ExportedFile.objects.get()
    places = [made.get_absolute_url(), reverse("documents:exported_file", args=[made.uuid])]
    for other in ("editor", "coordinator", "observer"):
        assert {client_of(room.user(other)).get(place).status_code for place in places} == {404}
    Membership.objects.filter(person=room.user("reviewer")).update(ended_at=made.made_at)
    assert 200 not in {client.get(place).status_code for place in places}


def test_who_is_not_named_takes_nothing_out(room, written, client_of):
    draft = written.draft
    draft.handling = Handling.NAMED_PEOPLE
    draft.save()
    draft.named_people.set([room.user("editor")])
    answer, _content = taken_out(client_of(room.user("editor")), written)
    assert answer["X-Handling"] == "TLP:RED"
    asked = client_of(room.user("coordinator")).post(
        url("export", written), {"format": "docx", "view": "standing"}
    )
    assert asked.status_code == 404


@pytest.mark.parametrize(("who", "told"), [("hidden", True), ("coordinator", True), ("editor", False)])
def test_whose_changes_they_are_is_told_like_everything_of_their_organisation(
    room, written, client_of, who, told
):
    """Of a confidential one only to its own people and to coordinators; the changes come in all the same."""
    room.take("editor", name="hidden", organisation=OrganisationFactory(listing=Listing.CONFIDENTIAL))
    sender = client_of(room.user("hidden"))
    file = WordFile(edited(taken_out(sender, written)[1]))
    file.comment("Неге осылай?", LAWYER, on="абзац")
    sent_by(sender, written, file.saved())
    file, client = IncomingFile.objects.get(), client_of(room.user(who))
    said = client.get(file.get_absolute_url()).content.decode()
    assert "Неге осылай?" in said
    assert (LAWYER in said) is told
    assert ("Somebody by a Word file" in said) is not told
    choices = {"act": "take_in", "author-0": "file", "author-1": "me"}
    assert (
        "2 suggestions came in" in client.post(file.get_absolute_url(), choices, follow=True).content.decode()
    )


@pytest.mark.parametrize("sent", [{}, {"format": "exe", "view": "standing"}, {"format": "pdf", "view": "x"}])
def test_what_does_not_exist_is_refused_in_words(room, written, client_of, sent):
    answer = client_of(room.user("editor")).post(url("export", written), sent)
    assert answer.status_code == 302
    assert not ExportedFile.objects.exists()


def test_a_long_file_is_waited_for(room, written, client_of, monkeypatch):
    monkeypatch.setattr(export, "LONG_TEXT_SIZE", 10)
    client = client_of(room.user("editor"))
    page = client.post(url("export", written), {"format": "pdf", "view": "standing"}, follow=True)
    made = ExportedFile.objects.get()
    assert "is being made" in page.content.decode()
    file = reverse("documents:exported_file", args=[made.uuid])
    assert client.get(file).status_code == 302
    run_due(worker="test")
    part = client.get(made.get_absolute_url(), headers={"HX-Target": "exported"}).content.decode()
    assert file in part
    assert "<html" not in part
    assert all_of(client.get(file)).startswith(b"%PDF")


def test_a_file_asked_for_under_another_mark_is_asked_for_anew(room, written, client_of):
    client = client_of(room.user("editor"))
    client.post(url("export", written), {"format": "docx", "view": "standing"})
    made = ExportedFile.objects.get()
    Draft.objects.update(handling=Handling.ORGANISATION)
    page = client.get(reverse("documents:exported_file", args=[made.uuid]), follow=True)
    assert page.redirect_chain[-1][0] == written.get_absolute_url()
    assert "has another mark now" in page.content.decode()
    answer, _content = taken_out(client, written)
    assert answer["X-Handling"] == "TLP:AMBER+STRICT"


# --- in -------------------------------------------------------------------------------------------------


def test_a_file_is_looked_at_and_taken_in(room, written, client_of):
    client = client_of(room.user("editor"))
    _answer, content = taken_out(client, written)
    page = sent_by(client, written, edited(content))
    file = IncomingFile.objects.get()
    said = page.content.decode()
    assert page.redirect_chain[-1][0] == file.get_absolute_url()
    assert "2 suggestions come in" in said
    assert "<ins>талап етеміз</ins>" in said
    assert f"{LAWYER}, as the file says" in said
    assert not open_suggestions_in(marked_of(written))
    done = client.post(
        file.get_absolute_url(), {"act": "take_in", "author-0": "file", "author-1": "me"}, follow=True
    )
    assert done.redirect_chain[-1][0] == written.get_absolute_url()
    assert "2 suggestions came in" in done.content.decode()
    marked = marked_of(DraftText.objects.get(pk=written.pk))
    names = names_in_file(written.draft, [one.id for one in open_suggestions_in(marked)], "en")
    assert [names[one.id].split(" (")[0] for one in open_suggestions_in(marked)] == [
        LAWYER,
        room.user("editor").name,
    ]


def test_a_choice_that_was_not_offered_is_refused(room, written, client_of):
    client = client_of(room.user("editor"))
    _answer, content = taken_out(client, written)
    sent_by(client, written, edited(content))
    file = IncomingFile.objects.get()
    for choice in ("guest", str(room.user("coordinator").uuid), ""):
        page = client.post(file.get_absolute_url(), {"act": "take_in", "author-0": choice, "author-1": "me"})
        assert page.status_code == 200
    assert not open_suggestions_in(marked_of(written))


def test_an_untouched_file_says_so(room, written, client_of):
    client = client_of(room.user("editor"))
    _answer, content = taken_out(client, written)
    page = sent_by(client, written, content).content.decode()
    assert "Nothing new to suggest" in page
    file = IncomingFile.objects.get()
    done = client.post(file.get_absolute_url(), {"act": "take_in"}, follow=True)
    assert "nothing came in" in done.content.decode()


def test_a_file_is_discarded(room, written, client_of):
    client = client_of(room.user("editor"))
    _answer, content = taken_out(client, written)
    sent_by(client, written, edited(content))
    file = IncomingFile.objects.get()
    done = client.post(file.get_absolute_url(), {"act": "discard"}, follow=True)
    assert "Nothing of it came in" in done.content.decode()
    assert "has been discarded" in client.get(file.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.docx", b"no archive", "it is broken or incomplete"),
        ("a.pdf", b"%PDF-1.7", "neither a Word file"),
        ("a.docx", b"", "is empty"),
    ],
)
def test_what_cannot_be_read_is_said(room, written, client_of, name, content, said):
    client = client_of(room.user("editor"))
    page = sent_by(client, written, content, name).content.decode()
    assert said in page
    for file in IncomingFile.objects.all():
        assert file.state == IncomingState.REFUSED
        client.post(file.get_absolute_url(), {"act": "discard"})
        file.refresh_from_db()
        assert file.state == IncomingState.DISCARDED


def test_a_large_file_is_waited_for(room, written, client_of, monkeypatch):
    monkeypatch.setattr(upload, "QUICK_READ_BYTES", 10)
    client = client_of(room.user("editor"))
    _answer, content = taken_out(client, written)
    said = sent_by(client, written, edited(content)).content.decode()
    assert "is being read" in said
    assert 'value="discard"' in said
    file = IncomingFile.objects.get()
    run_due(worker="test")
    part = client.get(file.get_absolute_url(), headers={"HX-Target": "incoming-state"}).content.decode()
    assert "The file is read." in part
    assert "2 suggestions come in" in client.get(file.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("role", "status"), [("observer", 404), ("contributor", 404), ("coordinator", 200)])
def test_a_file_is_for_who_sent_it_and_who_edits_the_text(room, written, client_of, role, status):
    client = client_of(room.user("reviewer"))
    _answer, content = taken_out(client, written)
    sent_by(client, written, edited(content))
    file = IncomingFile.objects.get()
    assert client.get(file.get_absolute_url()).status_code == 200
    other = client_of(room.user(role))
    assert other.get(file.get_absolute_url()).status_code == status
    if status == 404:
        assert other.post(file.get_absolute_url(), {"act": "discard"}).status_code == 404
    else:
        assert file.get_absolute_url() in other.get(written.get_absolute_url()).content.decode()


def test_the_page_of_a_text_asks_as_often_with_one_file_as_with_three(
    room, written, client_of, django_assert_num_queries, django_assert_max_num_queries
):
    client = client_of(room.user("editor"))
    _answer, content = taken_out(client, written)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            given = {"content": SimpleUploadedFile("a.docx", content), "name": "a.docx"}
            read_incoming(upload_revision(access=room.access("reviewer"), text=written, **given))
        with django_assert_max_num_queries(500) as asked:
            client.get(written.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_draft_is_made_of_a_file(room, written, client_of):
    client = client_of(room.user("contributor"))
    _answer, content = taken_out(client, written)
    where = reverse("documents:from_file", args=[room.workspace.uuid])
    assert where in client.get(reverse("documents:create", args=[room.workspace.uuid])).content.decode()
    given = {"title": "", "kind": "letter", "language": "ru", "handling": "green"}
    page = client.post(where, {"file": SimpleUploadedFile("хат.docx", edited(content)), **given}, follow=True)
    assert "words become a draft" in page.content.decode()
    file = IncomingFile.objects.get()
    client.post(file.get_absolute_url(), {"act": "take_in", "author-0": "file"}, follow=True)
    draft = Draft.objects.latest("pk")
    assert (draft.title, draft.kind, draft.handling) == ("Мәлімдеме", "letter", "green")
    assert ImportedAuthor.objects.get().name == LAWYER


def test_the_page_learns_the_lawyers_name_and_that_it_is_by_a_file(room, written, client_of):
    client = client_of(room.user("editor"))
    _answer, content = taken_out(client, written)
    sent_by(client, written, edited(content))
    file = IncomingFile.objects.get()
    client.post(file.get_absolute_url(), {"act": "take_in", "author-0": "file", "author-1": "me"})
    told = client.get(reverse("documents:people", args=[written.draft.uuid])).json()
    author = ImportedAuthor.objects.get()
    assert told["people"][str(author.uuid)] == {"name": f"{LAWYER}, by a Word file", "initials": "ЛЗ"}
    assert str(room.organisation("editor").uuid) in told["organisations"]


def test_what_does_not_come_in_is_said_before_and_after_a_draft_is_made_of_a_file(room, client_of):
    comments = "".join(
        f'<w:comment w:id="{number}" w:author="{LAWYER}">{row(run("Неге?"))}</w:comment>' for number in (1, 2)
    )
    content = raw_docx(
        row(run("Сөз."), text_box(row(run("Қорап.")))), comments=comments, header1=row(run("Құпия басы"))
    )
    client = client_of(room.user("editor"))
    given = {"kind": "statement", "language": "kk", "handling": Handling.WORKSPACE, "title": "Хат"}
    given["file"] = SimpleUploadedFile("letter.docx", content)
    page = client.post(reverse("documents:from_file", args=[room.workspace.uuid]), given, follow=True)
    shown = page.content.decode()
    assert "2 comments come in" in shown
    said = ("1 text box is not kept as a box", "The words of 1 header or footer were left out.")
    assert all(one in shown for one in said)
    address = page.request["PATH_INFO"]
    after = client.post(address, {"act": "take_in"}, follow=True).content.decode()
    assert "2 comments came in." in after
    assert all(one in after for one in said)
    assert all(one in client.get(address).content.decode() for one in said)
    assert "Құпия" not in str(IncomingFile.objects.values().get())
