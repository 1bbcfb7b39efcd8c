"""Press enquiries: recorded, shared or not, and erased a year after they are closed."""

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.accounts.regions import REGIONS
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches, empty_in_batches
from coalition.jobs import scheduler
from coalition.workspaces.actions.notify import notify
from coalition.workspaces.permissions import Access
from documents.contacts.actions import single_line
from documents.drafts.permissions import may_manage_contacts, require_that
from events.core.actions.times import check_zone
from events.press.enquiries.enums import AnswerWay, EnquiryState
from events.press.enquiries.models import Enquiry, EnquiryNote
from events.press.enquiries.talking_points.models import Briefing
from events.press.permissions import may_answer_enquiry, may_manage_enquiry
from events.press.queries import open_contacts
from events.press.spokespersons.models import Spokesperson
from events.press.spokespersons.queries import may_see_identity, spokespersons_in

REMIND_OF_ENQUIRY = "events.remind_of_enquiry"
REMINDER_LEAD = datetime.timedelta(hours=2)  # before the deadline; half of the time if it is shorter
RETENTION_PERIOD = datetime.timedelta(
    days=365
)  # after closing, or after the deadline if it was never answered
FARTHEST = datetime.timedelta(days=366)


@dataclass(frozen=True)
class EnquiryInput:
    """A journalist's enquiry. `deadline` and `interview_at` are aware; `contact`: in the media
    list."""

    outlet: str
    language: Language
    deadline: datetime.datetime
    name: str = ""
    reached_at: str = ""
    question: str = ""
    topic: str = ""
    region: str = ""
    way: AnswerWay = AnswerWay.CALL
    zone: str = "Asia/Almaty"
    interview_at: datetime.datetime | None = None
    contact: UUID | None = None


def add_enquiry(*, access: Access, asked: EnquiryInput, mine: bool = False) -> Enquiry:
    """Record an enquiry for the organisation of `access`; `mine`: assign it to the current user.
    Raises NotAllowed, and Refused for what `_check` finds."""
    require_that(may_manage_contacts(access))
    with transaction.atomic():
        _check_enquiry(access, asked)
        if asked.deadline <= now():
            raise Refused(_("The deadline has passed already."))
        row = Enquiry(
            workspace=access.workspace,
            organisation=access.organisation,
            came_at=now(),
            came_to=access.user,
        )
        _fill_enquiry(row, asked)
        if mine:
            row.state, row.taken_by, row.taken_for = EnquiryState.TAKEN, access.user, access.organisation
        row.save()
        audit_enquiry(access, row, "enquiry.came")
        plan_reminder(row)
    return row


def change_enquiry(*, access: Access, enquiry: Enquiry, asked: EnquiryInput) -> Enquiry:
    """Change an enquiry. Raises NotAllowed for anyone but its owner; Refused once it is closed."""
    with transaction.atomic():
        row = lock_enquiry(enquiry)
        require_that(may_manage_enquiry(access, row))
        refuse_closed_enquiry(row)
        _check_enquiry(access, asked)
        _fill_enquiry(row, asked)
        row.save()
        audit_enquiry(access, row, "enquiry.changed")
        plan_reminder(row)
    return row


def share_enquiry(*, access: Access, enquiry: Enquiry, shared: bool) -> Enquiry:
    """Share all of an enquiry with press desks of the workspace's other organisations, or stop
    sharing. Raises NotAllowed for anyone but its owner; Refused while another organisation answers
    it."""
    with transaction.atomic():
        row = lock_enquiry(enquiry)
        require_that(may_manage_enquiry(access, row))
        if not shared and row.taken_for_id not in {None, row.organisation_id}:
            raise Refused(_("Another organisation answers it. Ask them to give it back first."))
        row.shared = shared
        row.save(update_fields=["shared"])
        audit_enquiry(access, row, "enquiry.shared" if shared else "enquiry.unshared")
    return row


def add_enquiry_note(*, access: Access, enquiry: Enquiry, words: str) -> EnquiryNote:
    """Add a note. Raises NotAllowed, and Refused for an empty text, or once the enquiry is
    erased."""
    if not words.strip():
        raise Refused(_("Write a few words."))
    with transaction.atomic():
        row = lock_enquiry(enquiry)
        require_that(may_answer_enquiry(access, row))
        if row.forgotten_at is not None:
            raise Refused(_("Who asked is forgotten. Nothing more is written of it."))
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


