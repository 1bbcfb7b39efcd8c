"""What was disowned may have been carried over into other texts: the name leaves these too."""

import pytest

from coalition.accounts.models import Membership, MembershipRole
from coalition.audit.models import AuditEntry
from coalition.mail.models import OutboxMail
from coalition.workspaces.models import Notification
from documents.approval.actions.inherit import reopen_inherited_approvals
from documents.approval.actions.offline import object_by_link, object_to_decisions
from documents.approval.actions.phone import record_call, send_code
from documents.drafts.models import CellState, Way
from documents.models import Approval, PublicationName
from documents.publication.actions import NotPublishable, publish_approved
from tests.documents.approval.builders import stage
from tests.documents.approval.inherited_builders import another, framed, put_framed, states, versions_put, who
from tests.documents.approval.offline_builders import objection_token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def by_phone(made, round_, number=1):
    given = {"access": made.access, "round_": round_, **who(made, number)}
    send_code(**given)
    code = OutboxMail.objects.filter(template="documents/phone_code").last().context["code"]
    record_call(**given, languages=list(made.hashes(round_)), code=code)


@pytest.fixture
def forged():
    """Approved in a call, as it says; the third approved it itself."""
    made = stage(3)
    round_ = made.put("kk")
    made.approve(round_, made.organisations[0])
    made.approve(round_, made.organisations[2])
    by_phone(made, round_)
    return made, round_


def stands_under(publication):
    rows = PublicationName.objects.filter(publication=publication, taken_off_at=None)
    return set(rows.values_list("organisation", flat=True))


def disown(made, number=1):
    object_by_link(token=objection_token(who(made, number)["person"]))


def test_the_name_leaves_every_public_text_into_which_it_was_carried(forged):
    made, round_ = forged
    public = []
    for _time in range(2):
        letter, again = put_framed(made, round_)
        public.append(publish_approved(access=letter.access, round_=again))
    everyone = {one.pk for one in made.organisations}
    assert [stands_under(one) for one in public] == [everyone] * 2
    disown(made)
    assert [stands_under(one) for one in public] == [everyone - {made.organisations[1].pk}] * 2
    told = Notification.objects.filter(kind="carried_name_off", person=who(made, 1)["person"])
    assert {row.subject for row in told} == {one.uuid for one in public}
    assert (
        not Notification.objects.filter(kind="carried_name_off")
        .exclude(person=who(made, 1)["person"])
        .exists()
    ), "nobody of other organisations"
    assert Notification.objects.filter(kind="awaiting_decision", person=made.coordinator).exists()
    entries = AuditEntry.objects.filter(action="publication.name_taken_off")
    assert {entry.target for entry in entries} == {one.uuid for one in public}


def test_in_the_members_area_too_and_with_its_own_text_public(forged):
    made, round_ = forged
    letter, again = put_framed(made, round_)
    carried, own = (
        publish_approved(access=letter.access, round_=again),
        publish_approved(access=made.access, round_=round_),
    )
    object_to_decisions(round_=round_, **who(made, 1))
    for publication in (carried, own):
        assert made.organisations[1].pk not in stands_under(publication)


def test_what_the_organisation_decided_itself_there_stays(forged):
    made, round_ = forged
    letter, again = put_framed(made, round_)
    reopen_inherited_approvals(round_=again, **who(made, 1))
    letter.approve(again, made.organisations[1])
    publication = publish_approved(access=letter.access, round_=again)
    disown(made)
    assert made.organisations[1].pk in stands_under(publication)


def test_words_carried_from_a_call_that_a_later_call_replaced(forged):
    made, round_ = forged
    letter, again = put_framed(made, round_)
    publication = publish_approved(access=letter.access, round_=again)
    by_phone(made, round_)
    assert Approval.objects.filter(round=round_, way=Way.PHONE_CODE).count() == 2
    disown(made)
    assert made.organisations[1].pk not in stands_under(publication)


def test_what_another_round_or_organisation_said_stays_and_what_is_not_public_falls(forged):
    made, round_ = forged
    other = another(made)
    elsewhere = other.put(versions=[other.version("Words of another text.")])
    other.approve_all(elsewhere)
    letter = another(made)
    third = letter.put(versions=[framed(letter, [versions_put(elsewhere)["kk"]])])
    publication = publish_approved(access=letter.access, round_=third)
    _open, waiting = put_framed(made, round_)
    disown(made)
    assert len(stands_under(publication)) == 3
    assert states(waiting)[1] == CellState.REOPENED
    with pytest.raises(NotPublishable):
        publish_approved(access=_open.access, round_=waiting)


def test_it_costs_the_same_for_one_and_for_three_texts_that_are_not_public(django_assert_max_num_queries):
    counts = []
    for number in (1, 3):
        made = stage(2)
        round_ = made.put("kk")
        made.approve(round_, made.organisations[0])
        by_phone(made, round_)
        for _time in range(number):
            put_framed(made, round_)
        with django_assert_max_num_queries(80) as queries:
            object_to_decisions(round_=round_, **who(made, 1))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_alternate_who_was_telephoned_takes_the_name_off_what_is_public(forged):
    """The link goes to the person of the call, who may be an alternate."""
    made, round_ = forged
    letter, again = put_framed(made, round_)
    public = [publish_approved(access=made.access, round_=round_)]
    public.append(publish_approved(access=letter.access, round_=again))
    token = objection_token(who(made, 1)["person"])
    Membership.objects.filter(person=who(made, 1)["person"]).update(role=MembershipRole.ALTERNATE)
    object_by_link(token=token)
    others = {one.pk for one in made.organisations} - {made.organisations[1].pk}
    assert [stands_under(one) for one in public] == [others] * 2
