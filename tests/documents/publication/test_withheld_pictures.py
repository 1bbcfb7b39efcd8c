"""A picture under consent in a published text: once taken back it is nowhere, and the record verifies."""

import io
import json
import zipfile
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from PIL import Image

from coalition.accounts.models import Language
from coalition.consent.actions.withdraw import withdraw_consent
from coalition.consent.enums import Place
from coalition.consent.items import Taker, takers_of
from coalition.consent.models import ConsentRecord
from coalition.consent.shared_gates import sharing_gates
from coalition.core.clock import now
from coalition.core.retention import anonymise_cutoff
from documents.approval.models import ApprovalRound
from documents.canonical.characters import render_text
from documents.canonical.form import canonical_bytes, canonical_hash, short_hash
from documents.canonical.html import render_html
from documents.contacts.actions import archive_contact
from documents.drafts.access import GuestData
from documents.drafts.actions.manage import name_version, save_text
from documents.drafts.models import EmbargoAct, GuestAct, GuestPurpose
from documents.files.actions import upload_file
from documents.files.withheld import WithheldContent
from documents.guests.actions import make_guest_link, use_guest_link
from documents.guests.models import GuestLink
from documents.guests.presenters import guest_text_in, render_guest_text
from documents.interchange.actions.export import export_for_guest, export_text
from documents.interchange.formats import FileFormat, SuggestionDisplay
from documents.interchange.presenters import make_document_file
from documents.interchange.views import bytes_of
from documents.models import (
    Contact,
    EmbargoAccess,
    Publication,
    PublicationText,
    StoredFile,
    TakenOff,
    Version,
)
from documents.publication import hooks
from documents.publication.actions import NotPublishable, publish_approved
from documents.publication.certificate import build_sheet, withheld_sentence
from documents.publication.embargo.actions import schedule_publication, use_embargo
from documents.publication.models import EmbargoUse
from documents.publication.queries import publications_for_sheets
from documents.publication.verification import findings
from documents.publication.verification.record import findings_of, verify
from documents.publication.verification.withheld import local_record
from tests.consent.builders import caseworker_of, consent_asked, put_under_consent, shown_under_consent
from tests.documents.approval.builders import Stage, stage
from tests.documents.conftest import body
from tests.documents.publication.certificates import in_browser, whole
from tests.documents.publication.embargo.builders import HOUR, reader

pytestmark = pytest.mark.django_db

CANARY = "canary-3b7e"
WORDS = [f"{CANARY}-{one}" for one in ("name", "alt", "caption", "credit")]


@dataclass
class Pictured:
    """A published text with one picture."""

    stage: Stage
    file: StoredFile
    publication: Publication
    consent: ConsentRecord | None = None

    @property
    def text(self) -> PublicationText:
        return self.publication.texts.select_related("version", "publication__draft").get()

    def withdraw(self) -> None:
        assert self.consent is not None
        withdraw_consent(by=caseworker_of(self.consent.organisation), consent=self.consent)


@pytest.fixture(autouse=True)
def no_pages(monkeypatch):
    monkeypatch.setattr(hooks, "_presenters", [])
    monkeypatch.setattr(findings, "_readers", [])


def published(language: str = "en", *, colour: str = "red", made: Stage | None = None) -> Pictured:
    made = made or stage(1)
    file, round_ = approved(made, language, colour=colour)
    return Pictured(made, file, publish_approved(access=made.access, round_=round_))


def approved(made: Stage, language: str = "en", *, colour: str = "red") -> tuple[StoredFile, ApprovalRound]:
    """A text with one picture that everybody approved."""
    content = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(content, "PNG")
    size = content.tell()
    content.seek(0)
    given = dict(zip(("alt", "caption", "credit"), WORDS[1:], strict=True))
    file = upload_file(access=made.access, content=content, size=size, name=f"{WORDS[0]}.png", **given)
    words = body("We ask for a law.")
    attributes = {"id": str(file.uuid), **given}
    words["content"].append({"type": "picture", "attrs": attributes})
    save_text(access=made.access, text=made.text(language), title="Pictured", lead="", body=words)
    version = name_version(access=made.access, text=made.text(language), name="As agreed")
    round_ = made.put(versions=[version])
    made.approve_all(round_)
    return file, round_


def test_publishing_is_refused_without_saying_that_anybody_is_asked():
    made = stage(1)
    file, round_ = approved(made)
    put_under_consent(consent_asked(), "file", str(file.uuid))
    with pytest.raises(NotPublishable) as refused:
        publish_approved(access=made.access, round_=round_)
    (reason,) = refused.value.reasons
    assert reason == (
        "A picture of the text is not available for the site in this language now. Take it out or ask who "
        "added it."
    )


