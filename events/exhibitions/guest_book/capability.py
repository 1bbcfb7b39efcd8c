"""What guest books bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.core.retention import RetentionRule
from events.core.capability import EventCapability
from events.exhibitions.guest_book import actions
from events.exhibitions.guest_book.presenters import (
    guest_book_action,
    guest_book_area,
    guest_book_destination,
    guests_waiting,
)

GUEST_BOOK = EventCapability(
    name="guest_book",
    urls="events.exhibitions.guest_book.urls",
    audit_actions={
        "event.guest_book_set": _("Guest book opened or closed"),
        "event.guest_entry_withdrawn": _("A visitor took back an entry of the guest book"),
        "event.guest_entry_decided": _("An entry of the guest book decided on"),
        "event.guest_entry_cared": _("Somebody looks after a visitor"),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_guests",
            forget=actions.forget_guests,
            of="events.GuestEntry: what visitors wrote into a guest book",
            until=f"{actions.DAYS_KEPT} days after the event, but what was taken in; of that the"
            " name, if everyone may read it",
        ),
    ),
    seated=(guests_waiting,),
    areas={110: guest_book_area},
    printed_codes={actions.CODE_KIND: guest_book_destination},
    public_actions={20: guest_book_action},
)
