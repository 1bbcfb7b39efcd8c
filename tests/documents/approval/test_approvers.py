"""The table of whom to ask, the rule of no objection, an organisation's word on its silence."""

import datetime

import pytest
from django.urls import reverse

from coalition.accounts.actions.memberships import give_office
from coalition.accounts.models import Membership, MembershipRole, OfficeKind
from coalition.accounts.naming import PUBLIC
from coalition.accounts.permissions import NotAllowed as NotForThem
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed
from documents.approval.actions.open_round import close_round, remind_deciders, renew_round
from documents.approval.actions.phone import (
    decline_silence,
    delete_asking_group,
    save_asking_group,
    save_asking_table,
)
from documents.approval.queries.boards import board_of
from documents.drafts.models import ApprovalRule, CellState, Way
from documents.models import AskingGroup, AskingRow
from documents.publication.actions import NotPublishable, publish_approved
from tests.documents.approval.builders import stage
from tests.documents.approval.test_approvals_pages import url, words
from tests.factories import FreezeFactory, MembershipFactory, ParticipationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def secretary():
    person = MembershipFactory().person
    give_office(by=None, person=person, kind=OfficeKind.SECRETARIAT)
    return person


def allow(by):
    save_asking_table(by=by, rows=[], allows_no_objection=True)


def test_only_the_secretariat_says_whom_to_ask(secretary):
    made = stage(2)
    for act in (
        lambda: save_asking_table(by=made.coordinator, rows=[], allows_no_objection=True),
        lambda: save_asking_group(by=made.coordinator, name="Steering", organisations=made.organisations),
    ):
        with pytest.raises((NotAllowed, NotForThem)):
            act()
    save_asking_group(by=secretary, name="Steering", organisations=made.organisations)
    with pytest.raises(Refused, match="of this name already"):
        save_asking_group(by=secretary, name="steering", organisations=made.organisations)
    row = AskingRow(kind="statement", hours=24, rule=ApprovalRule.NO_OBJECTION)
    with pytest.raises(Refused, match="Silence counts for nothing"):
        save_asking_table(by=secretary, rows=[row], allows_no_objection=False)


def test_the_form_is_filled_from_the_table(client_of, secretary):
    made = stage(3)
    made.write("Words.")
    group = save_asking_group(by=secretary, name="Steering", organisations=made.organisations[:2])
    save_asking_table(
        by=secretary,
        rows=[AskingRow(kind=made.draft.kind, group=group, hours=30, rule=ApprovalRule.ALL)],
        allows_no_objection=False,
    )
    form = client_of(made.coordinator).get(url("put", made.draft.uuid)).context["form"]
    assert sorted(form["organisations"].value()) == [one.pk for one in made.organisations[:2]]
    assert (form["hours"].value(), form["rule"].value()) == (30, ApprovalRule.ALL)


def test_the_secretariat_edits_it_and_others_find_nothing(client_of, secretary):
    address, new = reverse("secretariat:asking"), reverse("secretariat:asking_group_new")
    made = stage(2)
    assert {client_of(made.coordinator).get(one).status_code for one in (address, new)} == {404}
    client = client_of(secretary)
    client.post(new, {"name": "Steering", "organisations": [one.pk for one in made.organisations]})
    group = AskingGroup.objects.get()
    page = client.get(address)
    assert "Steering" in words(page)
    fields = [field for line in page.context["form"].lines for field in line["fields"]]
    sent = {field.html_name: field.value() or "" for field in fields}
    client.post(address, {**sent, "group_statement": group.pk, "hours_statement": 12})
    row = next(one for one in client.get(address).context["form"].rows if one.kind == "statement")
    assert (row.group, row.hours) == (group, 12)
    client.post(reverse("secretariat:asking_group_remove", args=[group.uuid]))
    assert not AskingGroup.objects.exists()


def test_silence_counts_only_where_the_coalition_says_so_and_after_a_day(secretary):
    made = stage(2)
    version = made.version("Words.")
    given = {"versions": [version], "rule": ApprovalRule.NO_OBJECTION}
    with pytest.raises(Refused, match="Silence counts for nothing"):
        made.put(**given)
    allow(secretary)
    with pytest.raises(Refused, match="a day at least"):
        made.put(**given, deadline=now() + 23 * HOUR)
    round_ = made.put(**given, deadline=now() + 25 * HOUR)
    with freeze_clock_at(now() + 2 * HOUR), pytest.raises(Refused, match="a day at least"):
        renew_round(access=made.access, round_=round_, versions=[made.version("Other words.")])


