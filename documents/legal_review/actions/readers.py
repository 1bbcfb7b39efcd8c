"""Naming the member who reads a draft as its lawyer."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition import live
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.domain.notify import notify
from coalition.workspaces.models import Seat
from coalition.workspaces.rules import Access
from documents.comments.models import LegalReader
from documents.drafts import audit
from documents.drafts.models.draft import Draft
from documents.drafts.permissions import may_name_legal_reader, require_that
from documents.drafts.queries.readers import seats_reading


def name_legal_reader(*, access: Access, draft: Draft, seat: Seat) -> LegalReader:
    """Name a person, by the seat they read with, as a legal reader. Naming them again opens it again.

    Raises NotAllowed without the right, Refused if the person cannot read and comment on the draft.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        require_that(may_name_legal_reader(access, locked))
        _check(locked, seat)
        row, made = LegalReader.objects.select_for_update().get_or_create(
            draft=locked,
            person=seat.person,
            organisation=seat.organisation,
            defaults={"named_by": access.user, "named_at": now()},
        )
        if not made and row.ended_at is None:
            return row
        if not made:
            row.named_by, row.named_at, row.ended_at = access.user, now(), None
            row.save(update_fields=["named_by", "named_at", "ended_at"])
        audit.record(thing=locked, access=access, action="legal_reader.named", **_about(row))
        notify(
            people=[seat.person],
            kind="legal_reader_named",
            workspace=access.workspace,
            actor=access.user,
            organisation=access.organisation,
            subject_kind="legal_reader",
            subject=row.uuid,
        )
    return row


def end_legal_reader(*, access: Access, reader: LegalReader) -> LegalReader:
    """Take it back: the reader no longer sees the threads; the coordinators do. Twice is once."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=reader.draft_id)
        require_that(may_name_legal_reader(access, draft))
        row = (
            LegalReader.objects.select_for_update(of=("self",))
            .select_related("person", "organisation")
            .get(pk=reader.pk)
        )
        if row.ended_at is None:
            row.ended_at = now()
            row.save(update_fields=["ended_at"])
            audit.record(thing=draft, access=access, action="legal_reader.ended", **_about(row))
            # Their open pages stop hearing of the threads at once.
            live.kick(user_ids=[row.person_id] if row.person_id else [], reason="legal reader ended")
    return row


def _check(draft: Draft, seat: Seat) -> None:
    comments = Right.COMMENT in RIGHTS[SeatRole(seat.role)]
    if not (comments and seats_reading(draft).filter(pk=seat.pk).exists()):
        raise Refused(_("This person cannot read the draft and comment on it, so they cannot be its lawyer."))


def _about(row: LegalReader) -> dict[str, str]:
    person = {"person": str(row.person.uuid)} if row.person is not None else {}
    return {**person, "person_for": str(row.organisation.uuid)}