def test_who_read_it_under_an_embargo_took_it():
    made = stage(1)
    file, round_ = approved(made)
    publication = schedule_publication(access=made.access, round_=round_, at=now() + HOUR)
    key = str(file.uuid)
    (first, token), (removed, other), _agreed = (reader(made, publication) for _number in range(3))
    assert takers_of("file", key) == []
    for one in (token, other):
        use_embargo(token=one, act=EmbargoAct.READ, language="en")
    who = Contact.objects.get(uuid=first.contact)
    archive_contact(access=made.access, contact=Contact.objects.get(uuid=removed.contact))
    expected = [Taker("Qala TV", Place.SITE, who.address, "en"), Taker("Qala TV", Place.SITE, "", "en")]
    assert takers_of("file", key) == expected
    assert takers_of("file", "nonsense") == []
    long_ago = anonymise_cutoff() - HOUR
    EmbargoAccess.objects.update(agreed_at=long_ago)
    EmbargoUse.objects.all().delete()  # by retention
    assert len(takers_of("file", key)) == 3


def test_guest_who_read_it_took_it():
    made = stage(1)
    file, _round = approved(made)
    key = str(file.uuid)
    guest = GuestData("A guest", "a@example.org", Language.EN)
    link, token = make_guest_link(
        access=made.access, draft=made.draft, guest=guest, purpose=GuestPurpose.READ, reason="Our lawyer"
    )
    assert takers_of("file", key) == []
    use_guest_link(token=token, act=GuestAct.READ, language="kk")  # another text
    assert takers_of("file", key) == []
    use_guest_link(token=token, act=GuestAct.READ, language="en")
    assert takers_of("file", key) == [Taker("A guest", Place.SITE, "a@example.org", "en")]
    GuestLink.objects.filter(pk=link.pk).update(name="", email="")
    with override("en"):
        [erased] = takers_of("file", key)
    assert ("addresses are erased" in erased.name, erased.address) == (True, "")


@pytest.fixture
def pictured() -> Pictured:
    made = published()
    made.consent = consent_asked()
    shown_under_consent(made.consent, "file", str(made.file.uuid))
    return made


def file_of(made: Pictured, form: FileFormat) -> bytes:
    return make_document_file(
        made.text.document,
        form,
        workspace=made.stage.workspace,
        language="en",
        mark="TLP:CLEAR",
        holder="everybody",
    )


