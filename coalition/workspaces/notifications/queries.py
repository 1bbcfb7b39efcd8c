"""Queries of notifications, and of browsers that accept push."""

import datetime
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import active_memberships, active_offices, has_access
from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.models import (
    MailMode,
    MutedWorkspace,
    Notification,
    NotificationSettings,
    PushSubscription,
)
from coalition.workspaces.notifications.kinds import all_notification_subjects
from coalition.workspaces.queries import active_seats, workspaces_for

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

STILL_FRESH = datetime.timedelta(hours=24)


def notifications_for(user: object, kinds: Collection[str] | None = None) -> QuerySet[Notification]:
    """Return the person's notifications, newest first, in two queries: only with a visible subject.

    A person without the seat or access, or frozen, gets none from there. `kinds` of subject: only
    these, in one query.
    """
    if not isinstance(user, User) or not user.is_active:
        return Notification.objects.none()
    own = Notification.objects.filter(person=user)
    # Permissions per kind are costly: check only the kinds of the person's notifications.
    if kinds is None:
        kinds = set(own.order_by().values_list("subject_kind", flat=True).distinct())
    seen = Q(pk__in=[])
    for kind, subject in all_notification_subjects().items():
        if kind in kinds:
            seen |= Q(subject_kind=kind, subject__in=subject.visible(user).order_by().values("uuid"))
    reads_drafts = workspaces_for(user, Right.SEE_DRAFTS).order_by().values("pk")
    rows = own.filter(Q(needs_drafts=False) | Q(workspace__in=reads_drafts), seen)
    return rows.select_related("workspace", "actor", "organisation")


def unread_of(user: object, kinds: Collection[str] | None = None) -> QuerySet[Notification]:
    return notifications_for(user, kinds).filter(read_at=None)


class RecipientAnnotations(TypedDict):
    """Annotations of a person who may be notified.

    `has_muted`: the workspace. `knows_key`: they have a notification under one of the keys already.
    `was_notified`: there is an unread one of its kind about its subject, less than a day old. `has_browser`:
    there is a browser that may need a push.
    """

    has_muted: bool
    knows_key: bool
    was_notified: bool
    has_browser: bool


type Recipient = WithAnnotations[User, RecipientAnnotations]


def recipients_of(
    people: Iterable[int],
    row: Notification,
    *,
    keys: Collection[str],
    restricted_to: Collection[Organisation] | None,
) -> QuerySet[Recipient]:
    """Return those of the people (primary keys) who have access and may get the content of `row`, in
    the order of their keys, in one query.

    `row` is an unsaved notification without its person; `keys` those it is sent under. `restricted_to`:
    only people with a seat in the workspace on behalf of one of these.
    """
    member = active_memberships().filter(person=OuterRef("pk"))
    serves = active_offices().filter(person=OuterRef("pk"))
    rows = User.objects.filter(Exists(member) | Exists(serves), pk__in=set(people))
    if restricted_to is not None:
        seats = active_seats().filter(
            person=OuterRef("pk"),
            workspace=row.workspace_id,
            organisation__in=[one.pk for one in restricted_to],
        )
        rows = rows.filter(Exists(seats))
    own = Notification.objects.filter(person=OuterRef("pk"))
    same = own.filter(kind=row.kind, subject_kind=row.subject_kind, subject=row.subject, read_at=None)
    muted = MutedWorkspace.objects.filter(person=OuterRef("pk"), workspace=row.workspace_id)
    found = rows.select_related("notification_settings").annotate(
        has_muted=Exists(muted),
        knows_key=Exists(own.filter(key__in=[key for key in keys if key])),
        was_notified=Exists(same.filter(at__gt=row.at - STILL_FRESH, at__lt=row.at)),
        has_browser=Exists(PushSubscription.objects.filter(person=OuterRef("pk"))),
    )
    return found.order_by("pk")


def settings_of(person: User) -> NotificationSettings:
    """Return the person's settings, or the defaults."""
    return getattr(person, "notification_settings", None) or NotificationSettings(person=person)


def people_without_mail(people: Iterable[User]) -> set[int]:
    """Return the primary keys of those who want no mail. One query."""
    rows = NotificationSettings.objects.filter(person__in=[one.pk for one in people], mail=MailMode.NEVER)
    return set(rows.values_list("person_id", flat=True))


def muted_by(person: User) -> set[int]:
    """Return the primary keys of the workspaces that the person has muted."""
    return set(MutedWorkspace.objects.filter(person=person).values_list("workspace_id", flat=True))


def notifications_to_mail(person: User) -> QuerySet[Notification]:
    """Return notifications with pending mail, while the person has not read them and may see them."""
    muted = MutedWorkspace.objects.filter(person=person).values("workspace")
    return unread_of(person).filter(mail_waits=True).exclude(workspace__in=muted)


def is_still_unread(person: UUID, notifications: Collection[str]) -> bool:
    """Whether one of these is still unread and visible to its person; checked when the mail is sent."""
    user = User.objects.filter(uuid=person).first()
    if user is None or not has_access(user):
        return False
    return unread_of(user).filter(uuid__in=list(notifications)).exists()


def browsers_of(people: Collection[User]) -> QuerySet[PushSubscription]:
    """Return these people's browsers that accept push: the session in which it was allowed still
    exists, and the person has not signed out everywhere since."""
    session = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now())
    return PushSubscription.objects.filter(
        Exists(session),
        person__in=[person.pk for person in people],
        person__is_active=True,
        session_round=F("person__session_round"),
    ).select_related("person")
