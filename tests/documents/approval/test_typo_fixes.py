"""A slip of the pen: who confirms it, what it keeps, what it never keeps."""

import json

import pytest

from coalition.accounts.models import MembershipRole
from coalition.accounts.naming import PUBLIC
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.approval.actions.decide import attest, object_to
from documents.approval.actions.open_round import renew_round
from documents.approval.actions.typo_fixes import confirm_typo_fix, propose_typo_fix, reopen_after_typo_fix
from documents.approval.queries.boards import board_of
from documents.approval.typo_fixes import NotATypoFix
from documents.drafts.models import ApprovalRule, CellState
from documents.publication.actions import NotPublishable, publish_approved
from documents.publication.certificate import build_sheet
from documents.publication.queries import publications_for_sheets
from documents.publication.verification.record import verify
from tests.documents.approval.builders import stage
from tests.factories import MembershipFactory, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def mistyped(asked=4, **given):
    """Everyone approved words with a slip of the pen in English; the mended ones are put."""
    made = stage(asked)
    round_ = made.put(versions=[made.version("We ask for a law on harasment.", "en")], **given)
    return made, round_


def mend(made, round_, words="We ask for a law on harassment."):
    renew_round(access=made.access, round_=round_, versions=[made.version(words, "en")], acknowledged=True)


def confirm(made, slip, number):
    organisation = made.organisations[number]
    return confirm_typo_fix(
        slip=slip, organisation=organisation, person=made.representatives[organisation.pk]
    )


def states(round_):
    return [cell.state for cell in board_of(round_, PUBLIC).matrix.column("en")]


def test_two_other_organisations_confirm_and_decisions_stay():
    made, round_ = mistyped()
    made.approve_all(round_)
    mend(made, round_)
    assert set(states(round_)) == {CellState.REOPENED}
    slip = propose_typo_fix(access=made.access, round_=round_, language="en")
    with pytest.raises(Refused, match="not the one that proposes"):
        confirm(made, slip, 0)
    confirm(made, slip, 1)
    assert set(states(round_)) == {CellState.REOPENED}, "one is not enough"
    with pytest.raises(Refused, match="confirmed this slip of the pen already"):
        confirm(made, slip, 1)
    confirm(made, slip, 2)
    assert set(states(round_)) == {CellState.APPROVED}
    told = OutboxMail.objects.all()
    assert all("harassment" not in str(mail.context) for mail in told), "mails tell no words"


def test_who_may_confirm():
    made, round_ = mistyped()
    made.approve_all(round_)
    mend(made, round_)
    slip = propose_typo_fix(access=made.access, round_=round_, language="en")
    with pytest.raises(NotAllowed):
        confirm_typo_fix(slip=slip, organisation=made.organisations[1], person=made.coordinator)
    editor = seat(workspace=made.workspace, role=SeatRole.EDITOR)
    with pytest.raises(NotAllowed):
        propose_typo_fix(access=access_to(editor.person, made.workspace.uuid), round_=round_, language="en")


def test_one_person_of_several_organisations_is_one_person():
    """Two others confirm: neither the proposer in another's name, nor one person in the names of two."""
    made, round_ = mistyped(5)
    made.approve_all(round_)
    mend(made, round_)
    slip = propose_typo_fix(access=made.access, round_=round_, language="en")
    twice = made.representatives[made.organisations[1].pk]
    for person, number in ((made.coordinator, 3), (twice, 2)):
        MembershipFactory(
            person=person, organisation=made.organisations[number], role=MembershipRole.REPRESENTATIVE
        )
    with pytest.raises(Refused, match="Another person"):
        confirm_typo_fix(slip=slip, organisation=made.organisations[3], person=made.coordinator)
    confirm(made, slip, 1)
    with pytest.raises(Refused, match="You have confirmed"):
        confirm_typo_fix(slip=slip, organisation=made.organisations[2], person=twice)
    assert set(states(round_)) == {CellState.REOPENED}
    confirm(made, slip, 2)
    assert set(states(round_)) == {CellState.APPROVED}


def test_the_page_does_not_offer_it_to_who_confirmed_for_another(client_of):
    made, round_ = mistyped()
    made.approve_all(round_)
    mend(made, round_)
    slip = propose_typo_fix(access=made.access, round_=round_, language="en")
    twice, second = made.representatives[made.organisations[1].pk], made.organisations[2]
    MembershipFactory(person=twice, organisation=second, role=MembershipRole.REPRESENTATIVE)
    address = f"/workspaces/rounds/{round_.uuid}/decide/{second.uuid}/"
    offered = f"slips/{slip.uuid}/confirm/"
    assert offered in client_of(twice).get(address).content.decode()
    confirm(made, slip, 1)
    assert offered not in client_of(twice).get(address).content.decode()
    assert offered in client_of(made.representatives[second.pk]).get(address).content.decode()


