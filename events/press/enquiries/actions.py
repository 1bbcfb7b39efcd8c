"""Press enquiries, lines of the message guide, and briefings for one interview."""

import datetime
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches, empty_in_batches
from coalition.core.throttling import derive_token, hash_token
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url
from coalition.workspaces.notifications.notify import notify
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import may_manage_contacts, require_that
from documents.facts.queries import facts_for
from events.core.queries import seated_events_for
from events.press.actions import lock_desk_row, record_press_action
from events.press.enquiries.models import Briefing, Enquiry, EnquiryNote, EnquiryState, GuideLine
from events.press.enquiries.queries import guide_lines
from events.press.permissions import may_answer_enquiry, may_manage_line, may_manage_own
from events.press.queries import open_contacts
from events.press.spokespersons.models import Spokesperson
from events.press.spokespersons.queries import may_see_identity, spokespersons_in

REMIND_OF_ENQUIRY = "events.remind_of_enquiry"
REMINDER_LEAD = datetime.timedelta(hours=2)  # before the deadline; half of the time if it is shorter
RETENTION_PERIOD = datetime.timedelta(days=365)  # after closing, or after an unanswered deadline
ENQUIRY_GONE = _("This enquiry is not there any more.")
FARTHEST = datetime.timedelta(days=366)


def add_enquiry(*, access: Access, mine: bool = False, contact: UUID | None = None, **fields: Any) -> Enquiry:
    """Record an enquiry. `mine`: assign it to the user; `contact`: the journalist; `fields`: of Enquiry.

    Raises NotAllowed; Refused for a deadline in the past or a contact that the user may not use.
    """
    require_that(may_manage_contacts(access))
    if contact is not None and not open_contacts(access).filter(uuid=contact).exists():
        raise Refused(_("This contact is not in your media list any more."))
    row = Enquiry.of(access, contact=contact, came_at=now(), came_to=access.user, **fields)
    _check_moments(row)
    if row.deadline <= now():
        raise Refused(_("The deadline has passed already."))
    if mine:
        row.state, row.taken_by, row.taken_for = EnquiryState.TAKEN, access.user, access.organisation
    with transaction.atomic():
        _save_and_audit(access, row, "enquiry.came")
    return row


def change_enquiry(*, access: Access, enquiry: Enquiry, **fields: Any) -> Enquiry:
    """Change an enquiry. Raises NotAllowed for anyone but its owner; Refused once it is closed."""
    with transaction.atomic():
        row = lock_desk_row(access, enquiry, may_manage_own, ENQUIRY_GONE)
        refuse_closed_enquiry(row)
        for name, value in fields.items():
            setattr(row, name, value)
        _check_moments(row)
        _save_and_audit(access, row, "enquiry.changed")
    return row


def share_enquiry(*, access: Access, enquiry: Enquiry, shared: bool) -> Enquiry:
    """Share all of an enquiry with other press desks of the workspace, or stop sharing. Raises NotAllowed for
    anyone but its owner; Refused while another organisation answers it."""
    with transaction.atomic():
        row = lock_desk_row(access, enquiry, may_manage_own, ENQUIRY_GONE)
        if not shared and row.taken_for_id not in {None, row.organisation_id}:
            raise Refused(_("Another organisation answers it. Ask them to give it back first."))
        row.shared = shared
        row.save(update_fields=["shared"])
        record_press_action(
            access, "enquiry.shared" if shared else "enquiry.unshared", kind="enquiry", target=row.uuid
        )
    return row


def add_enquiry_note(*, access: Access, enquiry: Enquiry, words: str) -> EnquiryNote:
    """Add a note. Raises NotAllowed; Refused for an empty text, or once the enquiry is erased."""
    if not words.strip():
        raise Refused(_("Write a few words."))
    with transaction.atomic():
        row = lock_answerable_enquiry(access, enquiry)
        refuse_erased_enquiry(row)
        return EnquiryNote.objects.create(
            enquiry=row, words=words.strip(), by=access.user, on_behalf_of=access.organisation, at=now()
        )


def forget_enquiries() -> int:
    """Erase journalist, question and notes of enquiries closed for a year; outlet and answer stay.
    Return the number of enquiries."""
    old = now() - RETENTION_PERIOD
    over = Q(ended_at__lt=old) | Q(ended_at=None, deadline__lt=old)
    rows = Enquiry.objects.filter(over, forgotten_at=None)
    keys = list(rows.values_list("pk", flat=True))
    delete_in_batches(EnquiryNote.objects.filter(enquiry__in=keys))
    delete_in_batches(Briefing.objects.filter(enquiry__in=keys))
    gone = {"name": "", "reached_at": "", "question": "", "reason": "", "contact": None}
    return empty_in_batches(Enquiry.objects.filter(pk__in=keys), forgotten_at=now(), **gone)


