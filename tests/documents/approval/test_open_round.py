"""Opening a round, putting newer versions, closing it."""

import datetime

import pytest

from coalition.accounts.models import Listing, OrganisationKind
from coalition.accounts.naming import PUBLIC
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.jobs.models import DueWork
from coalition.jobs.scheduler import run_due
from coalition.mail.models import OutboxMail
from coalition.roles import SeatRole
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.approval.actions.decide import note_reading, object_to
from documents.approval.actions.open_round import close_round, renew_round, submit_for_approval
from documents.approval.queries.boards import board_of
from documents.drafts.models import ApprovalRule, CellState, RoundState
from documents.drafts.queries import DeadlinePassed
from documents.models import ApprovalRound
from tests.documents.approval.builders import stage
from tests.factories import FreezeFactory, OrganisationFactory, seat

pytestmark = pytest.mark.django_db


def states(round_):
    return {key: cell.state for key, cell in board_of(round_, PUBLIC).matrix.cells.items()}


def test_everyone_who_may_approve_gets_a_mail_that_tells_nothing():
    made = stage(3)
    made.put("kk", "ru")
    mails = OutboxMail.objects.filter(template="documents/approval_asked")
    deciding = {person.uuid for person in made.representatives.values()}
    assert {mail.person for mail in mails} == deciding - {made.coordinator.uuid}, "not who put it"
    assert all("Canary" not in str(mail.context) for mail in mails)


def test_a_version_that_the_text_has_left_is_refused():
    made = stage()
    old = made.version("First words.")
    made.write("Other words.")
    with pytest.raises(Refused, match="is not what the text says now"):
        made.put(versions=[old])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"organisations": []}, "at least one organisation"),
        ({"versions": []}, "at least one language"),
        ({"deadline": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)}, "has passed already"),
    ],
)
def test_what_is_not_given_is_asked_for_in_words(given, words):
    with pytest.raises(Refused, match=words):
        stage().put(**given)


def test_media_partners_are_never_asked():
    made = stage()
    made.organisation(kind=OrganisationKind.MEDIA_PARTNER)
    with pytest.raises(Refused, match="Media partners are never asked"):
        made.put()


def test_organisations_from_elsewhere_and_frozen_ones_are_refused():
    made = stage()
    with pytest.raises(Refused, match="Does not take part"):
        made.put(organisations=[OrganisationFactory()])
    FreezeFactory(organisation=made.organisations[1], frozen_at=now())
    version = made.text().versions.first() or made.version("Words.")
    with pytest.raises(Refused, match="Frozen at the moment"):
        made.put(versions=[version])


def test_only_coordinators_put_to_approval():
    made = stage()
    version = made.version("Words.")
    editor = seat(workspace=made.workspace, role=SeatRole.EDITOR)
    with pytest.raises(NotAllowed):
        submit_for_approval(
            access=access_to(editor.person, made.workspace.uuid),
            draft=made.draft,
            versions=[version],
            organisations=made.organisations,
            deadline=now() + datetime.timedelta(days=1),
        )


def test_a_name_may_be_told_less_openly_never_more():
    made = stage()
    open_one = made.organisations[1]
    round_ = made.put(listings={open_one.uuid: Listing.WITHHELD})
    assert round_.asked.get(organisation=open_one).listing == Listing.WITHHELD
    close_round(access=made.access, round_=round_)
    strict = made.organisation(listing=Listing.CONFIDENTIAL)
    with pytest.raises(Refused, match="less openly"):
        made.put(versions=[made.text().versions.get()], listings={strict.uuid: Listing.WITHHELD})


def test_one_open_round_a_draft():
    made = stage()
    made.put()
    with pytest.raises(Refused, match="put to approval already"):
        made.put(versions=[made.text().versions.get()])


def test_a_newer_version_reopens_its_language_only():
    made = stage()
    round_ = made.put("kk", "ru")
    made.approve_all(round_)
    renew_round(access=made.access, round_=round_, versions=[made.version("One word changed.", "kk")])
    found = states(round_)
    assert {found[o.pk, "kk"] for o in made.organisations} == {CellState.REOPENED}
    assert {found[o.pk, "ru"] for o in made.organisations} == {CellState.APPROVED}
    assert OutboxMail.objects.filter(template="documents/approval_again").count() == 1, "not who put it"


