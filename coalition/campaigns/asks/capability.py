"""What this capability hands to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.asks.presenters import asks_summary
from coalition.campaigns.core.sections import register_section
from coalition.workspaces.capability import Capability


def _connect() -> None:
    register_section("asks", title=_("Asks"), url_name="campaigns:asks", summary=asks_summary, order=15)


ASKS = Capability(
    name="asks",
    urls="coalition.campaigns.asks.urls",
    audit_actions={
        "ask.added": _("Ask added"),
        "ask.changed": _("Ask changed"),
        "ask.moved": _("Ask moved in the list"),
        "ask.removed": _("Ask removed"),
        "ask.restored": _("Ask brought back"),
        "ask.step_recorded": _("Step of an ask recorded"),
        "ask.step_undone": _("Step of an ask undone"),
    },
    connect=_connect,
)
