"""Briefing note for one interview: written, mailed as a link to the spokesperson, readable until a
day afterwards."""

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
from documents.drafts.permissions import may_manage_contacts, require_that
from documents.facts.queries import facts_for
from events.core.models import Event
from events.core.queries import seated_events_for
from events.press.enquiries.actions import audit_enquiry, lock_enquiry
from events.press.enquiries.models import Enquiry
from events.press.enquiries.talking_points.enums import LineKind
from events.press.enquiries.talking_points.models import MARKS, Briefing, GuideLine
from events.press.enquiries.talking_points.queries import guide_lines
from events.press.permissions import may_answer_enquiry, may_manage_line
from events.press.spokespersons.queries import spokespersons_in

LONGEST_NOTE = 4000


def write_briefing(*, access: Access, enquiry: Enquiry, note: str, lines: Collection[UUID | str]) -> Briefing:
    """Write the note for the spokesperson, with lines of the message guide that the user may read.
    Raises NotAllowed, and Refused if it is too long, or once the journalist's data is erased."""
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
        audit_enquiry(access, row, "enquiry.briefed")
    return briefing


def send_briefing(*, access: Access, enquiry: Enquiry) -> Briefing:
    """Mail the spokesperson a link to the note; the previous link stops working. Raises NotAllowed;
    Refused without a briefing or a spokesperson, and once the interview is over."""
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
        briefing.token_hash = hash_token(briefing_token(briefing))
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
                "button_url": absolute_url(reverse("briefing_link", args=[briefing_token(briefing)])),
            },
            urgent=True,
        )
        audit_enquiry(access, row, "enquiry.briefing_sent")
    return briefing


def briefing_token(briefing: Briefing) -> str:
    """Return the token of the current link. Needs `enquiry`."""
    return derive_token("events.briefing", f"{briefing.enquiry.uuid}:{briefing.link_number}")


def record_briefing_opened(briefing: Briefing) -> None:
    """Record that the briefing was opened by its link."""
    Briefing.objects.filter(pk=briefing.pk, opened_at=None).update(opened_at=now())


def _lock_enquiry(access: Access, enquiry: Enquiry) -> Enquiry:
    row = lock_enquiry(enquiry)
    require_that(
        may_answer_enquiry(access, row), _("Another organisation answers it, or it is not shared with yours.")
    )
    if row.forgotten_at is not None:
        raise Refused(_("Who asked is forgotten. Nothing more is written of it."))
    return row


# --- lines ---
# Message guide: lines added, changed, archived with an undo.


MAX_LINES = 300  # lines per workspace
LONGEST_HEAD, LONGEST_TEXT = 300, 3000


@dataclass(frozen=True)
class GuideLineInput:
    """Data of a line. `head` and `text` by language code; `facts`: UUIDs in the register."""

    kind: LineKind
    head: Mapping[str, str]
    text: Mapping[str, str]
    topic: str = ""
    handling: Handling = Handling.WORKSPACE
    event: Event | None = None
    facts: Collection[UUID | str] = ()


def save_guide_line(*, access: Access, line: GuideLineInput, row: GuideLine | None = None) -> GuideLine:
    """Create a line, or update `row`. Raises NotAllowed; Refused without text in any language, for
    a handling mark that a line cannot have, and if there are too many."""
    with transaction.atomic():
        if row is None:
            require_that(may_manage_contacts(access))
            if GuideLine.objects.filter(workspace=access.workspace, removed_at=None).count() >= MAX_LINES:
                raise Refused(_("A message guide has at most %(most)s lines."), most=MAX_LINES)
            row = GuideLine(workspace=access.workspace, organisation=access.organisation)
        else:
            row = _lock_line(access, row)
        _check_line(access, line)
        row.kind, row.topic, row.handling, row.event = line.kind, line.topic, line.handling, line.event
        row.head, row.text = _strip_line_texts(line.head), _strip_line_texts(line.text)
        row.written_by, row.changed_at = access.user, now()
        row.save()
        row.facts.set(facts_for(access.user).filter(uuid__in=list(line.facts)))
        _audit_line(access, row, "guide.written")
    return row


def remove_guide_line(*, access: Access, row: GuideLine) -> GuideLine:
    """Archive a line; it can be restored. Raises NotAllowed."""
    return _set_line_removed(access, row, out=True)


def restore_guide_line(*, access: Access, row: GuideLine) -> GuideLine:
    """Restore a line. Raises NotAllowed."""
    return _set_line_removed(access, row, out=False)


def _set_line_removed(access: Access, row: GuideLine, *, out: bool) -> GuideLine:
    with transaction.atomic():
        held = _lock_line(access, row)
        held.removed_at = now() if out else None
        held.save(update_fields=["removed_at"])
        _audit_line(access, held, "guide.taken_out" if out else "guide.brought_back")
    return held


def _lock_line(access: Access, row: GuideLine) -> GuideLine:
    rows = GuideLine.objects.select_for_update(of=("self",)).select_related("organisation", "workspace")
    held = rows.filter(pk=row.pk).first()
    if held is None:
        raise Refused(_("This line is not in the message guide any more."))
    require_that(may_manage_line(access, held))
    return held


def _check_line(access: Access, line: GuideLineInput) -> None:
    if not _strip_line_texts(line.head):
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


def _strip_line_texts(words: Mapping[str, str]) -> dict[str, str]:
    return {code: words[code].strip() for code in Language.values if words.get(code, "").strip()}


def _audit_line(access: Access, row: GuideLine, action: str) -> None:
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="guide_line",
        target=row.uuid,
        workspace=access.workspace.uuid,
    )
