"""A moment for a text to become public: set, moved, put off, come; who of the media reads it until then."""

import datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from django.core import mail
from django.db import connection

from coalition.accounts.actions.memberships import give_office
from coalition.accounts.models import OfficeKind
from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs.models import DueWork
from coalition.jobs.scheduler import run_due
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from coalition.roles import SeatRole
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.approval.actions.open_round import close_round
from documents.contacts.actions import archive_contact, forget_contact
from documents.drafts.access import GuestLinkOverused, NoSuchLink
from documents.drafts.models import EmbargoAct, EmbargoWay, Handling, PublicationState
from documents.interchange.formats import FileFormat
from documents.models import Contact, Publication
from documents.publication.actions import NotPublishable, publish_approved, remove_name, withdraw_publication
from documents.publication.embargo.actions import (
    EMBARGO_FORMATS,
    MOST_AN_HOUR,
    agree_to_embargo,
    file_name_for,
    lift_due_embargo,
    make_embargo_file,
    offer_embargo,
    record_agreement,
    revoke_access,
    schedule_publication,
    unschedule_publication,
    use_embargo,
)
from documents.publication.queries import public_publications
from tests.documents.approval.builders import stage
from tests.documents.publication.embargo.builders import (
    HOUR,
    contact,
    let_the_moment_come,
    mails,
    offered,
    reader,
    scheduled,
    token_in_mail,
)
from tests.factories import seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def test_it_becomes_public_at_the_moment_and_all_who_agreed_are_told():
    made = stage()
    publication = scheduled(made, "kk", "ru")
    assert publication.state == PublicationState.SCHEDULED
    assert DueWork.objects.get(kind="documents.lift_embargo").due_at == publication.scheduled_at
    assert not public_publications().exists()
    reader(made, publication)
    offered(made, publication, contact(made, name="Silent"))
    let_the_moment_come(publication)
    assert publication.state == PublicationState.PUBLIC
    assert publication.number == 1
    assert [text.language for text in publication.texts.order_by("language")] == ["kk", "ru"]
    assert mails("embargo_lifted") == 1
    assert OutboxMail.objects.get(template="documents/embargo_lifted").next_try_at <= now()


@pytest.mark.django_db(transaction=True)  # so that the database's clock and the process's go on by themselves
@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_process_whose_clock_is_wrong_publishes_nothing_early(minutes):
    """The moment is three minutes ahead for the database; the worker's own clock is five ahead or behind."""
    made = stage()
    publication = scheduled(made)
    moment = now() + datetime.timedelta(minutes=3)
    Publication.objects.update(scheduled_at=moment)
    DueWork.objects.filter(kind="documents.lift_embargo").update(due_at=moment)
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=minutes)):
        run_due(worker="one whose clock is wrong")
        lift_due_embargo(str(publication.uuid), {})
        publication.refresh_from_db()
        assert publication.state == PublicationState.SCHEDULED
        work = DueWork.objects.get(kind="documents.lift_embargo", done_at=None)
        rest = work.due_at - now()
    assert rest > datetime.timedelta(minutes=2)


def test_the_rule_is_asked_again_at_the_moment():
    made = stage()
    publication = scheduled(made)
    _access, token = reader(made, publication)
    made.ask_changes(publication.round, made.organisations[1])
    let_the_moment_come(publication)
    assert publication.state == PublicationState.PLANNED
    assert not public_publications().exists()
    assert Notification.objects.get(kind="embargo_not_lifted").person == made.coordinator
    assert mails("embargo_put_off") == 1
    with pytest.raises(NoSuchLink):
        use_embargo(token=token, act=EmbargoAct.READ)


def test_closing_the_round_puts_off_what_was_scheduled():
    made = stage()
    publication = scheduled(made)
    reader(made, publication)
    close_round(access=made.access, round_=publication.round)
    assert mails("embargo_put_off") == 1
    publication.refresh_from_db()
    assert publication.state == PublicationState.PLANNED
    assert not DueWork.objects.filter(kind="documents.lift_embargo", done_at=None).exists()
    let_the_moment_come(publication)
    assert publication.state == PublicationState.PLANNED


@pytest.mark.parametrize("what", ["other words", "archived"])
def test_what_else_keeps_it_from_becoming_public(what):
    made = stage()
    publication = scheduled(made)
    round_ = publication.round
    if what == "other words":
        version = made.version("Other words.")
        round_.texts.update(version=version)
        made.approve_all(round_)
    else:
        made.draft.archived_at = now()
        made.draft.save()
    let_the_moment_come(publication)
    assert publication.state == PublicationState.PLANNED
    assert Notification.objects.filter(kind="embargo_not_lifted", person=made.coordinator).exists()


