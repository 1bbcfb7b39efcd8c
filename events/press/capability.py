"""What the press desk brings to events and to the layers below."""

from coalition.core.retention import RetentionRule
from events.core.capability import EventCapability
from events.press import actions, pending_imports, retention

PRESS = EventCapability(
    name="press",
    urls="events.press.urls",
    retention_rules=(
        RetentionRule(
            "events.forget_contact_sheets",
            forget=pending_imports.forget_old_sheets,
            of="events.SheetTaken: spreadsheets of contacts or coverage that were not taken in",
            until=f"{pending_imports.RETENTION_PERIOD.days} day",
        ),
        RetentionRule(
            "events.forget_calls",
            forget=retention.forget_calls,
            of="events.Call, CoverageLink, KitOpened: what was said on the phone, for whom a link was, who"
            " opened a kit",
            until=f"AUDIT_PERSON_MONTHS; of kits {retention.DAYS_KEPT} days after the event",
        ),
    ),
    due_work={actions.FORGET_CONTACT: actions.forget_removed_contact},
)
