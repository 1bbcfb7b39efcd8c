"""Answering for a translation, relying on it, and standing aside."""

import pytest

from coalition.accounts.naming import PUBLIC
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.approval.actions.decide import abstain, approve, attest, object_to, withdraw_attestation
from documents.approval.actions.open_round import renew_round
from documents.approval.queries.boards import board_of
from documents.drafts.models import ApprovalRule, CellState
from documents.models import Approval, DraftText, Version
from documents.publication.actions import publish_approved
from tests.documents.approval.builders import stage
from tests.factories import UserFactory, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def reviewer(made, number=1, role=SeatRole.REVIEWER):
    """Somebody of one of the organisations asked, who may comment here."""
    organisation = made.organisations[number]
    person = seat(workspace=made.workspace, role=role, organisation=organisation).person
    return access_to(person, made.workspace.uuid)


def answer(made, round_, access, translation="ru", source="kk"):
    hashes = made.hashes(round_)
    return attest(
        access=access,
        round_=round_,
        translation=(translation, hashes[translation]),
        source=(source, hashes[source]),
    )


def rely(made, round_, organisation, approved="kk", on="ru"):
    hashes = made.hashes(round_)
    return approve(
        round_=round_,
        organisation=organisation,
        hashes={approved: hashes[approved]},
        relies={on: hashes[on]},
        person=made.representatives[organisation.pk],
    )


def states(round_, organisation):
    row = board_of(round_, PUBLIC).matrix.cells
    return {language: cell.state for (pk, language), cell in row.items() if pk == organisation.pk}


def test_an_organisation_relies_on_what_somebody_answers_for():
    made = stage(3)
    round_, relying = made.put("kk", "ru"), made.organisations[2]
    with pytest.raises(Refused, match="Nobody answers"):
        rely(made, round_, relying)
    assert not Approval.objects.exists(), "all or nothing"
    answer(made, round_, reviewer(made))
    rely(made, round_, relying)
    assert states(round_, relying) == {"kk": CellState.APPROVED, "ru": CellState.RELIES}


def test_nobody_answers_for_their_own_translation_and_observers_for_none():
    made = stage(3)
    round_ = made.put("kk", "ru")
    with pytest.raises(Refused, match="somebody of another one"):
        answer(made, round_, made.access)
    with pytest.raises(NotAllowed):
        answer(made, round_, reviewer(made, role=SeatRole.OBSERVER))
    answer(made, round_, reviewer(made))
    with pytest.raises(Refused, match="answers for this translation already"):
        answer(made, round_, reviewer(made, 2))


def in_anothers_name(made, person):
    organisation = made.organisations[1]
    taken = seat(workspace=made.workspace, role=SeatRole.REVIEWER, organisation=organisation, person=person)
    return access_to(person, made.workspace.uuid, acting_for=str(taken.organisation.uuid))


def test_who_wrote_it_or_named_it_does_not_answer_for_it_in_another_organisations_name():
    made = stage(3)
    round_ = made.put("kk", "ru")
    access = in_anothers_name(made, made.coordinator)
    assert access.organisation == made.organisations[1]
    with pytest.raises(Refused, match="another person"):
        answer(made, round_, access)
    text = made.text("ru")
    named = text.versions.get()
    Version.objects.filter(pk=named.pk).update(created_by=None)
    with pytest.raises(Refused, match="another person"):
        answer(made, round_, access)
    DraftText.objects.filter(pk=text.pk).update(changed_by=UserFactory())
    answer(made, round_, access)


def test_a_word_that_changes_in_the_source_reopens_what_hangs_on_it_and_nothing_else():
    made = stage(3)
    round_ = made.put("kk", "ru", "en")
    relying, reading = made.organisations[1:]
    answer(made, round_, reviewer(made))
    rely(made, round_, relying)
    made.approve(round_, relying, "en")
    made.approve(round_, reading)
    renew_round(access=made.access, round_=round_, versions=[made.version("One word changed.", "kk")])
    assert states(round_, relying) == {
        "kk": CellState.REOPENED,
        "ru": CellState.REOPENED,
        "en": CellState.APPROVED,
    }
    assert states(round_, reading) == {
        "kk": CellState.REOPENED,
        "ru": CellState.APPROVED,
        "en": CellState.APPROVED,
    }
    answer(made, round_, reviewer(made))
    made.approve(round_, relying, "kk")
    assert states(round_, relying)["ru"] == CellState.RELIES


def test_what_was_read_is_what_is_answered_for():
    made = stage(2)
    round_, access = made.put("kk", "ru"), reviewer(made)
    made.write("Other words.", "ru")
    with pytest.raises(Refused, match="changed since"):
        answer(made, round_, access)


def test_it_can_be_taken_back_by_who_gave_it():
    made = stage(3)
    round_, relying = made.put("kk", "ru"), made.organisations[2]
    given = answer(made, round_, reviewer(made))
    rely(made, round_, relying)
    with pytest.raises(NotAllowed):
        withdraw_attestation(access=reviewer(made, 2), round_=round_, attestation=given)
    withdraw_attestation(access=reviewer(made), round_=round_, attestation=given)
    assert states(round_, relying)["ru"] == CellState.REOPENED


def test_standing_aside_owes_no_reason_and_may_be_thought_over():
    made = stage(3)
    round_ = made.put("kk", "ru", rule=ApprovalRule.JOINED)
    first, second, third = made.organisations
    person = made.representatives
    hashes = made.hashes(round_)
    made.approve(round_, first)
    abstain(round_=round_, organisation=second, hashes=hashes, person=person[second.pk])
    object_to(round_=round_, organisation=third, hashes=hashes, person=person[third.pk], reason="Too early.")
    assert set(states(round_, second).values()) == {CellState.ABSTAINS}
    assert set(states(round_, third).values()) == {CellState.OBJECTS}
    told = OutboxMail.objects.filter(person=made.coordinator.uuid)
    assert all("Too early" not in str(mail.context) for mail in told)
    made.approve(round_, third)
    publication = publish_approved(access=made.access, round_=round_)
    assert {name.organisation for name in publication.names.all()} == {first, third}


def test_who_objects_read_these_words():
    made = stage(2)
    round_, organisation = made.put("kk", "ru"), made.organisations[1]
    person, shown = made.representatives[organisation.pk], made.hashes(round_)
    with pytest.raises(Refused, match="Languages were put"):
        object_to(round_=round_, organisation=organisation, hashes={"kk": shown["kk"]}, person=person)
    renew_round(access=made.access, round_=round_, versions=[made.version("Other words.", "kk")])
    with pytest.raises(Refused, match="newer version"):
        object_to(round_=round_, organisation=organisation, hashes=shown, person=person)
    with pytest.raises(NotAllowed):
        abstain(round_=round_, organisation=organisation, hashes=shown, person=made.coordinator)


def test_what_is_published_keeps_what_each_decided_on_each_language():
    made = stage(2)
    round_, relying = made.put("kk", "ru"), made.organisations[1]
    answer(made, round_, reviewer(made))
    made.approve(round_, made.organisations[0])
    rely(made, round_, relying)
    kept = publish_approved(access=made.access, round_=round_).names.get(organisation=relying).decisions
    assert [(row["language"], row["decision"]) for row in kept] == [("kk", "approved"), ("ru", "relies")]
