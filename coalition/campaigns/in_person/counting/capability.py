"""What counting in person hands to the layers below."""

import datetime

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.count_notifications import COUNT_KINDS
from coalition.campaigns.core.sections import register_section
from coalition.campaigns.in_person.counting import notifications
from coalition.campaigns.in_person.counting.counter import connect_counter
from coalition.campaigns.in_person.counting.dashboard import counts_to_give
from coalition.campaigns.in_person.counting.presenters import counts_summary
from coalition.campaigns.in_person.counting.retention import PEOPLE
from coalition.workspaces.capability import Capability, RecurringWork


def _connect() -> None:
    notifications.register_tally_subjects()
    connect_counter()
    register_section(
        "in_person_counts",
        title=_("Counts of tables and paper"),
        url_name="campaigns:counts",
        summary=counts_summary,
        order=64,
    )


IN_PERSON_COUNTING = Capability(
    name="in_person_counting",
    urls="coalition.campaigns.in_person.counting.urls",
    audit_actions={
        "tally.table_closed": _("Table closed"),
        "tally.counted": _("Table or sheets counted by one person"),
        "tally.settled": _("Count of a table or of sheets settled by two people"),
        "tally.taken_back": _("Count of a table or of sheets taken back"),
    },
    notification_kinds=COUNT_KINDS,
    retention_rules=(PEOPLE,),
    recurring=(
        RecurringWork(
            "campaigns.remind_of_counts", notifications.remind_of_counts, every=datetime.timedelta(hours=1)
        ),
    ),
    seated=(counts_to_give,),
    connect=_connect,
)