def test_where_silence_counts_the_deadline_is_not_pulled_to_now(secretary):
    made = stage(2)
    allow(secretary)
    round_ = made.put(rule=ApprovalRule.NO_OBJECTION, deadline=now() + 72 * HOUR)
    before = round_.deadline
    with pytest.raises(Refused, match="a day at least"):
        renew_round(access=made.access, round_=round_, deadline=now() + HOUR / 30)
    round_.refresh_from_db()
    assert round_.deadline == before
    renew_round(access=made.access, round_=round_, deadline=now() + 25 * HOUR)
    with freeze_clock_at(now() + 20 * HOUR):  # more time can be given at any moment
        renew_round(access=made.access, round_=round_, deadline=now() + 10 * HOUR)
    round_.refresh_from_db()
    assert before > round_.deadline


def test_everyone_asked_is_told_of_an_earlier_deadline():
    made = stage(3)
    round_ = made.put(deadline=now() + 72 * HOUR)
    made.approve(round_, made.organisations[1])
    renew_round(access=made.access, round_=round_, deadline=now() + 96 * HOUR)
    told = Notification.objects.filter(kind="deadline_earlier")
    assert not told.exists(), "more time is no news that hurries anybody"
    renew_round(access=made.access, round_=round_, deadline=now() + 30 * HOUR)
    others = {made.representatives[one.pk] for one in made.organisations[1:]}
    assert {row.person for row in told} >= others
    for number in range(2):  # there and back again is told each time
        renew_round(access=made.access, round_=round_, deadline=now() + (96 - 60 * number) * HOUR)
    assert told.filter(person__in=others).count() == 2 * len(others)


def test_silence_is_published_as_silence(secretary):
    made = stage(3)
    allow(secretary)
    round_ = made.put(rule=ApprovalRule.NO_OBJECTION, deadline=now() + 25 * HOUR)
    lead, silent, declining = made.organisations
    made.approve(round_, lead)
    decline_silence(organisation=declining, person=made.representatives[declining.pk])
    with pytest.raises((NotAllowed, NotForThem)):
        decline_silence(organisation=silent, person=made.coordinator)
    with pytest.raises(NotPublishable, match="not decided yet"):
        publish_approved(access=made.access, round_=round_)
    with freeze_clock_at(round_.deadline + HOUR):
        cells = board_of(round_, PUBLIC).matrix.cells
        assert cells[silent.pk, "kk"].state == CellState.NO_OBJECTION
        assert cells[declining.pk, "kk"].state == CellState.NOT_ASKED
        publication = publish_approved(access=made.access, round_=round_)
    assert {name.organisation: name.way for name in publication.names.all()} == {
        lead: Way.MEMBERS_AREA,
        silent: Way.NO_OBJECTION,
    }


def test_who_declined_once_is_never_counted_later(secretary, client_of):
    made = stage(2)
    allow(secretary)
    declining = made.organisations[1]
    round_ = made.put(rule=ApprovalRule.NO_OBJECTION, deadline=now() + 25 * HOUR)
    client = client_of(made.representatives[declining.pk])
    assert "Our silence says nothing" in words(client.get(url("decide", round_.uuid)))
    client.post(url("decline_silence", round_.uuid, declining.uuid))
    assert round_.asked.get(organisation=declining).excluded_at is not None
    other = stage(1)
    other.organisations.append(declining)
    ParticipationFactory(workspace=other.workspace, organisation=declining)
    later = other.put(rule=ApprovalRule.NO_OBJECTION, deadline=now() + 25 * HOUR)
    assert later.asked.get(organisation=declining).excluded_at is not None


def silent_round(made, secretary):
    allow(secretary)
    round_ = made.put(rule=ApprovalRule.NO_OBJECTION, deadline=now() + 72 * HOUR)
    made.approve(round_, made.organisations[0])
    return round_


def freeze_and_thaw(made, round_):
    FreezeFactory(
        organisation=made.organisations[1], frozen_at=now() + 10 * HOUR, thawed_at=now() + 11 * HOUR
    )


def freeze_after(made, round_):
    FreezeFactory(
        organisation=made.organisations[1], frozen_at=now() + 80 * HOUR, thawed_at=now() + 81 * HOUR
    )


