"""What tables hand to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.sections import register_section
from coalition.campaigns.in_person.presenters import tables_summary
from coalition.campaigns.in_person.retention import RULES
from coalition.workspaces.capability import Capability


def _connect() -> None:
    register_section(
        "in_person", title=_("In person"), url_name="campaigns:tables", summary=tables_summary, order=40
    )


IN_PERSON = Capability(
    name="in_person",
    urls="coalition.campaigns.in_person.urls",
    audit_actions={
        "table.prepared": _("A table was prepared"),
        "table.changed": _("A table was changed"),
        "table.cancelled": _("A table was cancelled"),
        "table.opened": _("A table was opened by its link"),
        "table.link_renewed": _("The link of a table was renewed"),
        "table.guidance_written": _("What volunteers at tables read was written"),
    },
    retention_rules=RULES,
    connect=_connect,
)