def test_putting_the_same_again_is_refused():
    made = stage()
    round_ = made.put()
    with pytest.raises(Refused, match="put already"):
        renew_round(access=made.access, round_=round_, versions=[made.text().versions.get()])


def test_a_closed_round_takes_nothing_any_more():
    made = stage()
    round_ = close_round(access=made.access, round_=made.put())
    assert round_.state == RoundState.CLOSED
    with pytest.raises(Refused, match="closed"):
        made.approve(round_, made.organisations[0])
    with pytest.raises(Refused, match="closed"):
        renew_round(access=made.access, round_=round_, deadline=now() + datetime.timedelta(days=9))


def test_opening_shows_as_read_once():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    for _time in range(2):
        note_reading(
            round_=round_,
            organisation=organisation,
            language="kk",
            person=made.representatives[organisation.pk],
        )
    assert states(round_)[organisation.pk, "kk"] == CellState.READ
    assert round_.readings.count() == 1


def test_those_who_have_not_decided_are_reminded_a_day_before():
    made = stage(3)
    round_ = made.put()
    made.approve(round_, made.organisations[0])
    work = DueWork.objects.get(kind="approval_reminder")
    assert abs(round_.deadline - work.due_at - datetime.timedelta(hours=24)) < datetime.timedelta(minutes=1)
    DueWork.objects.filter(pk=work.pk).update(due_at=now())
    run_due(worker="test")
    reminded = OutboxMail.objects.filter(template="documents/approval_reminder")
    assert {mail.person for mail in reminded} == {
        made.representatives[organisation.pk].uuid for organisation in made.organisations[1:]
    }


def test_who_comes_after_the_deadline_does_not_join():
    made = stage(3)
    round_ = made.put(rule=ApprovalRule.JOINED)
    made.approve(round_, made.organisations[0])
    with freeze_clock_at(round_.deadline + datetime.timedelta(minutes=1)):
        with pytest.raises(Refused, match="deadline for joining has passed"):
            made.approve(round_, made.organisations[1])
        object_to(
            round_=round_,
            organisation=made.organisations[2],
            hashes=made.hashes(round_),
            person=made.representatives[made.organisations[2].pk],
        )
        renew_round(access=made.access, round_=round_, deadline=round_.deadline + datetime.timedelta(hours=2))
        made.approve(round_, made.organisations[1])


@pytest.mark.parametrize("rule", [ApprovalRule.ALL, ApprovalRule.NO_OBJECTION])
def test_where_the_deadline_names_nobody_an_approval_is_never_late(rule):
    made = stage(2)
    round_ = made.put(rule=ApprovalRule.ALL)
    ApprovalRound.objects.update(rule=rule)
    with freeze_clock_at(round_.deadline + datetime.timedelta(minutes=1)):
        made.approve(round_, made.organisations[1])


def test_newer_words_after_the_deadline_for_joining_need_a_new_one():
    made = stage(2)
    round_ = made.put(rule=ApprovalRule.JOINED)
    newer = made.version("Other words.")
    with freeze_clock_at(round_.deadline + datetime.timedelta(minutes=1)):
        with pytest.raises(DeadlinePassed):
            renew_round(access=made.access, round_=round_, versions=[newer], acknowledged=True)
        later = round_.deadline + datetime.timedelta(hours=2)
        renew_round(access=made.access, round_=round_, versions=[newer], deadline=later, acknowledged=True)


@pytest.mark.parametrize(("hours", "kind"), [(10, "approval_again_urgent"), (30, "approval_again")])
def test_newer_words_are_told_as_urgent_where_hours_count(hours, kind):
    made = stage(2)
    round_ = made.put(deadline=now() + datetime.timedelta(hours=hours))
    renew_round(access=made.access, round_=round_, versions=[made.version("Other words.")], acknowledged=True)
    told = Notification.objects.filter(person=made.representatives[made.organisations[1].pk])
    assert [one.kind for one in told.filter(kind__startswith="approval_again")] == [kind]
