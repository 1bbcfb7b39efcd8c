"""Who was invited, who asked to join, and where people were signed in: kept for a while only."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q

from coalition.accounts.actions.membership_requests import (
    CONFIRMATION_DAYS,
    DECLINED_REQUEST_DAYS,
    delete_old_requests,
)
from coalition.accounts.models import Invitation
from coalition.core.clock import now
from coalition.core.retention import (
    anonymise_cutoff,
    delete_in_batches,
    empty_in_batches,
    register_retention_rule,
)


def register_people_retention() -> None:
    """Say how long; once, when the models are there."""
    register_retention_rule(
        "partners.forget_requests",
        delete_old_requests,
        of="partners.MembershipRequest: a group that asked to join",
        until=f"unconfirmed {CONFIRMATION_DAYS} days, declined {DECLINED_REQUEST_DAYS} days; its address AUDIT_PERSON_MONTHS",
    )
    register_retention_rule(
        "partners.forget_invitations",
        delete_old_invitations,
        of="partners.Invitation: name and address of who was invited into an organisation",
        until="AUDIT_PERSON_MONTHS after it was accepted, taken back or had expired",
    )
    register_retention_rule(
        "partners.forget_sessions",
        delete_ended_sessions,
        of="sessions.Session, usersessions.UserSession: where somebody was signed in, from which address",
        until="the session's end: SESSION_COOKIE_AGE, or a sign-out",
    )


def delete_old_invitations() -> int:
    """Delete invitations that came to nothing, and of the others name and address. Returns how many rows."""
    before = anonymise_cutoff()
    nothing = Invitation.objects.filter(accepted_at=None)
    accepted = Invitation.objects.filter(accepted_at__lt=before).exclude(email="", name="")
    return delete_in_batches(
        nothing.filter(Q(revoked_at__lt=before) | Q(expires_at__lt=before))
    ) + empty_in_batches(accepted, email="", name="")


def delete_ended_sessions() -> int:
    """Delete sessions that have ended, and what was listed of them: browser and network address. Returns how
    many rows."""
    gone = delete_in_batches(Session.objects.filter(expire_date__lt=now()))
    return gone + delete_in_batches(
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    )
