"""What the ledger of cards hands to the layers below."""

import datetime

from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.campaigns.core.count_notifications import COUNT_KINDS
from coalition.campaigns.core.regional_actions import RegionalAction, register_regional_action
from coalition.campaigns.postcards.ledger import dashboard, notifications
from coalition.campaigns.postcards.ledger.queries import counted_by_region, delivered_by_recipient
from coalition.campaigns.recipients.outreach import Outreach, register_outreach
from coalition.workspaces.capability import Capability, RecurringWork


def _connect() -> None:
    notifications.register_count_subjects()
    register_regional_action(
        RegionalAction(
            "postcards",
            label=_("Postcards"),
            unit=pgettext_lazy("what is counted", "cards"),
            done=counted_by_region,
            order=30,
        )
    )
    register_outreach(
        Outreach(
            "postcards",
            label=_("Postcards"),
            method=_("Cards counted by two people and delivered with a receipt or an incoming number."),
            reached=delivered_by_recipient,
            order=20,
        )
    )


POSTCARD_LEDGER = Capability(
    name="card_ledger",
    urls="coalition.campaigns.postcards.ledger.urls",
    audit_actions={
        "postcard_ledger.moved": _("Cards of a batch entered"),
        "postcard_ledger.reversed": _("Entry about cards undone"),
        "postcard_ledger.packet_given": _("Packet of cards given out"),
        "postcard_ledger.packet_taken_back": _("Cards of a packet taken back"),
        "postcard_ledger.counted": _("Cards counted by one person"),
        "postcard_ledger.count_taken_back": _("Count of cards taken back"),
        "postcard_ledger.count_settled": _("Cards counted by two"),
        "postcard_ledger.delivered": _("Cards delivered"),
        "postcard_ledger.delivery_taken_back": _("Delivery of cards taken back"),
        "postcard_ledger.batch_closed": _("Batch of cards closed"),
    },
    notification_kinds=COUNT_KINDS,
    recurring=(
        RecurringWork(
            "campaigns.remind_of_card_counts",
            notifications.remind_of_card_counts,
            every=datetime.timedelta(hours=1),
        ),
    ),
    seated=(dashboard.counts_waiting, dashboard.packets_overdue),
    connect=_connect,
)
