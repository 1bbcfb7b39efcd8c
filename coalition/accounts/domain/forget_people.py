"""Who was invited, who asked to join, and where people were signed in: kept for a while only."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q

from coalition.accounts.domain.request_membership import DAYS, DECLINED_DAYS, forget_requests
from coalition.accounts.models import Invitation
from coalition.core.clock import now
from coalition.core.retention import delete, empty, long_ago, rule


def register() -> None:
    """Say how long; once, when the models are there."""
    rule(
        "partners.forget_requests",
        forget_requests,
        of="partners.MembershipRequest: a group that asked to join",
        until=f"unconfirmed {DAYS} days, declined {DECLINED_DAYS} days; its address AUDIT_PERSON_MONTHS",
    )
    rule(
        "partners.forget_invitations",
        forget_invitations,
        of="partners.Invitation: name and address of who was invited into an organisation",
        until="AUDIT_PERSON_MONTHS after it was accepted, taken back or had expired",
    )
    rule(
        "partners.forget_sessions",
        forget_sessions,
        of="sessions.Session, usersessions.UserSession: where somebody was signed in, from which address",
        until="the session's end: SESSION_COOKIE_AGE, or a sign-out",
    )


def forget_invitations() -> int:
    """Delete invitations that came to nothing, and of the others name and address. Returns how many rows."""
    before = long_ago()
    nothing = Invitation.objects.filter(accepted_at=None)
    accepted = Invitation.objects.filter(accepted_at__lt=before).exclude(email="", name="")
    return delete(nothing.filter(Q(revoked_at__lt=before) | Q(expires_at__lt=before))) + empty(
        accepted, email="", name=""
    )


def forget_sessions() -> int:
    """Delete sessions that have ended, and what was listed of them: browser and network address. Returns how
    many rows."""
    gone = delete(Session.objects.filter(expire_date__lt=now()))
    return gone + delete(UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")))