def test_only_what_is_approved_is_scheduled_and_only_ahead():
    made = stage()
    round_ = made.put()
    with pytest.raises(NotPublishable):
        schedule_publication(access=made.access, round_=round_, at=now() + HOUR)
    made.approve_all(round_)
    with pytest.raises(Refused, match="passed already"):
        schedule_publication(access=made.access, round_=round_, at=now() - HOUR)
    editor = seat(workspace=made.workspace, role=SeatRole.EDITOR).person
    with pytest.raises(NotAllowed):
        schedule_publication(access=access_to(editor, made.workspace.uuid), round_=round_, at=now() + HOUR)
    assert not Publication.objects.exists()


def test_lifting_early_is_publishing_and_tells_all_who_agreed():
    made = stage()
    publication = scheduled(made)
    reader(made, publication)
    public = publish_approved(access=made.access, round_=publication.round)
    assert public == publication
    assert public.state == PublicationState.PUBLIC
    assert mails("embargo_lifted") == 1
    assert not DueWork.objects.filter(kind="documents.lift_embargo").exists()
    lift_due_embargo(str(publication.uuid), {})
    assert Publication.objects.count() == 1


def test_moving_and_putting_off_are_told():
    made = stage()
    publication = scheduled(made)
    reader(made, publication)
    again = schedule_publication(access=made.access, round_=publication.round, at=now() + 3 * HOUR)
    assert again == publication
    assert mails("embargo_moved") == 1
    schedule_publication(access=made.access, round_=publication.round, at=again.scheduled_at)
    assert mails("embargo_moved") == 1
    unschedule_publication(access=made.access, publication=publication)
    assert mails("embargo_put_off") == 1
    lift_due_embargo(str(publication.uuid), {})
    publication.refresh_from_db()
    assert publication.state == PublicationState.PLANNED
    with pytest.raises(Refused, match="not scheduled"):
        unschedule_publication(access=made.access, publication=publication)


def test_nothing_of_the_text_is_told_before_the_agreement():
    made = stage()
    publication = scheduled(made)
    _access, token = offered(made, publication)
    for act in (EmbargoAct.READ, EmbargoAct.OPENED, EmbargoAct.DOWNLOADED):
        with pytest.raises(NoSuchLink):
            use_embargo(token=token, act=act)
    deliver_due()
    message = mail.outbox[-1]
    told = message.subject + message.body + str(message.alternatives)
    assert "law" not in told
    assert "Canary" not in told
    assert "agree" in told
    agree_to_embargo(token=token)
    agree_to_embargo(token=token)
    assert use_embargo(token=token, act=EmbargoAct.READ).agreed_way == EmbargoWay.LINK


def test_an_agreement_in_a_call_is_recorded_and_sends_the_link():
    made = stage()
    publication = scheduled(made)
    access, asked = offered(made, publication)
    done = record_agreement(access=made.access, embargo=access)
    assert (done.agreed_way, done.recorded_by) == (EmbargoWay.CALL, made.coordinator)
    assert mails("embargo_agreed") == 1
    assert mails("embargo_asked") == 0, "the mail with the dead link does not leave"
    with pytest.raises(NoSuchLink):
        agree_to_embargo(token=asked)
    assert use_embargo(token=token_in_mail(done), act=EmbargoAct.READ)
    with pytest.raises(Refused):
        record_agreement(access=made.access, embargo=access)


def test_whoever_follows_the_link_without_end_does_not_hold_up_the_agreement():
    made = stage()
    _access, token = offered(made, scheduled(made))
    for _time in range(MOST_AN_HOUR):
        use_embargo(token=token, act=EmbargoAct.FOLLOWED)
    with pytest.raises(GuestLinkOverused):
        use_embargo(token=token, act=EmbargoAct.FOLLOWED)
    assert agree_to_embargo(token=token).agreed_way == EmbargoWay.LINK
    with pytest.raises(GuestLinkOverused):
        agree_to_embargo(token=token)


def test_what_is_taken_back_opens_nothing():
    made = stage()
    publication = scheduled(made)
    access, token = reader(made, publication)
    revoke_access(access=made.access, embargo=access)
    revoke_access(access=made.access, embargo=access)
    with pytest.raises(NoSuchLink):
        use_embargo(token=token, act=EmbargoAct.FOLLOWED)
    let_the_moment_come(publication)
    assert mails("embargo_lifted") == 0
    assert AuditEntry.objects.filter(action="embargo.revoked").count() == 1


@pytest.mark.parametrize("act", [record_agreement, revoke_access])
def test_only_the_organisation_that_brought_the_contact_records_and_takes_back(act):
    made = stage()
    access, _token = offered(made, scheduled(made))
    other = seat(workspace=made.workspace, role=SeatRole.COORDINATOR).person
    with pytest.raises(NotAllowed):
        act(access=access_to(other, made.workspace.uuid), embargo=access)
    access.refresh_from_db()
    assert (access.agreed_at, access.revoked_at) == (None, None)
    assert act(access=made.access, embargo=access)


