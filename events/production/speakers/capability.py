"""What speakers bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.core.retention import RetentionRule
from events.core.capability import EventCapability
from events.production.speakers import actions
from events.production.speakers.presenters import speakers_area

SPEAKERS = EventCapability(
    name="speakers",
    urls="events.production.speakers.urls",
    audit_actions={
        "event.speaker_added": _("Speaker of an event noted"),
        "event.speaker_answered": _("A speaker said what they agree to"),
        "event.speaker_removed": _("Speaker of an event removed"),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_event_speakers",
            forget=actions.forget_speakers,
            of="events.EventSpeaker: who was asked to speak",
            until=f"{actions.DAYS_KEPT} days after the event, but what they agreed to be read",
        ),
    ),
    areas={30: speakers_area},
)