def refuse_closed_enquiry(row: Enquiry) -> None:
    """Raise Refused if the enquiry was answered or declined."""
    if EnquiryState(row.state).is_over:
        raise Refused(_("This enquiry is over. Open it again first."))


def refuse_erased_enquiry(row: Enquiry) -> None:
    """Raise Refused if the journalist's data is erased."""
    if row.forgotten_at is not None:
        raise Refused(_("Who asked is forgotten. Nothing more is written of it."))


def plan_reminder(row: Enquiry) -> None:
    """Schedule the reminder two hours before the deadline, at half of the time if less than four
    hours are left; none for closed enquiries."""
    left = row.deadline - now()
    if EnquiryState(row.state).is_over or left <= datetime.timedelta():
        scheduler.cancel(kind=REMIND_OF_ENQUIRY, key=str(row.uuid))
    else:
        scheduler.schedule(
            kind=REMIND_OF_ENQUIRY, key=str(row.uuid), due_at=row.deadline - min(REMINDER_LEAD, left / 2)
        )


def _check_moments(row: Enquiry) -> None:
    if any(one and one > now() + FARTHEST for one in (row.deadline, row.interview_at)):
        raise Refused(_("That is more than a year away."))


def claim_enquiry(*, access: Access, enquiry: Enquiry) -> Enquiry:
    """Assign the enquiry to the current user for the acting organisation. Raises NotAllowed, also
    if another organisation was quicker; Refused once it is closed."""
    with transaction.atomic():
        row = lock_answerable_enquiry(access, enquiry)
        refuse_closed_enquiry(row)
        row.state, row.taken_by, row.taken_for = EnquiryState.TAKEN, access.user, access.organisation
        _save_and_audit(access, row, "enquiry.taken")
    return row


def release_enquiry(*, access: Access, enquiry: Enquiry) -> Enquiry:
    """Unassign the enquiry, so that others can answer. Raises NotAllowed; Refused once it is closed."""
    with transaction.atomic():
        row = lock_answerable_enquiry(access, enquiry)
        refuse_closed_enquiry(row)
        row.state, row.taken_by, row.taken_for = EnquiryState.OPEN, None, None
        _save_and_audit(access, row, "enquiry.given_back")
    return row


def choose_speaker(
    *, access: Access, viewer: Viewer, enquiry: Enquiry, spokesperson: Spokesperson | None
) -> Enquiry:
    """Set the spokesperson; None: undecided. Raises NotAllowed; Refused for a spokesperson whose
    identity the person may not know, and once the enquiry is closed."""
    with transaction.atomic():
        row = lock_answerable_enquiry(access, enquiry)
        refuse_closed_enquiry(row)
        if spokesperson is not None:
            found = spokespersons_in(access).filter(pk=spokesperson.pk).first()
            if found is None or not may_see_identity(access, viewer, found):
                raise Refused(_("Ask their organisation: this person has not agreed to be named."))
        row.spokesperson = spokesperson
        row.save(update_fields=["spokesperson"])
        record_press_action(access, "enquiry.speaker", kind="enquiry", target=row.uuid)
    return row


def close_enquiry(*, access: Access, enquiry: Enquiry, reason: str = "") -> Enquiry:
    """Close it as answered, or with a `reason` as declined. Raises NotAllowed; Refused if closed already."""
    with transaction.atomic():
        row = lock_answerable_enquiry(access, enquiry)
        refuse_closed_enquiry(row)
        row.state = EnquiryState.REFUSED if reason.strip() else EnquiryState.ANSWERED
        row.reason = reason.strip()
        row.ended_at, row.ended_by = now(), access.user
        if row.taken_for_id is None:
            row.taken_by, row.taken_for = access.user, access.organisation
        _save_and_audit(access, row, "enquiry.refused" if row.reason else "enquiry.answered")
    return row


def reopen_enquiry(*, access: Access, enquiry: Enquiry) -> Enquiry:
    """Reopen an enquiry. Raises NotAllowed; Refused if the journalist's data is erased."""
    with transaction.atomic():
        row = lock_answerable_enquiry(access, enquiry)
        refuse_erased_enquiry(row)
        if EnquiryState(row.state).is_over:
            row.state, row.reason, row.ended_at, row.ended_by = EnquiryState.TAKEN, "", None, None
            _save_and_audit(access, row, "enquiry.opened_again")
    return row


def remind_of_enquiry(key: str, _payload: dict[str, Any]) -> None:
    """Job: notify the assignee, or whoever recorded the enquiry, that its deadline is near."""
    rows = Enquiry.objects.select_related("workspace", "organisation", "taken_for", "taken_by", "came_to")
    row = rows.filter(uuid=key).first()
    if row is None or EnquiryState(row.state).is_over:
        return
    people: list[User] = [one for one in (row.taken_by or row.came_to,) if one is not None]
    with transaction.atomic():
        notify(
            people=people,
            kind="enquiry_due",
            workspace=row.workspace,
            actor=None,
            organisation=row.taken_for or row.organisation,
            subject_kind="enquiry",
            subject=row.uuid,
            once=f"enquiry_due:{row.uuid}:{row.deadline:%Y%m%d%H%M}",
        )


