"""Ending sessions: signing out everywhere, and people who have no business here any more."""

from collections.abc import Iterable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from coalition import live_push
from coalition.accounts.models import User
from coalition.accounts.queries import has_access
from coalition.audit import log
from coalition.core.clock import now


@transaction.atomic
def end_sessions(people: Iterable[User], *, reason: str = "signed out") -> None:
    """End every session of these people at once: pages at the next request, sockets within a second.

    Sessions carry the person's `session_round` in their hash, so that one which made no request yet, and
    therefore is in no list, ends too.
    """
    users = {person.pk: person for person in people}
    if not users:
        return
    keys = list(UserSession.objects.filter(user__in=users).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    User.objects.filter(pk__in=users).update(session_round=F("session_round") + 1)
    live_push.recheck_sockets(user_ids=list(users), reason=reason)


def sign_out_everywhere(*, person: User) -> None:
    """One press: the person is signed out on every device, this one included."""
    with transaction.atomic():
        log.record_audit(
            "person.signed_out_everywhere", actor=person, target_kind="person", target=person.uuid
        )
        end_sessions([person])


def recheck_sessions(people: Iterable[User]) -> None:
    """After rights became fewer: end the sessions of those who have left, let the others look again."""
    people = list(people)
    gone = [person for person in people if not has_access(person)]
    end_sessions(gone, reason="no longer a member")
    live_push.recheck_sockets(
        user_ids=[person.pk for person in people if person not in gone], reason="rights changed"
    )


def recheck_deleted_session(sender: object, *, instance: Session, **_rest: Any) -> None:
    """One session is gone: signed out here, or ended from the list of another browser. What is open in it
    looks again at once. A signal of the row, since Django and allauth end sessions by several doors.

    A session that ran out holds nothing open, and many are swept away together.
    """
    owner = instance.get_decoded().get(SESSION_KEY) if instance.expire_date > now() else None
    if owner is not None:
        live_push.recheck_sockets(user_ids=[int(owner)], reason="session ended")
