"""Mail to the press: only what is public, to whom it may go, in their language, ended with one press."""

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalition.accounts.models import Language, Listing
from coalition.audit.models import AuditEntry
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from coalition.workspaces.permissions import NotAllowed
from documents.contacts.actions import share_contact
from documents.models import PressStop
from documents.publication.actions import publish_approved, withdraw_publication
from events.core.actions.plan import cancel_event
from events.core.enums import Visibility
from events.models import MailOut
from events.press.actions import mark_contact_removed
from events.press.mailings.actions import (
    discard_mail_out,
    prepare_mail_out,
    queue_waiting_letters,
    send_mail_out,
    stop_mail_out,
    unsubscribe_token,
)
from events.press.models import LetterState, MailOutState
from events.press.queries import letters_for, mail_outs_for
from tests.documents.approval.builders import stage as text_stage
from tests.documents.publication.embargo.builders import approved, scheduled
from tests.events.planning.builders import planned, texts_of
from tests.events.press.builders import desk, known, public_event, sent
from tests.factories import FreezeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


class Refusing(EmailBackend):
    """A mail server that knows nobody at one domain."""

    def send_messages(self, messages):
        for message in messages:
            if message.to[0].endswith("@gone.example"):
                raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"no such user")})
        return super().send_messages(messages)


def states(mail_out: MailOut) -> list[str]:
    return list(mail_out.letters.order_by("pk").values_list("state", flat=True))


def test_each_gets_it_in_their_language_from_the_organisation_with_a_way_to_end_it() -> None:
    made = desk()
    access = made.access("officer")
    event = public_event(made.access("coordinator"))
    contacts = [known(access, number, language=code) for number, code in enumerate(Language)]
    mail_out = sent(access, event, contacts)
    deliver_due()
    to_press = [one for one in mail.outbox if one.to[0].endswith("@outlet.example")]
    for message, code in zip(to_press, Language, strict=True):
        assert message.subject.endswith(f"Article 123 {code.value}")
        assert f"What it is about, {code.value}" in message.body
        assert access.organisation.name_in(code.value) in message.from_email
        assert message.reply_to == [access.user.email]
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message.extra_headers["List-Unsubscribe"].strip("<>") in message.body
        assert f"/{code.value}/events/" in message.body
    mail_out.refresh_from_db()
    assert (states(mail_out), mail_out.state) == ([LetterState.SENT] * 3, MailOutState.DONE)
    assert {row.action for row in AuditEntry.objects.filter(target=mail_out.uuid)} == {
        "press.prepared",
        "press.sent",
    }


def test_a_language_that_does_not_exist_is_fallen_back_on_openly() -> None:
    made = text_stage()
    publication = published(made, "ru")
    who = made.access
    contacts = [known(who, 0, language="kk", also_reads=["ru"]), known(who, 1, language="ru")]
    mail_out = prepare_mail_out(access=who, publication=publication, contacts=[one.uuid for one in contacts])
    send_mail_out(access=who, mail_out=mail_out)
    queue_waiting_letters(str(mail_out.uuid), {})
    deliver_due()
    first, second = mail.outbox[-2:]
    assert "орыс тілінде" in first.body or "Russian" in first.body
    assert "We ask for a law, in ru." in first.body
    assert "Russian" not in second.body


def published(made, *languages):
    return publish_approved(access=made.access, round_=approved(made, *languages))


def test_what_is_under_embargo_planned_or_not_for_everyone_cannot_be_told() -> None:
    made = text_stage()
    who = known(made.access)
    with pytest.raises(Refused):
        prepare_mail_out(access=made.access, publication=scheduled(made, "kk"), contacts=[who.uuid])
    here = desk()
    access = here.access("coordinator")
    contact = known(access)
    for event in (
        planned(access, starts="2030-03-03 11:00"),
        public_event(access, visibility=Visibility.COALITION),
        cancel_event(access=access, event=public_event(access)),
    ):
        with pytest.raises(Refused):
            prepare_mail_out(access=access, event=event, contacts=[contact.uuid])
    assert not MailOut.objects.exists()


