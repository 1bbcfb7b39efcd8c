"""Enquiries of the press: taken in, told to others or not, and forgotten a year after they are over."""

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
from documents.contacts.actions import one_line
from documents.drafts.permissions import may_keep_contacts, require_that
from events.core.actions.times import check_zone
from events.press.contacts.queries import open_contacts
from events.press.enquiries.enums import AnswerWay, EnquiryState
from events.press.enquiries.models import Enquiry, EnquiryNote
from events.press.permissions import may_answer_enquiry, may_tend_enquiry
from events.press.spokespersons.models import Spokesperson
from events.press.spokespersons.queries import knows_who, spokespersons_in
from events.press.talking_points.models import Briefing

REMIND = "events.remind_of_enquiry"
BEFORE = datetime.timedelta(hours=2)  # the deadline; of a shorter time the half
KEPT = datetime.timedelta(days=365)  # after it is over, or after the deadline of what nobody answered
FARTHEST = datetime.timedelta(days=366)


@dataclass(frozen=True)
class Asked:
    """What a journalist asks. `deadline` and `interview_at` are aware; `contact`: of the media list."""

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


def take_in_enquiry(*, access: Access, asked: Asked, mine: bool = False) -> Enquiry:
    """Write down that a journalist asked; `mine`: the person answers it themselves. It belongs to the
    organisation in whose name `access` acts. Raises NotAllowed, and Refused for what `_check` finds."""
    require_that(may_keep_contacts(access))
    with transaction.atomic():
        _check(access, asked)
        if asked.deadline <= now():
            raise Refused(_("The deadline has passed already."))
        row = Enquiry(
            workspace=access.workspace,
            organisation=access.organisation,
            came_at=now(),
            came_to=access.user,
        )
        _fill(row, asked)
        if mine:
            row.state, row.taken_by, row.taken_for = EnquiryState.TAKEN, access.user, access.organisation
        row.save()
        keep_track(access, row, "enquiry.came")
        plan_reminder(row)
    return row


def change_enquiry(*, access: Access, enquiry: Enquiry, asked: Asked) -> Enquiry:
    """Write anew what was asked. Raises NotAllowed for who does not own it; Refused once it is over."""
    with transaction.atomic():
        row = hold_enquiry(enquiry)
        require_that(may_tend_enquiry(access, row))
        refuse_over(row)
        _check(access, asked)
        _fill(row, asked)
        row.save()
        keep_track(access, row, "enquiry.changed")
        plan_reminder(row)
    return row


def share_enquiry(*, access: Access, enquiry: Enquiry, shared: bool) -> Enquiry:
    """Say whether press desks of the other organisations of the workspace know everything of it. Raises
    NotAllowed for who does not own it; Refused while another organisation answers it."""
    with transaction.atomic():
        row = hold_enquiry(enquiry)
        require_that(may_tend_enquiry(access, row))
        if not shared and row.taken_for_id not in {None, row.organisation_id}:
            raise Refused(_("Another organisation answers it. Ask them to give it back first."))
        row.shared = shared
        row.save(update_fields=["shared"])
        keep_track(access, row, "enquiry.shared" if shared else "enquiry.unshared")
    return row


def write_note(*, access: Access, enquiry: Enquiry, words: str) -> EnquiryNote:
    """Write something down of it. Raises NotAllowed, and Refused for no words, or once it is forgotten."""
    if not words.strip():
        raise Refused(_("Write a few words."))
    with transaction.atomic():
        row = hold_enquiry(enquiry)
        require_that(may_answer_enquiry(access, row))
        if row.forgotten_at is not None:
            raise Refused(_("Who asked is forgotten. Nothing more is written of it."))
        return EnquiryNote.objects.create(
            enquiry=row, words=words.strip(), by=access.user, on_behalf_of=access.organisation, at=now()
        )


def forget_enquiries() -> int:
    """Delete who asked, what, and every note of what is over for a year; outlet and answer stay. Returns how
    many enquiries."""
    old = now() - KEPT
    over = Q(ended_at__lt=old) | Q(ended_at=None, deadline__lt=old)
    rows = Enquiry.objects.filter(over, forgotten_at=None)
    keys = list(rows.values_list("pk", flat=True))
    delete_in_batches(EnquiryNote.objects.filter(enquiry__in=keys))
    delete_in_batches(Briefing.objects.filter(enquiry__in=keys))
    gone = {"name": "", "reached_at": "", "question": "", "reason": "", "contact": None}
    return empty_in_batches(Enquiry.objects.filter(pk__in=keys), forgotten_at=now(), **gone)


def hold_enquiry(enquiry: Enquiry) -> Enquiry:
    """The row, locked in the caller's transaction. Raises Refused if it is gone."""
    rows = Enquiry.objects.select_for_update(of=("self",))
    row = rows.select_related("workspace", "organisation").filter(pk=enquiry.pk).first()
    if row is None:
        raise Refused(_("This enquiry is not there any more."))
    return row


def refuse_over(row: Enquiry) -> None:
    """Raise Refused if it was answered or refused."""
    if EnquiryState(row.state).is_over:
        raise Refused(_("This enquiry is over. Open it again first."))


