"""Lists of notifications, and of browsers that may be woken: the only place where they come from."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import active_memberships, active_offices, may_enter
from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.models import (
    MutedWorkspace,
    Notification,
    NotificationSettings,
    PushSubscription,
    Workspace,
)
from coalition.workspaces.notifications.subjects import subjects
from coalition.workspaces.queries import active_seats, workspaces_for


def notifications_for(user: object, kinds: Collection[str] | None = None) -> QuerySet[Notification]:
    """What the person is told of, newest first, in two queries: only while they may see the subject.

    Who has lost a seat, has left, or is frozen finds nothing of what they were told there. `kinds` of
    subject: of these alone, in one query.
    """
    if not isinstance(user, User) or not user.is_active:
        return Notification.objects.none()
    own = Notification.objects.filter(person=user)
    # Rights of a kind cost to be read: only those of kinds that the person is told of.
    if kinds is None:
        kinds = set(own.order_by().values_list("subject_kind", flat=True).distinct())
    seen = Q(pk__in=[])
    for kind, subject in subjects().items():
        if kind in kinds:
            seen |= Q(subject_kind=kind, subject__in=subject.visible(user).order_by().values("uuid"))
    reads_drafts = workspaces_for(user, Right.SEE_DRAFTS).order_by().values("pk")
    rows = own.filter(Q(needs_drafts=False) | Q(workspace__in=reads_drafts), seen)
    return rows.select_related("workspace", "actor", "organisation")


def unread_of(user: object, kinds: Collection[str] | None = None) -> QuerySet[Notification]:
    return notifications_for(user, kinds).filter(read_at=None)


def who_may_be_told(
    people: Collection[User],
    *,
    workspace: Workspace,
    restricted_to: Collection[Organisation] | None,
) -> QuerySet[User]:
    """Those of the people who still have business here, in one query.

    `restricted_to`: only those who have a seat in the workspace on behalf of one of these.
    """
    member = active_memberships().filter(person=OuterRef("pk"))
    serves = active_offices().filter(person=OuterRef("pk"))
    rows = User.objects.filter(Exists(member) | Exists(serves), pk__in={one.pk for one in people})
    if restricted_to is not None:
        seats = active_seats().filter(
            person=OuterRef("pk"), workspace=workspace, organisation__in=[one.pk for one in restricted_to]
        )
        rows = rows.filter(Exists(seats))
    return rows.order_by("pk")


@dataclass(frozen=True)
class Wishes:
    """How people want to be told: their settings, and who has muted a workspace."""

    settings: dict[int, NotificationSettings] = field(default_factory=dict)
    muted: frozenset[int] = frozenset()

    def of(self, person: User) -> NotificationSettings:
        """The person's settings; the defaults for who has never chosen."""
        return self.settings.get(person.pk) or NotificationSettings(person=person)


def wishes_of(people: Collection[User], workspace: Workspace) -> Wishes:
    """Two queries, however many people."""
    pks = [person.pk for person in people]
    rows = NotificationSettings.objects.filter(person__in=pks)
    muted = MutedWorkspace.objects.filter(person__in=pks, workspace=workspace)
    return Wishes({row.person_id: row for row in rows}, frozenset(muted.values_list("person_id", flat=True)))


def settings_of(person: User) -> NotificationSettings:
    found = NotificationSettings.objects.filter(person=person).first()
    return found or NotificationSettings(person=person)


def muted_by(person: User) -> set[int]:
    """Primary keys of the workspaces that the person has muted."""
    return set(MutedWorkspace.objects.filter(person=person).values_list("workspace_id", flat=True))


def mail_waits_for(person: User) -> QuerySet[Notification]:
    """What is to be mailed to the person later, as long as they have not read it and may see it."""
    muted = MutedWorkspace.objects.filter(person=person).values("workspace")
    return unread_of(person).filter(mail_waits=True).exclude(workspace__in=muted)


def may_still_be_told(person: UUID, notifications: Collection[str]) -> bool:
    """Whether one of these is still unread and may be seen by its person: asked when their mail leaves."""
    user = User.objects.filter(uuid=person).first()
    if user is None or not may_enter(user):
        return False
    return unread_of(user).filter(uuid__in=list(notifications)).exists()


def browsers_of(people: Collection[User]) -> QuerySet[PushSubscription]:
    """Browsers of these people that may be woken: the session in which it was allowed still stands, and the
    person has not signed out everywhere since."""
    session = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now())
    return PushSubscription.objects.filter(
        Exists(session),
        person__in=[person.pk for person in people],
        person__is_active=True,
        session_round=F("person__session_round"),
    ).select_related("person")
