"""The sentences of what happens around the coalition agreement."""

from django.utils.translation import gettext_lazy as _

from coalition.workspaces.seat_conditions import register_seat_condition
from documents.agreement.actions import REQUIRE, require_agreement
from documents.agreement.queries import agreement_page_for, has_accepted, missing_acceptances
from documents.capability import Capability

ACTIVITIES = {"agreement_accepted": _("%(about)s accepted the coalition agreement.")}
ACTIONS = {
    "agreement.set": _("The coalition agreement was named, or a new edition of it"),
    "agreement.ended": _("The coalition agreement was ended"),
    "agreement.accepted": _("An organisation accepted the coalition agreement"),
}

AGREEMENT = Capability(
    name="agreement",
    urls="documents.agreement.urls",
    audit_actions=ACTIONS,
    activities=ACTIVITIES,
    due_work={REQUIRE: require_agreement},
    connect=lambda: register_seat_condition(has_accepted, agreement_page_for, missing_acceptances),
)
