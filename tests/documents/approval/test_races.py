"""Two things at once about one round: each is whole, and before or after the other; and rights that ended
while a page lay open."""

import datetime

import pytest
from django.db import connection
from django.urls import reverse

from coalition.accounts.models import Mandate, Membership, MembershipRole, User
from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from documents.approval.actions.decide import approve, object_to
from documents.approval.actions.offline import Answer, object_by_link
from documents.approval.actions.one_time_links import decide_by_link
from documents.approval.queries.boards import board_of
from documents.drafts.actions.manage import save_text
from documents.drafts.models import ApprovalRule, CellState, DecisionKind
from documents.models import Approval, Publication, PublicationName
from documents.publication.actions import NotPublishable, publish_approved, remove_name
from tests.documents.approval.builders import stage
from tests.documents.approval.offline_builders import link_for, objection_token
from tests.documents.conftest import body
from tests.documents.races import at_once
from tests.factories import MembershipFactory

DAY = datetime.timedelta(days=1)
race = pytest.mark.django_db(transaction=True)

pytestmark = pytest.mark.usefixtures("no_pages")


def state(round_, organisation):
    return board_of(round_, PUBLIC).matrix.cells[organisation.pk, "kk"].state


@race
def test_one_approves_while_another_objects_and_the_last_word_counts():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    another = MembershipFactory(organisation=organisation, role=MembershipRole.REPRESENTATIVE).person
    hashes = made.hashes(round_)

    def press(act, person):
        act(round_=round_, organisation=organisation, hashes=hashes, person=person)

    at_once(
        lambda: press(approve, made.representatives[organisation.pk]),
        lambda: press(object_to, another),
    )
    first, last = Approval.objects.order_by("pk")
    assert (first.superseded_at is not None, last.superseded_at) == (True, None)
    expected = CellState.APPROVED if last.decision == DecisionKind.APPROVED else CellState.OBJECTS
    assert state(round_, organisation) == expected


@race
def test_an_approval_while_the_text_is_edited_never_counts_for_the_other_words():
    for _attempt in range(4):
        made = stage()
        round_, organisation = made.put(), made.organisations[1]
        access, text, approved = made.access, made.text(), made.hashes(round_)["kk"]

        def edit(access=access, text=text):
            save_text(access=access, text=text, title="Other", lead="", body=body("Other words."))

        def press(made=made, round_=round_, organisation=organisation):
            try:
                made.approve(round_, organisation)
            except Refused as refusal:
                assert "was changed since" in refusal.message  # noqa: PT017  what refused it is the point

        at_once(edit, press)
        for approval in Approval.objects.filter(round=round_):
            assert approval.hash == approved
        assert state(round_, organisation) in {CellState.REOPENED, CellState.NOT_OPENED}
        with pytest.raises(NotPublishable):
            publish_approved(access=access, round_=round_)


@race
@pytest.mark.parametrize("rule", [ApprovalRule.JOINED, ApprovalRule.ALL])
def test_an_objection_that_comes_in_with_the_publication_is_before_or_after_it(rule):
    """Before: it is published without the name, or not at all. After: the name is off. Never under it."""
    made = stage(3)
    round_, organisation = made.put(rule=rule), made.organisations[1]
    _link, token = link_for(made, round_, organisation)
    decide_by_link(token=token, answer=Answer(DecisionKind.APPROVED, made.hashes(round_)))
    for other in (made.organisations[0], made.organisations[2]):
        made.approve(round_, other)
    access, objection = made.access, objection_token(made.representatives[organisation.pk])

    def press():
        try:
            publish_approved(access=access, round_=round_)
        except NotPublishable:
            assert rule == ApprovalRule.ALL

    at_once(press, lambda: object_by_link(token=objection))
    assert state(round_, organisation) == CellState.OBJECTS
    left = PublicationName.objects.filter(taken_off_at=None)
    assert not left.filter(organisation=organisation).exists()
    public = Publication.objects.first()
    if public is not None:
        assert left.filter(publication=public).count() == 2
        off = PublicationName.objects.filter(publication=public).exclude(taken_off_at=None).exists()
        assert (public.awaiting_since is not None) == (off and rule == ApprovalRule.ALL)
    assert connection.vendor in {"sqlite", "postgresql"}


@race
def test_a_name_that_is_taken_off_while_the_text_is_corrected_is_under_neither():
    """Or it was approved anew for the correction, and taken off before that: then it stands there."""
    made = stage(3)
    first = made.publish()
    round_ = made.put(versions=[made.version("Corrected words.")])
    made.approve_all(round_)
    access, organisation, done = made.access, made.organisations[1], {}
    person = made.representatives[organisation.pk]

    def take_off():
        remove_name(publication=first, organisation=organisation, person=person)
        done["off"] = now()

    def correct():
        done["public"] = publish_approved(access=access, round_=round_)

    at_once(take_off, correct)
    assert not PublicationName.objects.filter(
        publication=first, organisation=organisation, taken_off_at=None
    ).exists()
    name = PublicationName.objects.get(publication=done["public"], organisation=organisation)
    row = PublicationName.objects.get(publication=first, organisation=organisation)
    before = row.taken_off_at < done["public"].published_at
    assert (name.taken_off_at is None) == before


@pytest.mark.django_db
@pytest.mark.parametrize("lost", ["role", "membership", "account", "mandate"])
def test_who_lost_the_right_since_the_page_was_opened_approves_nothing(client_of, lost):
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    person, hashes, moment = made.representatives[organisation.pk], made.hashes(round_), now()
    if lost == "mandate":
        member = MembershipFactory(organisation=organisation, role=MembershipRole.MEMBER)
        mandate = Mandate.objects.create(membership=member, valid_from=moment - DAY, valid_until=moment + DAY)
        person = member.person
    client, rows = client_of(person), Membership.objects.filter(person=person)
    page = reverse("documents:decide_for", args=[round_.uuid, organisation.uuid])
    assert hashes["kk"].encode() in client.get(page).content
    if lost == "role":
        rows.update(role=MembershipRole.MEMBER)
    elif lost == "membership":
        rows.update(ended_at=moment)
    elif lost == "account":
        User.objects.filter(pk=person.pk).update(is_active=False)
    else:
        Mandate.objects.filter(pk=mandate.pk).update(valid_until=moment - datetime.timedelta(minutes=1))
    press = reverse("documents:approve", args=[round_.uuid, organisation.uuid])
    answer = client.post(press, {"words": [f"kk:{hashes['kk']}"]})
    assert answer.status_code == (404 if lost in {"role", "mandate"} else 302)  # to the door
    person.refresh_from_db()
    with pytest.raises(NotAllowed):
        made.approve(round_, organisation, person=person)
    assert not Approval.objects.exists()
