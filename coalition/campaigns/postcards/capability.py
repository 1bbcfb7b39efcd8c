"""What this capability hands to the layers below."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.sections import register_section
from coalition.campaigns.counters.columns import ColumnSource, Count, register_column
from coalition.campaigns.counters.enums import Column
from coalition.campaigns.postcards.ledger.queries import totals_of_designs
from coalition.campaigns.postcards.presenters import postcards_summary
from coalition.campaigns.postcards.public_presenters import METHOD_OF_COLUMN, method_for
from coalition.campaigns.postcards.queries import public_designs_of_appeal
from coalition.campaigns.postcards.retention import PEOPLE
from coalition.campaigns.postcards.takers import takers_of_front
from coalition.campaigns.referrals.targets import APPEAL
from coalition.consent.items import register_takers
from coalition.core.clock import now
from coalition.workspaces.capability import Capability
from documents.files.consent import FILE


def _count_cards(appeal: UUID) -> Count:
    """Cards counted by two, of published designs whose code leads to the appeal."""
    designs = public_designs_of_appeal(appeal, APPEAL)
    if not designs:
        return Count()
    counted = sum(one.counted for one in totals_of_designs(designs).values())
    return Count(counted, now(), method_for(str(METHOD_OF_COLUMN), designs))


def _connect() -> None:
    register_takers(FILE, takers_of_front)
    register_column(ColumnSource(Column.POSTCARDS, method=METHOD_OF_COLUMN, count=_count_cards))
    register_section(
        "postcards",
        title=_("Postcards"),
        url_name="campaigns:postcards",
        summary=postcards_summary,
        order=50,
    )


POSTCARDS = Capability(
    name="postcards",
    urls="coalition.campaigns.postcards.urls",
    audit_actions={
        "card_design.created": _("A design of postcards was made"),
        "card_design.changed": _("A design of postcards was changed"),
        "card_design.published": _("The numbers of postcards were published"),
        "card_design.unpublished": _("The numbers of postcards were taken off the site"),
        "card_design.batches_made": _("Batches of postcards were made"),
        "card_design.batch_reopened": _("A batch of postcards was opened again"),
    },
    retention_rules=(PEOPLE,),
    connect=_connect,
)
