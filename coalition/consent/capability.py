"""What consent hands to the layers below."""

import datetime

from django.utils.translation import gettext_lazy as _

from coalition.accounts.registry import register_access_listener, register_second_factor_need
from coalition.consent import notifications, retention
from coalition.consent.actions.records import BOUNDARY_WORK
from coalition.consent.actions.roles import follow_access
from coalition.consent.actions.withdraw import NOTICES_WORK, pass_boundary, send_removal_requests
from coalition.consent.permissions import caseworker_needs_second_factor
from coalition.workspaces.capability import Capability, RecurringWork


def _connect() -> None:
    register_second_factor_need(caseworker_needs_second_factor)
    register_access_listener(follow_access)


CONSENT = Capability(
    name="consent",
    audit_actions={
        "consent.asked": _("Consent asked for"),
        "consent.widened": _("Consent asked for more"),
        "consent.use_requested": _("Use of an item asked for"),
        "consent.use_asked": _("Survivor asked about a use"),
        "consent.use_answered": _("Answer about a use recorded"),
        "consent.details_set": _("Details of an item set"),
        "consent.detached": _("Item shows somebody else"),
        "consent.reviewed": _("Survivor asked again after a year"),
        "consent.contact_changed": _("Contact of a caseworker changed"),
        "consent.narrowed": _("Part of a consent taken back"),
        "consent.withdrawn": _("Consent taken back"),
        "consent.separated": _("Details kept apart"),
        "consent.handed_over": _("Consent handed to another caseworker"),
        "consent.item_read": _("Item read by a lawyer"),
        "consent.removal_answered": _("Answer of a taker recorded"),
        "consent_role.given": _("Consent role given"),
        "consent_role.ended": _("Consent role ended"),
    },
    due_work={BOUNDARY_WORK: pass_boundary, NOTICES_WORK: send_removal_requests},
    recurring=[
        RecurringWork(
            "consent.remind_of_reviews", notifications.remind_of_reviews, every=datetime.timedelta(hours=12)
        )
    ],
    retention_rules=retention.RULES,
    waiting=[
        notifications.uses_waiting,
        notifications.reviews_waiting,
        notifications.takers_waiting,
        notifications.records_waiting,
    ],
    connect=_connect,
)
