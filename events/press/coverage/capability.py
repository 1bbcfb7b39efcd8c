"""What coverage brings to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from events.core.capability import EventCapability
from events.press.coverage.presenters import coverage_area

COVERAGE = EventCapability(
    name="coverage",
    urls="events.press.coverage.urls",
    audit_actions={
        "coverage.added": _("Coverage noted"),
        "coverage.changed": _("Coverage changed"),
        "coverage.removed": _("Coverage taken out"),
        "coverage.taken": _("Coverage that came by a link taken in"),
        "coverage.link_made": _("Link for coverage made"),
        "coverage.link_ended": _("Link for coverage ended"),
    },
    areas={130: coverage_area},
)