def new_people(made, round_):
    Membership.objects.filter(organisation=made.organisations[1]).update(ended_at=now() + 5 * HOUR)
    late = MembershipFactory(organisation=made.organisations[1], role=MembershipRole.REPRESENTATIVE)
    Membership.objects.filter(pk=late.pk).update(started_at=now() + 5 * HOUR)


def another_representative_goes(made, round_):
    other = MembershipFactory(organisation=made.organisations[1], role=MembershipRole.REPRESENTATIVE)
    Membership.objects.filter(pk=other.pk).update(ended_at=now() + 5 * HOUR)


def out_for_a_while(made, round_):
    there = made.workspace.participations.filter(organisation=made.organisations[1])
    there.update(ended_at=now() + 5 * HOUR)
    again = ParticipationFactory(workspace=made.workspace, organisation=made.organisations[1])
    made.workspace.participations.filter(pk=again.pk).update(started_at=now() + 6 * HOUR)


@pytest.mark.parametrize(
    ("what", "counts"),
    [
        (freeze_and_thaw, False),
        (freeze_after, True),
        (new_people, False),
        (another_representative_goes, True),
        (out_for_a_while, False),
    ],
)
def test_silence_counts_only_of_who_could_answer_through_the_whole_notice(secretary, what, counts):
    made = stage(2)
    round_ = silent_round(made, secretary)
    what(made, round_)
    with freeze_clock_at(round_.deadline + 12 * HOUR):
        publication = publish_approved(access=made.access, round_=round_)
    named = {name.organisation for name in publication.names.all()}
    assert named == set(made.organisations if counts else made.organisations[:1])
    round_.refresh_from_db()
    matrix = board_of(round_, PUBLIC).matrix  # what was published stays as it was
    assert len(matrix.standing) == len(named)


def test_who_had_no_representative_is_not_counted_until_it_is_told_of_newer_words(secretary):
    made = stage(2)
    nobody = made.organisations[1]
    person = made.representatives[nobody.pk]
    person.memberships.update(role=MembershipRole.MEMBER)
    round_ = silent_round(made, secretary)
    person.memberships.update(role=MembershipRole.REPRESENTATIVE)
    with freeze_clock_at(round_.deadline + HOUR):
        assert board_of(round_, PUBLIC).matrix.cells[nobody.pk, "kk"].state == CellState.NOT_OPENED
    renew_round(access=made.access, round_=round_, versions=[made.version("Other words.")], acknowledged=True)
    with freeze_clock_at(round_.deadline + HOUR):
        assert board_of(round_, PUBLIC).matrix.cells[nobody.pk, "kk"].state == CellState.NO_OBJECTION


def test_who_declined_its_silence_is_called_and_reminded(secretary, client_of):
    made = stage(2)
    round_ = silent_round(made, secretary)
    declining = made.organisations[1]
    decline_silence(organisation=declining, person=made.representatives[declining.pk])
    page = client_of(made.coordinator).get(url("call_sheet", round_.uuid))
    assert [row["organisation"] for row in page.context["open_rows"]] == [declining]
    remind_deciders(str(round_.uuid), {})
    assert Notification.objects.filter(
        kind="approval_reminder", person=made.representatives[declining.pk]
    ).exists()


def test_the_round_keeps_which_group_was_asked(client_of, secretary):
    made = stage(3)
    stranger = stage(1).organisations[0]
    group = save_asking_group(
        by=secretary, name="Steering", organisations=[*made.organisations[:2], stranger]
    )
    save_asking_table(
        by=secretary,
        rows=[AskingRow(kind=made.draft.kind, group=group, hours=30, rule=ApprovalRule.ALL)],
        allows_no_objection=False,
    )
    some = made.put(organisations=made.organisations[:2])
    assert (some.group, some.group_name) == (group, "Steering")
    save_asking_group(by=secretary, name="Another name", organisations=made.organisations, group=group)
    assert "Steering" in words(client_of(made.coordinator).get(url("round", some.uuid)))
    close_round(access=made.access, round_=some)
    other = made.put(organisations=made.organisations[:2], versions=[made.version("Other words.")])
    assert (other.group, other.group_name) == (None, ""), "the group is of three now, and two are asked"
    delete_asking_group(by=secretary, group=group)
    some.refresh_from_db()
    assert (some.group, some.group_name) == (None, "Steering")
