"""What paper sheets hand to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.sections import register_section
from coalition.campaigns.in_person.sheets.presenters import sheets_summary
from coalition.campaigns.in_person.sheets.retention import PEOPLE
from coalition.workspaces.capability import Capability


def _connect() -> None:
    register_section(
        "sheets", title=_("Paper sheets"), url_name="campaigns:sheets", summary=sheets_summary, order=62
    )


PAPER_SHEETS = Capability(
    name="paper_sheets",
    urls="coalition.campaigns.in_person.sheets.urls",
    audit_actions={
        "sheets.printed": _("Paper sheets printed"),
        "sheets.marked": _("Paper sheets marked as handed out, returned, lost or void"),
    },
    retention_rules=(PEOPLE,),
    connect=_connect,
)
