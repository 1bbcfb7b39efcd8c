"""Who answers an enquiry, who speaks, and what came of it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.domain.notify import notify
from coalition.workspaces.rules import Access
from events.press.enquiries.actions.enquiries import hold_enquiry, keep_track, plan_reminder, refuse_over
from events.press.enquiries.enums import EnquiryState
from events.press.enquiries.models import Enquiry
from events.press.permissions import may_answer_enquiry, require_that
from events.press.spokespersons.models import Spokesperson
from events.press.spokespersons.queries import knows_who, spokespersons_in


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
