"""A briefing note for one interview: written, sent by a link to who speaks, opened until a day after it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import derive_token, hash_token
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from coalition.workspaces.permissions import Access
from documents.drafts.enums import Handling
from documents.drafts.permissions import may_keep_contacts, require_that
from documents.facts.queries import facts_for
from events.core.models import Event
from events.core.queries import seated_events_for
from events.press.enquiries.actions import hold_enquiry, keep_track
from events.press.enquiries.models import Enquiry
from events.press.permissions import may_answer_enquiry, may_tend_line
from events.press.spokespersons.queries import spokespersons_in
from events.press.talking_points.enums import LineKind
from events.press.talking_points.models import MARKS, Briefing, GuideLine
from events.press.talking_points.queries import guide_lines

LONGEST_NOTE = 4000


def write_briefing(*, access: Access, enquiry: Enquiry, note: str, lines: Collection[UUID | str]) -> Briefing:
    """Write the note for who speaks, with lines of the message guide that the person may read. Raises
    NotAllowed, and Refused for what is too long, or once who asked is forgotten."""
    if len(note) > LONGEST_NOTE:
        raise Refused(_("The text is too long."))
    with transaction.atomic():
        row = _lock_enquiry(access, enquiry)
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
        row = _lock_enquiry(access, enquiry)
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
        outbox.queue_mail(
            key=f"briefing:{row.uuid}:{briefing.link_number}",
            template="events/briefing",
            language=member.language if member else speaks.writes_in,
            person=member.uuid if member else None,
            address="" if member else speaks.address,
            context={
                "name": speaks.name,
                "button_url": absolute_url(reverse("briefing_link", args=[token_of(briefing)])),
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


def _lock_enquiry(access: Access, enquiry: Enquiry) -> Enquiry:
    row = hold_enquiry(enquiry)
    require_that(
        may_answer_enquiry(access, row), _("Another organisation answers it, or it is not shared with yours.")
    )
    if row.forgotten_at is not None:
        raise Refused(_("Who asked is forgotten. Nothing more is written of it."))
    return row


# --- lines ---
# The message guide: lines written, changed, taken out with a way back.


MOST = 300  # lines of a workspace
LONGEST_HEAD, LONGEST_TEXT = 300, 3000


@dataclass(frozen=True)
class Line:
    """What is written. `head` and `text` by language code; `facts`: UUIDs of the register."""

    kind: LineKind
    head: Mapping[str, str]
    text: Mapping[str, str]
    topic: str = ""
    handling: Handling = Handling.WORKSPACE
    event: Event | None = None
    facts: Collection[UUID | str] = ()


def write_line(*, access: Access, line: Line, row: GuideLine | None = None) -> GuideLine:
    """Write a line, or write `row` anew. Raises NotAllowed; Refused without a word in any language, for a
    mark that a line cannot have, and if there are too many."""
    with transaction.atomic():
        if row is None:
            require_that(may_keep_contacts(access))
            if GuideLine.objects.filter(workspace=access.workspace, removed_at=None).count() >= MOST:
                raise Refused(_("A message guide has at most %(most)s lines."), most=MOST)
            row = GuideLine(workspace=access.workspace, organisation=access.organisation)
        else:
            row = _lock_line(access, row)
        _check(access, line)
        row.kind, row.topic, row.handling, row.event = line.kind, line.topic, line.handling, line.event
        row.head, row.text = _tidy(line.head), _tidy(line.text)
        row.written_by, row.changed_at = access.user, now()
        row.save()
        row.facts.set(facts_for(access.user).filter(uuid__in=list(line.facts)))
        _keep(access, row, "guide.written")
    return row


def take_line_out(*, access: Access, row: GuideLine) -> GuideLine:
    """Take a line out; it can come back. Raises NotAllowed."""
    return _set_removed(access, row, out=True)


def bring_line_back(*, access: Access, row: GuideLine) -> GuideLine:
    """Put it back. Raises NotAllowed."""
    return _set_removed(access, row, out=False)


def _set_removed(access: Access, row: GuideLine, *, out: bool) -> GuideLine:
    with transaction.atomic():
        held = _lock_line(access, row)
        held.removed_at = now() if out else None
        held.save(update_fields=["removed_at"])
        _keep(access, held, "guide.taken_out" if out else "guide.brought_back")
    return held


def _lock_line(access: Access, row: GuideLine) -> GuideLine:
    rows = GuideLine.objects.select_for_update(of=("self",)).select_related("organisation", "workspace")
    held = rows.filter(pk=row.pk).first()
    if held is None:
        raise Refused(_("This line is not in the message guide any more."))
    require_that(may_tend_line(access, held))
    return held


def _check(access: Access, line: Line) -> None:
    if not _tidy(line.head):
        raise Refused(_("Write it in at least one language."))
    if any(len(words) > LONGEST_HEAD for words in line.head.values()):
        raise Refused(_("The first line is too long."))
    if any(len(words) > LONGEST_TEXT for words in line.text.values()):
        raise Refused(_("The text is too long."))
    if line.handling not in MARKS:
        raise Refused(_("A line is for this workspace, or for your organisation only."))
    if line.event is not None:
        mine = seated_events_for(access.user, access.workspace)
        if not mine.filter(pk=line.event.pk).exists():
            raise Refused(_("This event is not one of this workspace."))


def _tidy(words: Mapping[str, str]) -> dict[str, str]:
    return {code: words[code].strip() for code in Language.values if words.get(code, "").strip()}


def _keep(access: Access, row: GuideLine, action: str) -> None:
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="guide_line",
        target=row.uuid,
        workspace=access.workspace.uuid,
    )
