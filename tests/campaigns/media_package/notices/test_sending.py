"""Who gets a notice about an item, and what it says."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.audit.models import AuditEntry
from coalition.campaigns.media_package.actions.items import remove_item, restore_item
from coalition.campaigns.media_package.actions.renditions import remove_rendition
from coalition.campaigns.media_package.enums import AddressState, Currency, Format, NoticeKind
from coalition.campaigns.media_package.gate import MEDIA_ITEM
from coalition.campaigns.media_package.models import ItemNotice, NoticeRecipient, Rendition
from coalition.campaigns.media_package.notices.actions import answer_path, send_notice, withdraw_item
from coalition.campaigns.media_package.notices.currency import currency_of
from coalition.campaigns.media_package.queries import open_answers
from coalition.consent.actions.withdraw import send_removal_requests, withdraw_consent
from coalition.consent.items import notify_changes, takers_of
from coalition.core.errors import Refused
from coalition.mail import outbox
from coalition.mail.models import OutboxMail
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.files.consent import FILE
from documents.publication.actions import withdraw_publication
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.notices.builders import correction_address, outlet, outlet_with, take
from tests.campaigns.media_package.outlets.builders import scheduled
from tests.consent.builders import caseworker_of, consent_asked, shown_under_consent
from tests.factories import seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(open_package: Press) -> Rendition:
    return Rendition.objects.get()


def mails(mailoutbox) -> dict[str, str]:
    """Send what waits of notices; return it by address. Members are mailed about the text itself."""
    OutboxMail.objects.exclude(template="campaigns/media_notice").delete()
    outbox.deliver_due()
    return {one.to[0]: f"{one.subject}\n{one.body}" for one in mailoutbox}


def correct(press: Press, words: str = "Every second woman.") -> Rendition:
    """Bring a new file and publish a correction of the text."""
    item = press.items[0]
    made = press.file(item, b"Corrected words.")
    press.approve(item, words)
    made.refresh_from_db()
    return made


def test_a_correction_of_the_text_tells_everybody_who_took_it_once(
    open_package: Press, film: Rendition, mailoutbox
) -> None:
    outlet_with(film)
    outlet_with(film, "Caspian Radio", language="ru")
    outlet(open_package.package, "Took Nothing")
    correction_address(open_package.package)
    correction_address(open_package.package, "unproved@tests.example", state=AddressState.UNPROVED)
    correction_address(open_package.package, "Oral-TV@tests.example")  # the outlet's own: told already

    correct(open_package)

    found = mails(mailoutbox)
    assert set(found) == {"oral-tv@tests.example", "caspian-radio@tests.example", "blogger@tests.example"}
    english = found["oral-tv@tests.example"]
    assert "Replaced by a new version: Video: film" in english
    assert "film_document_v1.txt → film_document_v2.txt" in english
    assert "/media-answer/" in english
    assert "Caspian" not in english
    notice = ItemNotice.objects.get()
    assert (notice.kind, notice.sent_by, notice.recipients.count()) == (NoticeKind.CORRECTION, None, 3)
    assert AuditEntry.objects.filter(action="media_notice.sent", target=notice.uuid).count() == 1


def test_a_withdrawal_of_the_text_says_do_not_use_without_reasons(
    open_package: Press, film: Rendition, mailoutbox
) -> None:
    outlet_with(film)
    publication = open_package.items[0].draft.publications.get()
    withdraw_publication(access=open_package.access, publication=publication, note="She asked us")
    withdraw_publication(access=open_package.access, publication=publication, note="Again")

    [words] = mails(mailoutbox).values()
    assert "Do not use any more: Video: film" in words
    assert "film_document_v1.txt – do not use" in words
    assert "She asked us" not in words
    assert "Every third woman" not in words
    assert ItemNotice.objects.get().kind == NoticeKind.WITHDRAWAL


def test_texts_that_are_no_items_and_items_nobody_took_send_nothing(open_package: Press) -> None:
    correct(open_package)
    publication = open_package.items[0].draft.publications.newest_public()
    withdraw_publication(access=open_package.access, publication=publication, note="A mistake")
    assert not ItemNotice.objects.exists()


def test_consent_that_ends_closes_the_item_and_consent_sends_the_mails(
    open_package: Press, film: Rendition, mailoutbox
) -> None:
    item = open_package.items[0]
    outlet_with(film)
    correction_address(open_package.package)
    consent = consent_asked()
    shown_under_consent(consent, MEDIA_ITEM, str(item.uuid))
    assert not ItemNotice.objects.exists()
    assert [one.address for one in takers_of(MEDIA_ITEM, str(item.uuid)) if not one.name] == [
        "blogger@tests.example"
    ]

    withdrawal = withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)

    assert ItemNotice.objects.get().kind == NoticeKind.WITHDRAWAL
    assert open_answers(open_package.package).count() == 2
    send_removal_requests(str(withdrawal.uuid), None)
    templates = set(OutboxMail.objects.filter(state="waiting").values_list("template", flat=True))
    assert "campaigns/media_notice" not in templates
    assert "consent/material_ended" in templates


def test_consent_that_ends_for_one_file_is_noted_for_those_who_took_it(
    open_package: Press, film: Rendition, mailoutbox, client: Client
) -> None:
    item = open_package.items[0]
    files = {code: open_package.file(item, code.encode(), language=code) for code in ("kk", "ru")}
    open_package.approve(item, "Every second woman.")
    kazakh, russian = outlet_with(files["kk"], "Qala TV"), outlet_with(files["ru"], "Oral TV")
    take(russian, files["kk"])
    correction = send_notice(access=open_package.access, item=item, kind=NoticeKind.CORRECTION)
    assert files["ru"].file is not None
    consent = consent_asked()
    under = shown_under_consent(consent, FILE, str(files["ru"].file.uuid))
    assert ItemNotice.objects.count() == 1

    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    notice = ItemNotice.objects.latest("pk")
    recipient = notice.recipients.get()
    assert (notice.kind, recipient.link) == (NoticeKind.WITHDRAWAL, russian)
    notify_changes([(FILE, under.key, under.sha256)])
    assert ItemNotice.objects.count() == 2  # once

    waiting = set(open_answers(open_package.package))
    assert waiting == {recipient, correction.recipients.get(link=kazakh)}  # the correction stays open
    words = client.get(answer_path(recipient)).content.decode()
    assert "Please do not use these files any more." in words
    assert files["ru"].file_name in words
    assert files["kk"].file_name not in words

    publication = item.draft.publications.newest_public()
    withdraw_publication(access=open_package.access, publication=publication, note="A mistake")
    last = ItemNotice.objects.latest("pk")
    assert {one.link for one in last.recipients.all()} == {kazakh, russian}


def test_a_replaced_file_is_noted_only_if_consent_to_it_ended(open_package: Press, film: Rendition) -> None:
    """Her picture was replaced by one without her, then she takes back her consent to the first."""
    item = open_package.items[0]
    outlet_with(film, "Has Both")
    open_package.file(item, b"Without her.")
    open_package.approve(item, "Every second woman.")
    assert film.file is not None
    consent = consent_asked()
    shown_under_consent(consent, FILE, str(film.file.uuid))
    newest = Rendition.objects.get(version=2)
    other = consent_asked(consent.organisation)
    assert newest.file is not None
    outlet_with(newest, "Has New")
    before = ItemNotice.objects.count()
    shown_under_consent(other, FILE, str(newest.file.uuid))
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    notice = ItemNotice.objects.latest("pk")
    assert ItemNotice.objects.count() == before + 1
    assert [one.link.outlet for one in notice.recipients.all() if one.link] == ["Has Both"]


def test_what_is_under_embargo_is_told_to_outlets_that_took_it_only(open_package: Press, mailoutbox) -> None:
    item = open_package.item("minister-resigns")
    secret = open_package.file(item, b"Not before tomorrow.")
    scheduled(open_package, item, "She goes.")
    secret.refresh_from_db()
    assert secret.released_at is None
    outlet_with(secret)
    correction_address(open_package.package)

    notice = withdraw_item(access=open_package.access, item=item)

    assert notice is not None
    assert set(mails(mailoutbox)) == {"oral-tv@tests.example"}
    assert (currency_of(secret.file_name), currency_of(secret.sha256)) == (
        Currency.UNKNOWN,
        Currency.DO_NOT_USE,
    )


def test_addresses_read_of_files_of_public_texts_only(
    open_package: Press, film: Rendition, mailoutbox
) -> None:
    item = open_package.items[0]
    draft = open_package.file(item, b"Taken before anybody approved it.")
    outlet_with(draft)
    correction_address(open_package.package)
    withdraw_item(access=open_package.access, item=item)
    found = mails(mailoutbox)
    assert draft.file_name in found["oral-tv@tests.example"]
    assert film.file_name in found["blogger@tests.example"]
    assert draft.file_name not in found["blogger@tests.example"]


def test_an_item_is_taken_out_and_everybody_told(open_package: Press, film: Rendition, mailoutbox) -> None:
    outlet_with(film)
    notice = withdraw_item(access=open_package.access, item=open_package.items[0])
    assert notice is not None
    open_package.items[0].refresh_from_db()
    assert open_package.items[0].removed_at is not None
    assert "do not use" in mails(mailoutbox)["oral-tv@tests.example"]


def test_addresses_learn_nothing_of_an_item_that_was_never_public(open_package: Press, mailoutbox) -> None:
    """Outlets that agreed to the embargo took it; whoever left an address cannot have it."""
    item = open_package.item("secret")
    made = open_package.file(item, b"Not public yet.")
    scheduled(open_package, item, "Every second woman.")
    outlet_with(made)
    correction_address(open_package.package)
    notice = withdraw_item(access=open_package.access, item=item)
    assert notice is not None
    assert notice.recipients.get().link is not None
    assert set(mails(mailoutbox)) == {"oral-tv@tests.example"}


def test_addresses_learn_of_public_files_only(open_package: Press, film: Rendition, mailoutbox) -> None:
    item = open_package.items[0]
    later = open_package.file(item, b"Taken by a mistake of ours.", rendition_format=Format.BITES)
    outlet_with(later)
    correction_address(open_package.package)
    withdraw_item(access=open_package.access, item=item)
    found = mails(mailoutbox)
    assert later.file_name in found["oral-tv@tests.example"]
    assert film.file_name in found["blogger@tests.example"]
    assert later.file_name not in found["blogger@tests.example"]


def test_what_a_notice_says_must_be_so(open_package: Press, film: Rendition) -> None:
    access, item = open_package.access, open_package.items[0]
    with pytest.raises(Refused, match="Nobody took"):
        send_notice(access=access, item=item, kind=NoticeKind.CORRECTION)
    outlet_with(film)
    with pytest.raises(Refused, match="still given out"):
        send_notice(access=access, item=item, kind=NoticeKind.WITHDRAWAL)
    remove_item(access=access, item=item)
    with pytest.raises(Refused, match="not given out"):
        send_notice(access=access, item=item, kind=NoticeKind.CORRECTION)
    assert not ItemNotice.objects.exists()
    assert send_notice(access=access, item=item, kind=NoticeKind.WITHDRAWAL).recipients.count() == 1
    restore_item(access=access, item=item)
    assert send_notice(access=access, item=item, kind=NoticeKind.CORRECTION).recipients.count() == 1


def test_those_who_took_a_file_that_was_taken_out_are_told(
    open_package: Press, film: Rendition, mailoutbox, client_of
) -> None:
    item = open_package.items[0]
    other = open_package.file(item, b"Clean sound.", rendition_format=Format.CLEAN_SOUND)
    open_package.approve(item, "Every second woman.")
    both = outlet_with(film)
    take(both, other)
    outlet_with(other, "Caspian Radio")
    page = reverse("campaigns:media_item_notices", args=[item.uuid])
    desk, button = client_of(open_package.made.coordinator), "about the files that were taken out"
    assert button not in desk.get(page).content.decode()
    remove_rendition(access=open_package.access, rendition=film)
    open_package.approve(item, "Every third man.")
    ItemNotice.objects.all().delete()
    OutboxMail.objects.all().delete()
    assert button in desk.get(page).content.decode()

    desk.post(page, {"act": "withdrawal"})

    found = mails(mailoutbox)
    assert set(found) == {"oral-tv@tests.example"}
    words = found["oral-tv@tests.example"]
    assert "Please do not use these files any more." in words
    assert film.file_name in words
    assert other.file_name not in words


def test_editors_send_nothing(open_package: Press, film: Rendition) -> None:
    outlet_with(film)
    editor = seat(workspace=open_package.made.workspace, role=SeatRole.EDITOR).person
    access = access_to(editor, open_package.made.workspace.uuid)
    with pytest.raises(NotAllowed):
        send_notice(access=access, item=open_package.items[0], kind=NoticeKind.CORRECTION)
    assert not ItemNotice.objects.exists()


def test_a_newer_notice_closes_the_older_one(open_package: Press, film: Rendition) -> None:
    outlet_with(film)
    outlet_with(film, "Caspian Radio", mail="")
    correct(open_package)
    assert open_answers(open_package.package).count() == 2
    correct(open_package, "Every fourth woman.")
    assert NoticeRecipient.objects.count() == 4
    assert open_answers(open_package.package).count() == 2
    assert OutboxMail.objects.filter(template="campaigns/media_notice").count() == 2  # one has no address


def test_300_outlets_take_as_many_queries_as_one(open_package: Press, film: Rendition) -> None:
    item = open_package.items[0]

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            send_notice(access=open_package.access, item=item, kind=NoticeKind.CORRECTION)
        return len(found)

    for number in range(3):
        outlet_with(film, f"Outlet {number}", language=("kk", "ru", "en")[number])
    few = queries()
    for number in range(3, 300):
        outlet_with(film, f"Outlet {number}", language=("kk", "ru", "en")[number % 3])
    assert queries() == few
    assert ItemNotice.objects.latest("pk").recipients.count() == 300
    assert OutboxMail.objects.filter(template="campaigns/media_notice").count() == 303


def test_each_reads_of_the_files_it_took(open_package: Press, film: Rendition, mailoutbox) -> None:
    outlet_with(film)
    second = correct(open_package)
    assert second.released_at is not None
    take(outlet(open_package.package, "Late Radio"), second)
    third = correct(open_package, "Every fifth woman.")
    found = mails(mailoutbox)
    assert f"film_document_v2.txt → {third.file_name}" in found["late-radio@tests.example"]
    assert f"film_document_v1.txt → {third.file_name}" in found["oral-tv@tests.example"]
