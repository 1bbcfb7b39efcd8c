"""What this capability hands to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.sections import register_section
from coalition.campaigns.recipients.presenters import recipients_summary
from coalition.roles import Right
from coalition.workspaces.capability import Capability


def _connect() -> None:
    register_section(
        "recipients",
        title=_("Recipients"),
        url_name="campaigns:recipients",
        summary=recipients_summary,
        right=Right.SEE_DRAFTS,
        order=50,
    )


RECIPIENTS = Capability(
    name="recipients",
    urls="coalition.campaigns.recipients.urls",
    audit_actions={
        "body.added": _("Body added"),
        "body.changed": _("Body changed"),
        "body.archived": _("Body archived"),
        "body.restored": _("Body brought back"),
        "body.list_read": _("List of a body’s people read"),
        "body.list_applied": _("List of a body’s people applied"),
        "body.list_discarded": _("List of a body’s people discarded"),
        "body.list_undone": _("Import of a body’s people undone"),
    },
    connect=_connect,
)
"""Bodies, the people in them, and imports of both. None is built in."""
