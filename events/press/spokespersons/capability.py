"""What spokespersons bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.core.retention import RetentionRule
from events.core.capability import EventCapability
from events.press.spokespersons import actions

SPOKESPERSONS = EventCapability(
    name="spokespersons",
    urls="events.press.spokespersons.urls",
    audit_actions={
        "spokesperson.added": _("Spokesperson added"),
        "spokesperson.changed": _("What is said of a spokesperson changed"),
        "spokesperson.removed": _("Spokesperson removed"),
        "spokesperson.brought_back": _("Spokesperson brought back"),
        "spokesperson.agreed": _("A spokesperson agreed to be named"),
        "spokesperson.took_back": _("A spokesperson is not named any more"),
        "spokesperson.erased": _("A spokesperson had themselves deleted"),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_speakers",
            forget=actions.forget_unconfirmed_spokespersons,
            of="events.Spokesperson: who without an account was asked to speak for an organisation",
            until=f"{actions.DAYS_WITHOUT_CONSENT} days without an answer; else until they are taken out",
        ),
    ),
    due_work={actions.FORGET_SPOKESPERSON: actions.forget_removed_spokesperson},
)