def test_what_is_not_public_any_more_does_not_leave() -> None:
    made = text_stage()
    publication = published(made, "kk")
    who = known(made.access)
    mail_out = sent_text(made, publication, who)
    withdraw_publication(access=made.access, publication=publication, note="Wrong")
    mail.outbox.clear()
    deliver_due()
    assert [one.to for one in mail.outbox if one.to == [who.address]] == []
    assert states(mail_out) == [LetterState.KEPT_BACK]
    here = desk()
    access = here.access("coordinator")
    event = public_event(access)
    later = sent(access, event, [known(access)])
    cancel_event(access=access, event=event)
    deliver_due()
    assert states(later) == [LetterState.KEPT_BACK]


def sent_text(made, publication, who) -> MailOut:
    mail_out = prepare_mail_out(access=made.access, publication=publication, contacts=[who.uuid])
    send_mail_out(access=made.access, mail_out=mail_out)
    queue_waiting_letters(str(mail_out.uuid), {})
    return mail_out


def test_one_press_ends_it_for_the_address_whoever_knows_it() -> None:
    made = desk()
    access = made.access("officer")
    event = public_event(made.access("coordinator"))
    contact = known(access)
    first = sent(access, event, [contact])
    deliver_due()
    letter = first.letters.get()
    page = f"/press-mail/{unsubscribe_token(letter)}/"
    browser = Client(enforce_csrf_checks=True)
    assert browser.get(page).status_code == 200
    assert not PressStop.objects.exists(), "mail scanners open links"
    assert browser.post(page, {"List-Unsubscribe": "One-Click"}).status_code == 200
    mark_contact_removed(access=access, contact=contact)
    again = known(access)
    with pytest.raises(Refused):
        prepare_mail_out(access=access, event=event, contacts=[again.uuid])
    other = known(made.access("coordinator"), name="The same")
    with pytest.raises(Refused):
        prepare_mail_out(access=made.access("coordinator"), event=event, contacts=[other.uuid])
    assert browser.post(page, {"what": "again"}).status_code == 200
    assert prepare_mail_out(access=access, event=event, contacts=[again.uuid]).letters.count() == 1
    assert browser.get("/press-mail/unknown/").status_code == 404


@pytest.mark.parametrize("how", ["ended", "removed", "unshared", "frozen", "stopped"])
def test_what_ends_meanwhile_keeps_back_what_waits(how) -> None:
    made = desk()
    access = made.access("officer")
    owner = made.access("editor") if how == "unshared" else access
    contact = known(owner)
    if how == "unshared":
        share_contact(access=owner, contact=contact, coalition=True, workspace=False)
    mail_out = sent(access, public_event(made.access("coordinator")), [contact])
    if how == "ended":
        Client().post(f"/press-mail/{unsubscribe_token(mail_out.letters.get())}/")
    elif how == "removed":
        mark_contact_removed(access=access, contact=contact)
    elif how == "unshared":
        share_contact(access=owner, contact=contact, coalition=False, workspace=False)
        mark_contact_removed(access=owner, contact=contact)
    elif how == "frozen":
        FreezeFactory(organisation=access.organisation, frozen_at=mail_out.made_at)
    else:
        stop_mail_out(access=access, mail_out=mail_out)
    mail.outbox.clear()
    deliver_due()
    assert [one for one in mail.outbox if one.to == [contact.address]] == []
    assert states(mail_out) == [LetterState.ENDED if how == "ended" else LetterState.KEPT_BACK]


