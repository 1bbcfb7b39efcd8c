"""The column “In person” of the counters, and what was done in each region."""

from uuid import UUID

from django.utils.translation import gettext_lazy

from coalition.campaigns.core.double_count import method_with_telephone
from coalition.campaigns.core.regional_actions import RegionalAction, register_regional_action
from coalition.campaigns.counters.columns import ColumnSource, Count, register_column
from coalition.campaigns.counters.enums import Column
from coalition.campaigns.in_person.counting.queries import settled_counts, supported_in_person

METHOD = gettext_lazy(
    "Paper and tables. Two people of two organisations counted each and agreed; where only one organisation"
    " works, the second person heard it read out by telephone."
)


def connect_counter() -> None:
    """Register the column and the regional action. Called once, from `Capability.connect`."""
    register_column(ColumnSource(Column.IN_PERSON, method=METHOD, count=count_in_person))
    register_regional_action(
        RegionalAction(
            "in_person",
            label=gettext_lazy("Tables and paper"),
            unit=gettext_lazy("people who supported in person"),
            done=supported_in_person,
            order=20,
        )
    )


def count_in_person(appeal: UUID) -> Count:
    """Return the settled counts of the newest words of an appeal, with how many were read back by telephone.
    No value while nothing is settled. One query."""
    found = settled_counts(appeal)
    if not found.tallies:
        return Count()
    method = method_with_telephone(str(METHOD), by_telephone=found.by_telephone, counts=found.tallies)
    return Count(found.people, found.as_of, method)
