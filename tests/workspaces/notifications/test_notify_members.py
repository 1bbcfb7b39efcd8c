"""Members are told in a workspace of theirs, never in an archived one; without a seat by mail, if they want
mails."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.accounts.models import Membership, Organisation, User
from coalition.core.clock import now
from coalition.mail.models import OutboxMail
from coalition.workspaces.models import MailMode, Notification, NotificationSettings, Workspace
from coalition.workspaces.notifications.notify import notify_members
from tests.factories import MembershipFactory, OrganisationFactory, WorkspaceFactory, seat
from tests.workspaces.notifications.conftest import ASKS, PROTECTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> Organisation:
    return OrganisationFactory()


@pytest.fixture
def elsewhere() -> Workspace:
    """What it is about: nobody here has a seat there."""
    return WorkspaceFactory()


def tell_all(about: Workspace, *organisations: Organisation, kind: str = ASKS, actor=None, workspace=None):
    members = Membership.objects.filter(organisation__in=organisations).select_related("person")
    notify_members(
        members=members,
        kind=kind,
        actor=actor,
        organisation=None,
        subject_kind="workspace",
        subject=about.uuid,
        once=f"{kind}:1",
        workspace=workspace,
    )


def told_in() -> dict[User, Workspace]:
    rows = Notification.objects.select_related("person", "workspace")
    assert len(rows) == len({row.person for row in rows})
    return {row.person: row.workspace for row in rows}


def mailed() -> list:
    """Who is mailed without having an inbox."""
    return sorted(OutboxMail.objects.filter(key__startswith=f"{ASKS}:1:").values_list("person", flat=True))


def test_each_is_told_once_in_a_workspace_or_without_a_seat_by_mail(ours, elsewhere) -> None:
    seated, unseated = seat(organisation=ours), MembershipFactory(organisation=ours).person
    for _twice in range(2):
        tell_all(elsewhere, ours)
    assert told_in() == {seated.person: seated.workspace}
    assert mailed() == [unseated.uuid]
    mail = OutboxMail.objects.get(person=unseated.uuid)
    assert mail.context["outline"] == "You are asked."
    assert str(elsewhere.uuid) in mail.context["button_url"]
    assert elsewhere.title not in str(mail.context)


def test_the_given_workspace_goes_first_then_a_seat_for_the_organisation_then_any(ours, elsewhere) -> None:
    person = MembershipFactory(organisation=ours).person
    other = seat(person=person)  # for another organisation
    own = seat(person=person, organisation=ours)
    given = seat(person=person).workspace
    for workspace, expected in ((given, given), (elsewhere, own.workspace), (None, own.workspace)):
        Notification.objects.all().delete()
        tell_all(elsewhere, ours, workspace=workspace)
        assert told_in() == {person: expected}
    own.ended_at = now()
    own.save()
    Notification.objects.all().delete()
    tell_all(elsewhere, ours)
    assert told_in() == {person: other.workspace}


def test_nobody_is_told_in_an_archived_workspace(ours, elsewhere) -> None:
    old = seat(organisation=ours)
    old.workspace.archived_at = now()
    old.workspace.save()
    tell_all(elsewhere, ours, workspace=old.workspace)
    assert told_in() == {}
    assert mailed() == [old.person.uuid]


@pytest.mark.parametrize(
    ("kind", "mode", "is_mailed"),
    [
        (ASKS, MailMode.NEVER, False),
        (ASKS, MailMode.DAILY, True),
        (PROTECTS, MailMode.NEVER, True),
    ],
)
def test_who_wants_no_mail_gets_none_but_for_what_protects(ours, elsewhere, kind, mode, is_mailed) -> None:
    person = MembershipFactory(organisation=ours).person
    NotificationSettings.objects.create(person=person, mail=mode)
    tell_all(elsewhere, ours, kind=kind)
    assert OutboxMail.objects.filter(person=person.uuid).exists() is is_mailed


def test_who_did_it_is_not_told_and_a_member_of_two_organisations_is_told_once(ours, elsewhere) -> None:
    actor = MembershipFactory(organisation=ours).person
    theirs = OrganisationFactory()
    both = MembershipFactory(organisation=ours).person
    MembershipFactory(organisation=theirs, person=both)
    tell_all(elsewhere, ours, theirs, actor=actor)
    assert mailed() == [both.uuid]


def test_three_without_a_seat_cost_as_many_queries_as_one(elsewhere) -> None:
    costs = []
    for people in (1, 3):
        organisation = OrganisationFactory()
        MembershipFactory.create_batch(people, organisation=organisation)
        with CaptureQueriesContext(connection) as queries:
            tell_all(elsewhere, organisation)
        costs.append(len(queries))
    assert costs[0] == costs[1]
