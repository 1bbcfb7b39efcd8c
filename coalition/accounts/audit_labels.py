"""How the audit log tells what was done with people and organisations."""

from django.utils.translation import gettext_lazy as _

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