def test_a_refusal_of_the_mail_server_is_recorded_at_once_and_holds_nobody_up(settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Refusing"}}
    made = desk()
    access = made.access("officer")
    contacts = [known(access, address="a@gone.example"), known(access, 1)]
    mail_out = sent(access, public_event(made.access("coordinator")), contacts)
    deliver_due()
    assert states(mail_out) == [LetterState.REFUSED, LetterState.SENT]
    assert mail_out.letters.first().error == "refused 550"
    assert OutboxMail.objects.get(key__endswith=str(mail_out.letters.first().uuid)).context == {}


def test_nothing_of_a_title_or_a_name_becomes_a_head() -> None:
    made = desk()
    access = made.access("coordinator")
    access.user.name = "Eve\r\nBcc: all@x.example"
    access.user.save()
    event = public_event(access, texts=texts_of("Title\r\nBcc: all@x.example"))
    sent(access, event, [known(access)])
    deliver_due()
    [message] = [one for one in mail.outbox if one.to == ["press0@outlet.example"]]
    written = message.message()
    assert written["Bcc"] is None
    assert "\n" not in message.subject


def test_an_address_gets_it_once_and_others_words_stay_out() -> None:
    made = desk()
    editor, access = made.access("editor"), made.access("officer")
    theirs = known(editor, name="Theirs")
    share_contact(access=editor, contact=theirs, coalition=True, workspace=False)
    closed = known(editor, 1)
    own = known(access, name="Own")
    event = public_event(made.access("coordinator"))
    uuids = [theirs.uuid, own.uuid, closed.uuid]
    mail_out = prepare_mail_out(access=access, event=event, contacts=uuids)
    assert [one.contact for one in mail_out.letters.all()] == [own.uuid]


def test_who_may_send_and_who_sees_who_was_written_to() -> None:
    made = desk()
    event = public_event(made.access("coordinator"))
    editor, officer = made.access("editor"), made.access("officer")
    shared, own = known(editor), known(officer, 1)
    share_contact(access=editor, contact=shared, coalition=True, workspace=False)
    with pytest.raises(NotAllowed):
        prepare_mail_out(access=editor, event=event, contacts=[shared.uuid])
    mail_out = prepare_mail_out(access=officer, event=event, contacts=[shared.uuid, own.uuid])
    assert not mail_outs_for(editor).exists(), "what is only planned is its organisation's"
    with pytest.raises(NotAllowed):
        send_mail_out(access=editor, mail_out=mail_out)
    send_mail_out(access=officer, mail_out=mail_out)
    assert {one.contact for one in letters_for(officer, mail_out)} == {shared.uuid, own.uuid}
    assert [one.contact for one in letters_for(editor, mail_out)] == [shared.uuid]
    assert mail_outs_for(editor).get().letters_all == 2
    with pytest.raises(Refused):
        discard_mail_out(access=officer, mail_out=mail_out)


def test_an_organisation_whose_name_is_withheld_sends_no_mail() -> None:
    made = desk()
    access = made.access("coordinator")
    contact, event = known(access), public_event(access)
    access.organisation.listing = Listing.WITHHELD
    with pytest.raises(Refused):
        prepare_mail_out(access=access, event=event, contacts=[contact.uuid])


def test_sending_twice_and_writing_again_doubles_nothing() -> None:
    made = desk()
    access = made.access("officer")
    mail_out = sent(access, public_event(made.access("coordinator")), [known(access, n) for n in range(3)])
    send_mail_out(access=access, mail_out=mail_out)
    queue_waiting_letters(str(mail_out.uuid), {})
    deliver_due()
    queue_waiting_letters(str(mail_out.uuid), {})
    deliver_due()
    assert sorted(one.to[0] for one in mail.outbox if "outlet.example" in one.to[0]) == [
        f"press{number}@outlet.example" for number in range(3)
    ]


def test_the_key_of_a_mail_gives_it_one_message_id() -> None:
    made = desk()
    access = made.access("officer")
    sent(access, public_event(made.access("coordinator")), [known(access, n) for n in range(2)])
    deliver_due()
    marks = {one.extra_headers["Message-ID"] for one in mail.outbox}
    assert len(marks) == len(mail.outbox)


def test_preparing_costs_the_same_for_one_and_for_three() -> None:
    made = desk()
    access = made.access("officer")
    event = public_event(made.access("coordinator"))
    counts = []
    for number in (1, 3):
        contacts = [known(access, 10 * number + one) for one in range(number)]
        with CaptureQueriesContext(connection) as asked:
            prepare_mail_out(access=access, event=event, contacts=[one.uuid for one in contacts])
        counts.append(len(asked))
    assert counts[0] == counts[1]
