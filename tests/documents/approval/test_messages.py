"""What approvals bring to the desk, to mail boxes and into the activity."""

import datetime

import pytest
from django.core import mail

from coalition.accounts.naming import viewer_for
from coalition.core.clock import now
from coalition.mail.outbox import deliver_due
from documents.approval import capability as approval_capability
from documents.approval.actions.open_round import remind_deciders, renew_round
from documents.approval.queries.boards import board_of, publishing_obstacles
from documents.drafts.actions.manage import name_version, save_text
from documents.drafts.models import TextKind
from documents.publication.actions import publish_approved, withdraw_publication
from documents.publication.embargo.actions import schedule_publication, unschedule_publication
from tests.desk import on_desk
from tests.documents.approval.builders import stage
from tests.documents.conftest import body, gap
from tests.documents.publication.embargo.builders import scheduled
from tests.factories import FreezeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def test_a_representative_finds_what_to_decide_with_its_deadline():
    made = stage()
    round_ = made.put(deadline=now() + datetime.timedelta(hours=10))
    person = made.representatives[made.organisations[1].pk]
    (item,) = on_desk(approval_capability.approvals_to_give, person)
    assert (item.due, item.urgent) == (round_.deadline, True)
    assert str(round_.uuid) in item.url
    made.approve(round_, made.organisations[1])
    assert not on_desk(approval_capability.approvals_to_give, person)


def test_coordinators_find_what_can_be_published_and_what_changes_are_asked():
    made = stage()
    round_ = made.put()
    assert not on_desk(approval_capability.rounds_waiting, made.coordinator)
    assert [item.at for item in on_desk(approval_capability.upcoming_deadlines, made.coordinator)] == [
        round_.deadline
    ]
    made.ask_changes(round_, made.organisations[1])
    assert [item.icon for item in on_desk(approval_capability.rounds_waiting, made.coordinator)] == ["pen"]
    made.approve_all(round_)
    assert [item.icon for item in on_desk(approval_capability.rounds_waiting, made.coordinator)] == ["horn"]
    made.write("Other words.")
    assert not on_desk(approval_capability.rounds_waiting, made.coordinator)


def test_what_becomes_public_by_itself_waits_for_nobody_until_other_words_are_put():
    made = stage()
    publication = scheduled(made)
    round_ = publication.round
    assert not on_desk(approval_capability.rounds_waiting, made.coordinator)
    renew_round(access=made.access, round_=round_, versions=[made.version("Other words.")])
    made.approve_all(round_)
    assert [item.icon for item in on_desk(approval_capability.rounds_waiting, made.coordinator)] == ["horn"]
    schedule_publication(access=made.access, round_=round_, at=publication.scheduled_at)
    assert not on_desk(approval_capability.rounds_waiting, made.coordinator)
    unschedule_publication(access=made.access, publication=publication)
    assert [item.icon for item in on_desk(approval_capability.rounds_waiting, made.coordinator)] == ["horn"]


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("what", ["nothing", "frozen", "left", "gap"])
def test_the_desk_says_that_it_can_be_published_when_publishing_agrees(what, approved):
    made = stage(2)
    made.draft.kind = TextKind.HOLDING
    made.draft.save()
    text = made.text()
    words = gap() if what == "gap" else body("We ask for a law.")
    save_text(access=made.access, text=text, title="A law", lead="", body=words)
    round_ = made.put(versions=[name_version(access=made.access, text=made.text(), name="As agreed")])
    made.approve(round_, made.organisations[0])
    other = made.organisations[1]
    if approved:
        made.approve(round_, other)
    if what == "frozen":
        FreezeFactory(organisation=other, frozen_at=now())
    elif what == "left":
        other.participations.update(ended_at=now())
    ready = not publishing_obstacles(board_of(round_, viewer_for(made.coordinator)))
    assert ready == (approved and what != "gap")
    icons = [item.icon for item in on_desk(approval_capability.rounds_waiting, made.coordinator)]
    assert icons == (["horn"] if ready else [])


def test_mails_tell_no_text_and_no_organisation():
    made = stage()
    round_ = made.put()
    remind_deciders(str(round_.uuid), {})
    made.ask_changes(round_, made.organisations[1], "Canary: reason")
    renew_round(access=made.access, round_=round_, versions=[made.version("Canary: other words.")])
    made.approve_all(round_)
    publication = publish_approved(access=made.access, round_=round_)
    withdraw_publication(access=made.access, publication=publication, note="Canary: note")
    deliver_due()
    subjects = {message.subject for message in mail.outbox}
    assert len(subjects) == 7
    for message in mail.outbox:
        told = message.subject + message.body + str(message.alternatives)
        assert "Canary" not in told
        assert "http" in message.body
        for organisation in made.organisations:
            assert organisation.name_en not in told


def test_every_kind_of_activity_has_its_sentence():
    kinds = {
        "put_to_approval",
        "put_again",
        "round_closed",
        "approved",
        "abstained",
        "attested",
        "slip_proposed",
        "slip_confirmed",
        "slip_reopened",
        "words_carried",
        "carried_reopened",
        "attestation_taken_back",
        "objected",
        "changes_asked",
        "published",
        "withdrawn",
        "let_stand",
        "scheduled",
        "put_off",
        "one_time_link_made",
        "one_time_link_ended",
        "phone_code_sent",
        "gaps_filled",
        "called",
        "call_confirmed",
        "decision_disowned",
    }
    assert kinds == set(approval_capability.ACTIVITIES)