def keep_track(access: Access, row: Enquiry, action: str) -> None:
    """Write the audit entry: no name, no outlet."""
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
    """Two hours before the deadline; of less than four hours the half. What is over is not reminded of."""
    left = row.deadline - now()
    if EnquiryState(row.state).is_over or left <= datetime.timedelta():
        scheduler.cancel(kind=REMIND, key=str(row.uuid))
    else:
        scheduler.schedule(kind=REMIND, key=str(row.uuid), due_at=row.deadline - min(BEFORE, left / 2))


def _check(access: Access, asked: Asked) -> None:
    if not one_line(asked.outlet):
        raise Refused(_("Say which outlet asks."))
    check_zone(asked.zone)
    if asked.region and asked.region not in REGIONS:
        raise Refused(_("There is no such region."))
    if any(one and one > now() + FARTHEST for one in (asked.deadline, asked.interview_at)):
        raise Refused(_("That is more than a year away."))
    if asked.contact is not None and not open_contacts(access).filter(uuid=asked.contact).exists():
        raise Refused(_("This contact is not in your media list any more."))


def _fill(row: Enquiry, asked: Asked) -> None:
    row.outlet, row.name = one_line(asked.outlet), one_line(asked.name)
    row.reached_at, row.question = one_line(asked.reached_at), asked.question.strip()
    row.language, row.topic, row.region = asked.language, asked.topic, asked.region
    row.way, row.zone, row.contact = asked.way, asked.zone, asked.contact
    row.deadline, row.interview_at = asked.deadline, asked.interview_at


# --- answer ---
# Who answers an enquiry, who speaks, and what came of it.


def take_enquiry(*, access: Access, enquiry: Enquiry) -> Enquiry:
    """The person answers it, for the organisation in whose name they act. Raises NotAllowed, also where
    another organisation was quicker; Refused once it is over."""
    with transaction.atomic():
        row = _held(access, enquiry)
        refuse_over(row)
        row.state, row.taken_by, row.taken_for = EnquiryState.TAKEN, access.user, access.organisation
        _save(access, row, "enquiry.taken")
    return row


def give_back_enquiry(*, access: Access, enquiry: Enquiry) -> Enquiry:
    """Nobody answers it any more, so that others can. Raises NotAllowed; Refused once it is over."""
    with transaction.atomic():
        row = _held(access, enquiry)
        refuse_over(row)
        row.state, row.taken_by, row.taken_for = EnquiryState.OPEN, None, None
        _save(access, row, "enquiry.given_back")
    return row


def choose_speaker(
    *, access: Access, viewer: Viewer, enquiry: Enquiry, spokesperson: Spokesperson | None
) -> Enquiry:
    """Say who speaks; None: nobody yet. Raises NotAllowed; Refused for somebody whom the person may not know,
    and once it is over."""
    with transaction.atomic():
        row = _held(access, enquiry)
        refuse_over(row)
        if spokesperson is not None:
            found = spokespersons_in(access).filter(pk=spokesperson.pk).first()
            if found is None or not knows_who(access, viewer, found):
                raise Refused(_("Ask their organisation: this person has not agreed to be named."))
        row.spokesperson = spokesperson
        row.save(update_fields=["spokesperson"])
        keep_track(access, row, "enquiry.speaker")
    return row


def close_enquiry(*, access: Access, enquiry: Enquiry, reason: str = "") -> Enquiry:
    """It is answered, or with a `reason` refused. Raises NotAllowed; Refused if it is over already."""
    with transaction.atomic():
        row = _held(access, enquiry)
        refuse_over(row)
        row.state = EnquiryState.REFUSED if reason.strip() else EnquiryState.ANSWERED
        row.reason = reason.strip()
        row.ended_at, row.ended_by = now(), access.user
        if row.taken_for_id is None:
            row.taken_by, row.taken_for = access.user, access.organisation
        _save(access, row, "enquiry.refused" if row.reason else "enquiry.answered")
    return row


def open_again(*, access: Access, enquiry: Enquiry) -> Enquiry:
    """It is not over after all. Raises NotAllowed; Refused if who asked is forgotten."""
    with transaction.atomic():
        row = _held(access, enquiry)
        if row.forgotten_at is not None:
            raise Refused(_("Who asked is forgotten. Nothing more is written of it."))
        if EnquiryState(row.state).is_over:
            row.state, row.reason, row.ended_at, row.ended_by = EnquiryState.TAKEN, "", None, None
            _save(access, row, "enquiry.opened_again")
    return row


def remind(key: str, _payload: dict[str, Any]) -> None:
    """Due work: tell who took it, or took it in, that its deadline is near."""
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


def _held(access: Access, enquiry: Enquiry) -> Enquiry:
    row = hold_enquiry(enquiry)
    require_that(
        may_answer_enquiry(access, row), _("Another organisation answers it, or it is not shared with yours.")
    )
    return row


def _save(access: Access, row: Enquiry, action: str) -> None:
    row.save()
    keep_track(access, row, action)
    plan_reminder(row)
