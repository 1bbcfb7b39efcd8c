"""Taking back what is public: the pages go, a note stays, the chain stays whole."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.approval.audit import concern, keep
from documents.approval.queries.rounds import approvers_by_organisation
from documents.drafts.enums import PublicationState
from documents.drafts.models import Draft
from documents.drafts.permissions import may_withdraw, require_that
from documents.publication import hooks
from documents.publication.embargo.audit import tell_agreed
from documents.publication.models.publication import Publication
from documents.publication.verification.findings import FindingKind
from documents.publication.verification.models import TakenOff


def withdraw(*, access: Access, publication: Publication, note: str) -> Publication:
    """Withdraw a public publication; `note` says publicly why.

    Withdrawing a withdrawn publication takes its pages off the site again, if any came back; its note stays,
    and only such a repair is audited. Raises NotAllowed without the right, Refused without a note or if it
    was never public.
    """
    note = note.strip()[:1000]
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=publication.draft_id)
        require_that(may_withdraw(access, draft))
        locked = (
            Publication.objects.select_for_update(of=("self",))
            .select_related("round__draft__workspace")
            .get(pk=publication.pk)
        )
        if locked.state == PublicationState.WITHDRAWN:
            if hooks.withdraw_all(locked):
                _audit(access, locked, repaired=True)
            return locked
        if not note:
            raise Refused(_("Say publicly why the text is withdrawn: the note stays in its place."))
        if PublicationState.WITHDRAWN not in PublicationState(locked.state).next_states:
            raise Refused(_("This publication is not public."))
        locked.state, locked.withdrawn_at = PublicationState.WITHDRAWN, now()
        locked.withdrawn_by, locked.withdrawal_note, locked.awaiting_since = access.user, note, None
        locked.save(
            update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawal_note", "awaiting_since"]
        )
        _end_check(locked)
        hooks.withdraw_all(locked)
        _announce(access, locked)
        tell_agreed(locked, "taken_text_withdrawn", once="withdrawn")
    return locked


def _end_check(publication: Publication) -> None:
    """Let the address answer 410 at once if the text was off the site while it was checked.

    Not if names differ: the sheet of a withdrawn text shows them, so it stays off until they are right.
    """
    row = TakenOff.objects.filter(publication=publication).first()
    if row is not None and all(one["kind"] != FindingKind.NAMES for one in row.findings):
        row.delete()


def _audit(access: Access, publication: Publication, **detail: Any) -> None:
    keep(
        publication.round,
        action="publication.withdrawn",
        kind="withdrawn",
        person=access.user,
        organisation=access.organisation,
        role=access.seat.role,
        public=publication,
        publication=str(publication.uuid),
        **detail,
    )


def _announce(access: Access, publication: Publication) -> None:
    round_ = publication.round
    _audit(access, publication)
    named = publication.names.values_list("organisation", flat=True)
    deciding = approvers_by_organisation(named, kind=round_.draft.kind)
    approvers = [person for people in deciding.values() for person in people]
    concern(
        round_,
        approvers,
        kind="withdrawn",
        once=str(publication.uuid),
        actor=access.user,
        organisation=access.organisation,
        public=publication,
    )