def lock_answerable_enquiry(access: Access, enquiry: Enquiry) -> Enquiry:
    """Lock the row in the caller's transaction. Raises NotAllowed, also if another organisation answers."""
    why = _("Another organisation answers it, or it is not shared with yours.")
    return lock_desk_row(access, enquiry, may_answer_enquiry, ENQUIRY_GONE, why)


def _save_and_audit(access: Access, row: Enquiry, action: str) -> None:
    row.save()
    record_press_action(access, action, kind="enquiry", target=row.uuid)
    plan_reminder(row)


def write_briefing(*, access: Access, enquiry: Enquiry, note: str, lines: Collection[UUID | str]) -> Briefing:
    """Write the note for the spokesperson, with lines of the message guide that the user may read.
    Raises NotAllowed, and Refused for an unknown line, or once the journalist's data is erased."""
    with transaction.atomic():
        row = lock_answerable_enquiry(access, enquiry)
        refuse_erased_enquiry(row)
        try:
            chosen = list(guide_lines(access).filter(uuid__in=list(lines)))
        except ValidationError as error:
            raise Refused(LINE_GONE) from error
        briefing, _fresh = Briefing.objects.update_or_create(
            enquiry=row, defaults={"note": note.strip(), "changed_at": now()}
        )
        briefing.lines.set(chosen)
        record_press_action(access, "enquiry.briefed", kind="enquiry", target=row.uuid)
    return briefing


def send_briefing(*, access: Access, enquiry: Enquiry) -> Briefing:
    """Mail the spokesperson a link to the note; the previous link stops working. Raises NotAllowed;
    Refused without a briefing or a spokesperson, and once the interview is over."""
    with transaction.atomic():
        row = lock_answerable_enquiry(access, enquiry)
        refuse_erased_enquiry(row)
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
        record_press_action(access, "enquiry.briefing_sent", kind="enquiry", target=row.uuid)
    return briefing


def briefing_token(briefing: Briefing) -> str:
    """Return the token of the current link. Needs `enquiry`."""
    return derive_token("events.briefing", f"{briefing.enquiry.uuid}:{briefing.link_number}")


def record_briefing_opened(briefing: Briefing) -> None:
    """Record that the briefing was opened by its link."""
    Briefing.objects.filter(pk=briefing.pk, opened_at=None).update(opened_at=now())


LINE_GONE = _("This line is not in the message guide any more.")
MAX_LINES = 300  # lines per workspace


def save_guide_line(
    *, access: Access, line: GuideLine | None = None, facts: Collection[UUID | str] = (), **fields: Any
) -> GuideLine:
    """Create a line, or change `line`. `facts`: UUIDs in the register; `fields`: of GuideLine.

    Raises NotAllowed; Refused for an event that the user may not see, and above MAX_LINES.
    """
    with transaction.atomic():
        if line is None:
            require_that(may_manage_contacts(access))
            if GuideLine.objects.filter(workspace=access.workspace, removed_at=None).count() >= MAX_LINES:
                raise Refused(_("A message guide has at most %(most)s lines."), most=MAX_LINES)
            row = GuideLine.of(access)
        else:
            row = lock_desk_row(access, line, may_manage_line, LINE_GONE)
        for name, value in fields.items():
            setattr(row, name, value)
        mine = seated_events_for(access.user, access.workspace)
        if row.event is not None and not mine.filter(pk=row.event.pk).exists():
            raise Refused(_("This event is not one of this workspace."))
        row.written_by, row.changed_at = access.user, now()
        row.save()
        row.facts.set(facts_for(access.user).filter(uuid__in=list(facts)))
        record_press_action(access, "guide.written", kind="guide_line", target=row.uuid)
    return row


def remove_guide_line(*, access: Access, line: GuideLine) -> None:
    """Archive a line; it can be restored. Raises NotAllowed."""
    with transaction.atomic():
        row = lock_desk_row(access, line, may_manage_line, LINE_GONE)
        row.removed_at = now()
        row.save(update_fields=["removed_at"])
        record_press_action(access, "guide.taken_out", kind="guide_line", target=row.uuid)


def restore_guide_line(*, access: Access, line: GuideLine) -> None:
    """Restore a line. Raises NotAllowed."""
    with transaction.atomic():
        row = lock_desk_row(access, line, may_manage_line, LINE_GONE)
        row.removed_at = None
        row.save(update_fields=["removed_at"])
        record_press_action(access, "guide.brought_back", kind="guide_line", target=row.uuid)