def test_a_contact_that_is_removed_is_forgotten_and_reads_no_more():
    made = stage()
    publication = scheduled(made)
    who = contact(made)
    _access, token = offered(made, publication, who)
    agree_to_embargo(token=token)
    forget_contact(archive_contact(access=made.access, contact=who).uuid)
    who.refresh_from_db()
    assert (who.name, who.address, who.phone) == ("", "", "")
    with pytest.raises(NoSuchLink):
        use_embargo(token=token, act=EmbargoAct.READ)


def test_names_and_addresses_are_sealed():
    contact(stage(), name="Aigerim Canary")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, address, phone FROM documents_contact")
        row = " ".join(cursor.fetchone())
        cursor.execute("SELECT name FROM documents_outlet")
        row += cursor.fetchone()[0]
    for plain in ("Aigerim", "outlet.example", "+7 700", "Qala"):
        assert plain not in row


def test_the_press_officer_offers_and_others_do_not():
    made = stage()
    publication = scheduled(made)
    editor = seat(workspace=made.workspace, role=SeatRole.EDITOR)
    with pytest.raises(NotAllowed):
        offer_embargo(
            access=access_to(editor.person, made.workspace.uuid),
            publication=publication,
            contact=contact(made),
        )
    give_office(
        by=None, person=editor.person, kind=OfficeKind.PRESS_OFFICER, organisation=editor.organisation
    )
    access = access_to(editor.person, made.workspace.uuid)
    with pytest.raises(NotAllowed):
        offer_embargo(
            access=access, publication=publication, contact=contact(made, name="Of another organisation")
        )
    made.coordinator, former = editor.person, made.coordinator
    own = contact(made, name="Own")
    assert offer_embargo(access=access, publication=publication, contact=own)
    made.coordinator = former
    with pytest.raises(Refused, match="asked already"):
        offer_embargo(access=access, publication=publication, contact=own)


def test_a_mark_for_insiders_keeps_outlets_out():
    made = stage()
    publication = scheduled(made)
    made.draft.handling = Handling.ORGANISATION
    made.draft.save()
    with pytest.raises(Refused, match="handling mark"):
        offer_embargo(access=made.access, publication=publication, contact=contact(made))


def test_a_mark_that_becomes_one_for_insiders_ends_what_outlets_read():
    made = stage()
    publication = scheduled(made)
    _access, token = reader(made, publication)
    made.draft.handling = Handling.NAMED_PEOPLE
    made.draft.save()
    with pytest.raises(NoSuchLink):
        use_embargo(token=token, act=EmbargoAct.READ)
    Publication.objects.update(state=PublicationState.PUBLIC, published_at=now())
    assert use_embargo(token=token, act=EmbargoAct.READ)


def test_outlets_that_took_it_hear_of_what_happens_after():
    made = stage(3)
    publication = scheduled(made)
    reader(made, publication)
    let_the_moment_come(publication)
    organisation = made.organisations[1]
    remove_name(
        publication=publication, organisation=organisation, person=made.representatives[organisation.pk]
    )
    assert mails("names_changed") == 1
    round_ = made.put(versions=[made.version("Corrected words.")])
    made.approve_all(round_)
    publish_approved(access=made.access, round_=round_)
    assert mails("taken_text_corrected") == 1
    withdraw_publication(access=made.access, publication=publication, note="Wrong.")
    assert mails("taken_text_withdrawn") == 1
    deliver_due()
    for message in mail.outbox:
        assert organisation.name_en not in message.body + str(message.alternatives)


@pytest.mark.parametrize("form", EMBARGO_FORMATS)
def test_files_carry_the_outlet_in_name_and_metadata_only(form):
    made = stage()
    publication = scheduled(made)
    who = contact(made, outlet="Қала ТВ Canary")
    access, token = offered(made, publication, who)
    agree_to_embargo(token=token)
    text = publication.texts.select_related("version").get()
    name = file_name_for(access, who, text, form)
    assert name.endswith(f"_qala-tv-canary.{form.value}")
    content = make_embargo_file(access, who, text, form)
    assert content
    if form == FileFormat.DOCX:
        parts = {
            part: ZipFile(BytesIO(content)).read(part).decode()
            for part in ("word/document.xml", "docProps/core.xml")
        }
        assert "Canary" not in parts["word/document.xml"]
        assert "Қала ТВ Canary" in parts["docProps/core.xml"]
    elif form == FileFormat.PLAIN:
        assert "Canary" not in content.decode()
        assert "We ask for a law" in content.decode()
    else:
        assert content.startswith(b"%PDF")


def test_two_contacts_of_one_address_are_one():
    made = stage()
    first = contact(made, address="one@outlet.example")
    again = contact(made, address="ONE@outlet.example", name="New name", outlet="qala tv")
    assert again == first
    assert Contact.objects.count() == 1
    with pytest.raises(Refused, match="not an e-mail"):
        contact(made, address="nothing")
