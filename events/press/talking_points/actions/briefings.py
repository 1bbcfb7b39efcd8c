"""A briefing note for one interview: written, sent by a link to who speaks, opened until a day after it."""

from collections.abc import Collection
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import derive_token, hash_token
from coalition.mail import outbox
from coalition.mail.links import absolute
from coalition.workspaces.rules import Access
from events.press.enquiries.actions.enquiries import hold_enquiry, keep_track
from events.press.enquiries.models import Enquiry
from events.press.permissions import may_answer_enquiry, require_that
from events.press.spokespersons.queries import spokespersons_in
from events.press.talking_points.models import Briefing
from events.press.talking_points.queries import guide_lines

LONGEST_NOTE = 4000


def write_briefing(*, access: Access, enquiry: Enquiry, note: str, lines: Collection[UUID | str]) -> Briefing:
    """Write the note for who speaks, with lines of the message guide that the person may read. Raises
    NotAllowed, and Refused for what is too long, or once who asked is forgotten."""
    if len(note) > LONGEST_NOTE:
        raise Refused(_("The text is too long."))
    with transaction.atomic():
        row = _held(access, enquiry)
        try:
            chosen = list(guide_lines(access).filter(uuid__in=list(lines)))
        except ValidationError as error:
            raise Refused(_("This line is not in the message guide any more.")) from error
        briefing, _fresh = Briefing.objects.update_or_create(
            enquiry=row, defaults={"note": note.strip(), "changed_at": now()}
        )
        briefing.lines.set(chosen)
        keep_track(access, row, "enquiry.briefed")
    return briefing


def send_briefing(*, access: Access, enquiry: Enquiry) -> Briefing:
    """Mail who speaks the link to it; the link before opens nothing any more. Raises NotAllowed; Refused
    without a briefing or without somebody who speaks, and once the interview is over."""
    with transaction.atomic():
        row = _held(access, enquiry)
        briefing = Briefing.objects.select_for_update().filter(enquiry=row).first()
        speaks = spokespersons_in(access).filter(enquiries=row).first()
        if briefing is None:
            raise Refused(_("Write the briefing note first."))
        if speaks is None:
            raise Refused(_("Choose who speaks first."))
        briefing.enquiry = row
        if briefing.open_until <= now():
            raise Refused(_("The interview is over."))
        briefing.link_number += 1
        briefing.token_hash = hash_token(token_of(briefing))
        briefing.sent_at, briefing.sent_to, briefing.opened_at = now(), speaks.uuid, None
        briefing.save()
        member = speaks.person
        outbox.queue(
            key=f"briefing:{row.uuid}:{briefing.link_number}",
            template="events/briefing",
            language=member.language if member else speaks.writes_in,
            person=member.uuid if member else None,
            address="" if member else speaks.address,
            context={
                "name": speaks.name,
                "button_url": absolute(reverse("briefing_link", args=[token_of(briefing)])),
            },
            urgent=True,
        )
        keep_track(access, row, "enquiry.briefing_sent")
    return briefing


def token_of(briefing: Briefing) -> str:
    """The token of the link that stands now. Needs `enquiry`."""
    return derive_token("events.briefing", f"{briefing.enquiry.uuid}:{briefing.link_number}")


def note_opened(briefing: Briefing) -> None:
    """Somebody pressed the button behind the link."""
    Briefing.objects.filter(pk=briefing.pk, opened_at=None).update(opened_at=now())


def _held(access: Access, enquiry: Enquiry) -> Enquiry:
    row = hold_enquiry(enquiry)
    require_that(
        may_answer_enquiry(access, row), _("Another organisation answers it, or it is not shared with yours.")
    )
    if row.forgotten_at is not None:
        raise Refused(_("Who asked is forgotten. Nothing more is written of it."))
    return row
