"""What appeals hand to the layers below."""

import datetime

from django.utils.translation import gettext_lazy as _

from coalition.accounts import registry
from coalition.campaigns.appeals import desk_messages
from coalition.campaigns.appeals.actions.contacts import (
    access_of_people_changed,
    end_groundless_contacts,
    organisation_changed,
)
from coalition.campaigns.appeals.desk_dashboard import closing_soon, holds_to_decide, old_official_counts
from coalition.campaigns.appeals.desk_presenters import appeals_summary
from coalition.campaigns.appeals.hand_over_names import forget_hand_over_files
from coalition.campaigns.appeals.mail_funnel import register_mail_funnel
from coalition.campaigns.appeals.registration import (
    SUPPORT_ACTIONS,
    SUPPORT_RECURRING,
    SUPPORT_RULES,
    connect_support,
)
from coalition.campaigns.core.sections import register_section
from coalition.core.retention import RetentionRule
from coalition.workspaces.capability import Capability, RecurringWork


def _connect() -> None:
    registry.register_access_listener(access_of_people_changed)
    registry.register_organisation_listener(organisation_changed)
    register_mail_funnel()
    connect_support()
    register_section(
        "appeals", title=_("Appeals"), url_name="campaigns:appeals", summary=appeals_summary, order=10
    )


APPEALS = Capability(
    name="appeals",
    urls="coalition.campaigns.appeals.urls",
    audit_actions={**desk_messages.AUDIT_ACTIONS, **SUPPORT_ACTIONS},
    activities=desk_messages.ACTIVITIES,
    activity_links={"appeal": "campaigns:appeal"},
    retention_rules=(
        *SUPPORT_RULES,
        RetentionRule(
            "campaigns.forget_hand_over_files",
            of="campaigns.HandOver: files with the names that were given for a hand-over",
            until="as supporters of the appeal; hashes and counts stay",
            forget=forget_hand_over_files,
        ),
    ),
    recurring=(
        *SUPPORT_RECURRING,
        RecurringWork(
            "campaigns.end_groundless_contacts", end_groundless_contacts, datetime.timedelta(hours=1)
        ),
    ),
    seated=(holds_to_decide, old_official_counts, closing_soon),
    connect=_connect,
)
