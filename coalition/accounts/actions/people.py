"""A person's language and time zone in the member area."""

from collections.abc import Iterable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from coalition import live_push
from coalition.accounts.enums import Language
from coalition.accounts.models import User
from coalition.accounts.queries import has_access
from coalition.audit import log
from coalition.core.clock import now


def set_language(*, person: User, language: str) -> User:
    """Set the language of pages and mails. Raises ValueError for a language that is not offered."""
    person.language = Language(language)
    person.save(update_fields=["language"])
    return person


@transaction.atomic
def change_person_details(*, person: User, name: str, language: str, time_zone: str, phone: str = "") -> User:
    """Change the person's own details; the address is changed elsewhere, since it must be verified."""
    person.name, person.language, person.time_zone = name.strip(), Language(language), time_zone
    person.phone = phone.strip()
    person.save(update_fields=["name", "language", "time_zone", "phone"])
    log.record_audit("person.changed", actor=person, target_kind="person", target=person.uuid)
    return person


# --- sessions ---
# End of sessions: signing out everywhere, and people who have lost access.


@transaction.atomic
def end_sessions(people: Iterable[User], *, reason: str = "signed out") -> None:
    """End every session of these people at once: pages at the next request, sockets within a second.

    Sessions include the person's `session_round` in their hash. Therefore a session that made no
    request yet, and so is in no list, ends too.
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
    """Sign the person out on every device, including this one."""
    with transaction.atomic():
        log.record_audit(
            "person.signed_out_everywhere", actor=person, target_kind="person", target=person.uuid
        )
        end_sessions([person])


def recheck_sessions(people: Iterable[User]) -> None:
    """End the sessions of people who lost access; recheck the others after rights were reduced."""
    people = list(people)
    gone = [person for person in people if not has_access(person)]
    end_sessions(gone, reason="no longer a member")
    live_push.recheck_sockets(
        user_ids=[person.pk for person in people if person not in gone], reason="rights changed"
    )


def recheck_deleted_session(sender: object, *, instance: Session, **_rest: Any) -> None:
    """Recheck open sockets of a session that was deleted, by sign-out or from another browser's list.
    A signal on the row, since Django and allauth end sessions in several ways.

    Expired sessions have no open sockets, and many are deleted together.
    """
    owner = instance.get_decoded().get(SESSION_KEY) if instance.expire_date > now() else None
    if owner is not None:
        live_push.recheck_sockets(user_ids=[int(owner)], reason="session ended")