def test_an_organisation_reopens_with_one_press():
    made, round_ = mistyped()
    made.approve_all(round_)
    mend(made, round_)
    slip = propose_typo_fix(access=made.access, round_=round_, language="en")
    confirm(made, slip, 1)
    confirm(made, slip, 2)
    last = made.organisations[3]
    reopen_after_typo_fix(slip=slip, organisation=last, person=made.representatives[last.pk])
    assert states(round_) == [*[CellState.APPROVED] * 3, CellState.REOPENED]
    with pytest.raises(NotPublishable, match="must approve the changed ones"):
        publish_approved(access=made.access, round_=round_)
    with pytest.raises(Refused, match="Nothing of your organisation"):
        reopen_after_typo_fix(slip=slip, organisation=last, person=made.representatives[last.pk])
    made.approve(round_, last)
    record = json.loads(publish_approved(access=made.access, round_=round_).record)
    assert record["slips"] == [{"language": "en", "before": slip.before.hash, "after": slip.after.hash}]


def test_what_says_more_is_refused_and_so_are_words_nobody_decided_on():
    made, round_ = mistyped(2)
    with pytest.raises(Refused, match="Nobody had decided"):
        propose_typo_fix(access=made.access, round_=round_, language="en")
    made.approve_all(round_)
    mend(made, round_, "We ask for no law on harasment.")
    with pytest.raises(NotATypoFix):
        propose_typo_fix(access=made.access, round_=round_, language="en")


def test_words_that_changed_again_are_not_confirmed():
    made, round_ = mistyped()
    made.approve_all(round_)
    mend(made, round_)
    slip = propose_typo_fix(access=made.access, round_=round_, language="en")
    confirm(made, slip, 1)
    made.write("We ask for no law.", "en")
    with pytest.raises(Refused, match="changed since"):
        confirm(made, slip, 2)


def test_objections_and_later_decisions_stay_too():
    made, round_ = mistyped(rule=ApprovalRule.JOINED)
    made.approve(round_, made.organisations[0])
    against = made.organisations[1]
    object_to(
        round_=round_,
        organisation=against,
        hashes=made.hashes(round_),
        person=made.representatives[against.pk],
    )
    mend(made, round_)
    slip = propose_typo_fix(access=made.access, round_=round_, language="en")
    confirm(made, slip, 2)
    confirm(made, slip, 3)
    assert states(round_)[:2] == [CellState.APPROVED, CellState.OBJECTS]


def test_answers_for_translations_stay_with_it_and_the_sheet_shows_both_hashes():
    made = stage(4)
    round_ = made.put(
        versions=[
            made.version("Біз заң сұраймыз.", "kk"),
            made.version("We ask for a law on harasment.", "en"),
        ]
    )
    reviewer = access_to(
        seat(workspace=made.workspace, role=SeatRole.REVIEWER, organisation=made.organisations[1]).person,
        made.workspace.uuid,
    )
    hashes = made.hashes(round_)
    attest(access=reviewer, round_=round_, translation=("en", hashes["en"]), source=("kk", hashes["kk"]))
    made.approve_all(round_)
    mend(made, round_)
    assert not board_of(round_, PUBLIC).attestations
    slip = propose_typo_fix(access=made.access, round_=round_, language="en")
    confirm(made, slip, 1)
    confirm(made, slip, 2)
    (kept,) = board_of(round_, PUBLIC).attestations
    assert kept.kept_from.translation == slip.before
    publication = publish_approved(access=made.access, round_=round_)
    sheet = build_sheet(publications_for_sheets().get(pk=publication.pk))
    assert sheet["slips"][0]["before"] == slip.before.hash
    assert all(check.ok for check in verify(sheet))
    assert not all(check.ok for check in verify({**sheet, "slips": []}))


def test_the_pages_offer_it_to_whom_it_concerns(client_of):
    made, round_ = mistyped()
    made.approve_all(round_)
    mend(made, round_)
    lead = client_of(made.coordinator)
    page = lead.get(f"/workspaces/rounds/{round_.uuid}/").content.decode()
    assert "<del>harasment</del>" in page
    lead.post(f"/workspaces/rounds/{round_.uuid}/slips/en/")
    slip = round_.slips.get()
    for number in (1, 2):
        organisation = made.organisations[number]
        client = client_of(made.representatives[organisation.pk])
        address = f"/workspaces/rounds/{round_.uuid}/decide/{organisation.uuid}/"
        assert "Confirm: nothing but a slip of the pen" in client.get(address).content.decode()
        client.post(f"{address}slips/{slip.uuid}/confirm/")
    assert "Decide anew on these words" in client.get(address).content.decode()
    client.post(f"{address}slips/{slip.uuid}/reopen/")
    assert states(round_)[2] == CellState.REOPENED
