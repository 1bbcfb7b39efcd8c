"""What call sheets bring to events and to the layers below."""

from events.core.capability import EventCapability

CALL_SHEETS = EventCapability(name="call_sheets", urls="events.press.call_sheets.urls")
