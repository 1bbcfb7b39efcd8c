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
    "organisation.profile_changed": _("Profile of the organisation changed"),
    "organisation.listing_changed": _("How the organisation may be named changed"),
    "person.changed": _("Own account changed"),
    "person.signed_out_everywhere": _("Signed out everywhere"),
}