def everything_in(content: bytes) -> str:
    """The words of a file; of an archive those of all its members, with their names."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode("latin-1")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(name + archive.read(name).decode("latin-1") for name in archive.namelist())


def public_surfaces(made: Pictured) -> dict[str, str]:
    """What outsiders can read of it, by name."""
    client = Client()
    sheet = reverse("documents_public:sheet", args=[made.publication.uuid])
    sheet_json = reverse("documents_public:sheet_json", args=[made.publication.uuid])
    return {
        "html": str(render_html(made.text.document, with_title=True)),
        "text": render_text(made.text.document, width=None),
        "sheet": client.get(sheet).content.decode(),
        "json": client.get(sheet_json).content.decode(),
        "docx": everything_in(file_of(made, FileFormat.DOCX)),
        "odt": everything_in(file_of(made, FileFormat.ODT)),
        "plain": everything_in(file_of(made, FileFormat.PLAIN)),
    }


def test_canaries_stand_there_while_she_agrees_and_nowhere_afterwards(pictured):
    before = public_surfaces(pictured)
    assert all(WORDS[2] in words for words in before.values())
    assert "media/" in before["docx"]
    pictured.withdraw()
    after = public_surfaces(pictured)
    assert [name for name, words in after.items() if CANARY in words] == []
    assert all("A picture stood here" in words for words in after.values())
    assert "media/" not in after["docx"]
    assert "Pictures/" not in after["odt"].replace("Pictures/</", "")


def test_waiting_for_her_answer_shows_nothing_either(pictured):
    other = published(colour="blue", made=stage(1))
    put_under_consent(consent_asked(), "file", str(other.file.uuid))
    assert CANARY not in str(other.text.document)
    assert CANARY in str(pictured.text.document)


def test_version_keeps_what_was_approved(pictured):
    pictured.withdraw()
    text = pictured.text
    assert CANARY in text.version.canonical
    assert canonical_hash(text.recorded_document) == text.hash
    assert text.title == "Pictured"


def test_pdf_has_neither_words_nor_picture(pictured):
    before = file_of(pictured, FileFormat.PDF)
    assert b"/Image" in before
    pictured.withdraw()
    assert b"/Subtype/Image" not in file_of(pictured, FileFormat.PDF).replace(b" ", b"")


def test_guest_reads_a_sentence_and_gets_no_bytes(pictured):
    draft, access = pictured.publication.draft, pictured.stage.access
    guest = GuestData("A guest", "a@example.org", Language.EN)
    make_guest_link(
        access=access, draft=draft, guest=guest, purpose=GuestPurpose.READ, reason="Our lawyer reads it"
    )
    link = GuestLink.objects.select_related("draft__workspace", "text", "version__text").get()
    assert CANARY in render_guest_text(link, guest_text_in(link, "en"), "token")
    pictured.withdraw()
    words = render_guest_text(link, guest_text_in(link, "en"), "token")
    assert CANARY not in words
    assert str(pictured.file.uuid) not in words
    assert "A picture stood here" in words


def test_word_file_for_guests_and_stored_exports_follow(pictured):
    text, organisation = pictured.stage.text("en"), pictured.stage.access.organisation
    before = export_for_guest(guest=uuid4(), organisation=organisation, text=text)
    made = bytes_of(before)
    assert WORDS[1] in everything_in(made)
    before.file.save(before.name, ContentFile(made))
    pictured.withdraw()
    after = export_for_guest(guest=uuid4(), organisation=organisation, text=text)
    for one in (before, after):
        words = everything_in(bytes_of(one))
        assert CANARY not in words
        assert "A picture stood here" in words
        assert "media/" not in words


def test_exports_for_members_have_no_bytes_of_it(pictured):
    pictured.withdraw()
    export = export_text(
        access=pictured.stage.access,
        text=pictured.stage.text("en"),
        format=FileFormat.DOCX,
        view=SuggestionDisplay.STANDING,
    )
    assert "media/" not in everything_in(bytes_of(export))


def test_members_cannot_download_it(pictured, client_of):
    pictured.withdraw()
    client = client_of(pictured.stage.coordinator)
    for name in ("download", "picture"):
        assert client.get(reverse(f"documents:{name}", args=[pictured.file.uuid])).status_code == 404


def test_withdrawal_verifies_here_and_stays_open_outside(pictured, tmp_path, capsys):
    pictured.withdraw()
    sheet = whole(pictured.publication)
    (shown,) = sheet["documents"]
    assert shown["withheld"] == [pictured.file.sha256]
    assert canonical_hash(shown["document"]) != shown["hash"]
    assert findings_of([pictured.publication.pk]) == {pictured.publication.pk: []}
    outside = verify(sheet)
    assert all(check.ok for check in outside)
    (open_check,) = [check.words for check in outside if check.is_open]
    assert open_check == withheld_sentence("en", 1, shown["hash"])
    assert short_hash(shown["hash"]) in open_check
    assert all(in_browser(sheet).values())
    assert "words-en" not in in_browser(sheet)
    (tmp_path / "sheet.json").write_text(json.dumps(sheet))
    call_command("verify_publication", str(tmp_path / "sheet.json"))
    assert "cannot be checked: en: 1 picture" in capsys.readouterr().out
    call_command("verify_publication", "--all")
    page = Client().get(reverse("documents_public:sheet", args=[pictured.publication.uuid])).content.decode()
    assert "1 picture or file is withheld since" in page
    assert 'data-check="words-en"' not in page


def test_withdrawal_does_not_take_the_publication_off_the_site(pictured):
    pictured.withdraw()
    for _run in range(3):
        call_command("verify_publication", "--due")
    assert not TakenOff.objects.exists()


def test_changed_document_fails_in_spite_of_a_withdrawal(pictured):
    pictured.withdraw()
    text = pictured.text
    document = text.recorded_document
    document["blocks"][0]["content"][0]["text"] = "We ask for no law."
    Version.objects.filter(pk=text.version_id).update(canonical=canonical_bytes(document).decode())
    found = findings_of([pictured.publication.pk])[pictured.publication.pk]
    assert "record" in {one.code for one in found}
    with pytest.raises(CommandError):
        call_command("verify_publication", "--all")


@pytest.mark.parametrize("forgery", ["words", "more withheld", "no withdrawal", "picture left"])
def test_forged_sheet_fails_here(pictured, forgery):
    rows, withheld = publications_for_sheets(), WithheldContent()
    row = rows.get(pk=pictured.publication.pk)
    if forgery != "no withdrawal":
        pictured.withdraw()
    sheet = build_sheet(row, withheld)
    (shown,) = sheet["documents"]
    if forgery == "words":
        shown["document"]["blocks"][0]["content"][0]["text"] = "We ask for no law."
    elif forgery == "more withheld":
        shown["withheld"] = sorted([*shown["withheld"], "e" * 64])
    elif forgery == "picture left":
        shown["document"] = row.texts.all()[0].recorded_document
    else:
        shown["withheld"] = [pictured.file.sha256]
        shown["document"]["blocks"].pop()
        shown["document"]["pictures"] = {}
    assert not all(check.ok for check in verify(sheet, local=local_record(row, withheld)))


def test_forged_mark_outside_is_refused_unless_well_formed(pictured):
    sheet = whole(pictured.publication)
    (shown,) = sheet["documents"]
    for given in ([], "e" * 64, ["e" * 64, "d" * 64], ["no hash"], [pictured.file.sha256]):
        shown["withheld"] = given
        assert not all(check.ok for check in verify(sheet))


@pytest.mark.parametrize("count", [1, 3])
def test_request_asks_once_however_many_texts(count):
    consent = consent_asked()
    for number in range(count):
        made = published(colour=("red", "green", "blue")[number], made=stage(1))
        shown_under_consent(consent, "file", str(made.file.uuid))
    texts = PublicationText.objects.select_related("version")
    with CaptureQueriesContext(connection) as queries, sharing_gates():
        assert all(CANARY in str(text.document) for text in texts)
    assert len(queries) == 2


def test_texts_without_pictures_ask_nothing():
    made = stage(1)
    publication = made.publish(*Language.values)
    texts = list(publication.texts.select_related("version"))
    with CaptureQueriesContext(connection) as queries:
        assert all(text.document["title"] for text in texts)
    assert len(queries) == 0
