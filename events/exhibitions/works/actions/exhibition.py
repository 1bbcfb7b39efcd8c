"""What is true of a whole exhibition: the quiet corner, the way to help, its catalogue on the site."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from events.core import audit
from events.core.models import Event
from events.exhibitions.works.actions.works import held_exhibition, in_languages
from events.exhibitions.works.models import Exhibition, Work


@dataclass(frozen=True)
class Around:
    """What visitors find beside the works; words by language."""

    quiet_corner: Mapping[str, str]
    help_words: Mapping[str, str]
    help_phone: str = ""


def set_around(*, access: Access, event: Event, around: Around) -> Exhibition:
    """Say where the quiet corner is and who helps. Raises NotAllowed; Refused if the event is cancelled."""
    with transaction.atomic():
        exhibition = held_exhibition(access, event)
        exhibition.quiet_corner = in_languages(around.quiet_corner)
        exhibition.help_words = in_languages(around.help_words)
        exhibition.help_phone = around.help_phone.strip()
        exhibition.save()
        audit.record(exhibition.event, access, "event.exhibition_set")
    return exhibition


def open_catalogue(*, access: Access, event: Event) -> Exhibition:
    """Let everyone read the works on the site, as soon as and as long as the event is public.

    Raises NotAllowed; Refused without works that may be shown, or if a work is difficult and nobody said
    where the quiet corner is and who helps.
    """
    with transaction.atomic():
        exhibition = held_exhibition(access, event)
        shown = Work.objects.filter(exhibition=exhibition, removed_at=None, show_agreed=True)
        if not shown.exists():
            raise Refused(_("No work may be shown yet: note first who agreed to show it."))
        careless = not exhibition.quiet_corner or not (exhibition.help_words or exhibition.help_phone)
        if careless and shown.filter(difficult=True).exists():
            raise Refused(
                _("There are difficult works: say first where the quiet corner is and how to get help.")
            )
        exhibition.opened_at = exhibition.opened_at or now()
        exhibition.save(update_fields=["opened_at"])
        audit.record(exhibition.event, access, "event.catalogue_opened")
    return exhibition


def close_catalogue(*, access: Access, event: Event) -> Exhibition:
    """Take the works off the site; printed codes lead to the event meanwhile. Raises NotAllowed."""
    with transaction.atomic():
        exhibition = held_exhibition(access, event)
        exhibition.opened_at = None
        exhibition.save(update_fields=["opened_at"])
        audit.record(exhibition.event, access, "event.catalogue_closed")
    return exhibition
