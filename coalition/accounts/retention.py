"""Retention and audit labels of people and organisations."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.accounts.actions.admission import DECLINED_REQUEST_DAYS, delete_old_requests
from coalition.accounts.models import Invitation
from coalition.applicants.flow import DAYS_UNPROVED
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
        until=f"unconfirmed {DAYS_UNPROVED} days, declined {DECLINED_REQUEST_DAYS} days; its address"
        " AUDIT_PERSON_MONTHS",
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
    """Delete unaccepted invitations, name and address of the others. Returns the number of rows."""
    before = anonymise_cutoff()
    nothing = Invitation.objects.filter(accepted_at=None)
    accepted = Invitation.objects.filter(accepted_at__lt=before).exclude(email="", name="")
    return delete_in_batches(
        nothing.filter(Q(revoked_at__lt=before) | Q(expires_at__lt=before))
    ) + empty_in_batches(accepted, email="", name="")


def delete_ended_sessions() -> int:
    """Delete ended sessions with their listed browser and network address. Returns how many rows."""
    gone = delete_in_batches(Session.objects.filter(expire_date__lt=now()))
    return gone + delete_in_batches(
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    )


ACTIONS = {
    "invitation.sent": _("Invitation sent"),
    "invitation.sent_again": _("Invitation sent again"),
    "invitation.revoked": _("Invitation taken back"),
    "invitation.accepted": _("Invitation accepted"),
    "membership.ended": _("Membership ended"),
    "membership.role_changed": _("Role in the organisation changed"),
    "mandate.given": _("Mandate given"),
    "mandate.revoked": _("Mandate taken back"),
    "office.given": _("Office given"),
    "office.ended": _("Office taken away"),
    "organisation.created": _("Organisation created"),
    "organisation.left_coalition": _("Organisation left the coalition"),
    "organisation.profile_changed": _("Profile of the organisation changed"),
    "organisation.logo_permitted": _("Logo of the organisation permitted to be shown"),
    "organisation.logo_taken_back": _("Permission to show the logo of the organisation taken back"),
    "organisation.listing_changed": _("How the organisation may be named changed"),
    "request.confirmed": _("Request for membership confirmed by mail"),
    "request.vouched": _("Vouched for a group that asks to join"),
    "request.vouch_taken_back": _("Took back vouching for a group that asks to join"),
    "request.accepted": _("Request for membership accepted"),
    "request.declined": _("Request for membership declined"),
    "person.changed": _("Own account changed"),
    "person.forgotten": _("A person was forgotten"),
    "person.signed_out_everywhere": _("Signed out everywhere"),
}