def lock_enquiry(enquiry: Enquiry) -> Enquiry:
    """Lock the row in the caller's transaction. Raises Refused if it was deleted."""
    rows = Enquiry.objects.select_for_update(of=("self",))
    row = rows.select_related("workspace", "organisation").filter(pk=enquiry.pk).first()
    if row is None:
        raise Refused(_("This enquiry is not there any more."))
    return row


def refuse_closed_enquiry(row: Enquiry) -> None:
    """Raise Refused if the enquiry was answered or declined."""
    if EnquiryState(row.state).is_over:
        raise Refused(_("This enquiry is over. Open it again first."))


def audit_enquiry(access: Access, row: Enquiry, action: str) -> None:
    """Write the audit entry, without name or outlet."""
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="enquiry",
        target=row.uuid,
        workspace=access.workspace.uuid,
    )


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


def _check_enquiry(access: Access, asked: EnquiryInput) -> None:
    if not single_line(asked.outlet):
        raise Refused(_("Say which outlet asks."))
    check_zone(asked.zone)
    if asked.region and asked.region not in REGIONS:
        raise Refused(_("There is no such region."))
    if any(one and one > now() + FARTHEST for one in (asked.deadline, asked.interview_at)):
        raise Refused(_("That is more than a year away."))
    if asked.contact is not None and not open_contacts(access).filter(uuid=asked.contact).exists():
        raise Refused(_("This contact is not in your media list any more."))


def _fill_enquiry(row: Enquiry, asked: EnquiryInput) -> None:
    row.outlet, row.name = single_line(asked.outlet), single_line(asked.name)
    row.reached_at, row.question = single_line(asked.reached_at), asked.question.strip()
    row.language, row.topic, row.region = asked.language, asked.topic, asked.region
    row.way, row.zone, row.contact = asked.way, asked.zone, asked.contact
    row.deadline, row.interview_at = asked.deadline, asked.interview_at


# --- answer ---
# Assignment of an enquiry, its spokesperson, and its outcome.


def claim_enquiry(*, access: Access, enquiry: Enquiry) -> Enquiry:
    """Assign the enquiry to the current user for the acting organisation. Raises NotAllowed, also
    if another organisation was quicker; Refused once it is closed."""
    with transaction.atomic():
        row = _lock_answerable_enquiry(access, enquiry)
        refuse_closed_enquiry(row)
        row.state, row.taken_by, row.taken_for = EnquiryState.TAKEN, access.user, access.organisation
        _save_and_audit(access, row, "enquiry.taken")
    return row


def release_enquiry(*, access: Access, enquiry: Enquiry) -> Enquiry:
    """Unassign the enquiry, so that others can answer. Raises NotAllowed; Refused once it is
    closed."""
    with transaction.atomic():
        row = _lock_answerable_enquiry(access, enquiry)
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
        row = _lock_answerable_enquiry(access, enquiry)
        refuse_closed_enquiry(row)
        if spokesperson is not None:
            found = spokespersons_in(access).filter(pk=spokesperson.pk).first()
            if found is None or not may_see_identity(access, viewer, found):
                raise Refused(_("Ask their organisation: this person has not agreed to be named."))
        row.spokesperson = spokesperson
        row.save(update_fields=["spokesperson"])
        audit_enquiry(access, row, "enquiry.speaker")
    return row


def close_enquiry(*, access: Access, enquiry: Enquiry, reason: str = "") -> Enquiry:
    """Close the enquiry as answered, or with a `reason` as declined. Raises NotAllowed; Refused if
    it is closed already."""
    with transaction.atomic():
        row = _lock_answerable_enquiry(access, enquiry)
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
        row = _lock_answerable_enquiry(access, enquiry)
        if row.forgotten_at is not None:
            raise Refused(_("Who asked is forgotten. Nothing more is written of it."))
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


def _lock_answerable_enquiry(access: Access, enquiry: Enquiry) -> Enquiry:
    row = lock_enquiry(enquiry)
    require_that(
        may_answer_enquiry(access, row), _("Another organisation answers it, or it is not shared with yours.")
    )
    return row


def _save_and_audit(access: Access, row: Enquiry, action: str) -> None:
    row.save()
    audit_enquiry(access, row, action)
    plan_reminder(row)
