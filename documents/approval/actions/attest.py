"""A named reviewer answers that a translation says the same as its source."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.approval.actions.record_decision import lock_open, tell_if_complete, version_put
from documents.approval.audit import keep
from documents.approval.models.attestation import Attestation
from documents.approval.models.rounds import ApprovalRound
from documents.drafts.models import Version
from documents.drafts.permissions import may_attest, require_that
from documents.editor.live.projection import follow_draft

type Words = tuple[str, str]  # a language, and the hash of the words that were read


def attest(*, access: Access, round_: ApprovalRound, translation: Words, source: Words) -> Attestation:
    """Record that the person answers, for the organisation in whose name they act, that both say the same.

    Bound to both hashes, which are those of the page that showed both texts. Raises NotAllowed without the
    right; Refused if either was put anew or changed since, if the translation is the organisation's or
    the person's own, or if somebody answers for this pair already.
    """
    follow_draft(round_.draft)
    with transaction.atomic():
        locked = lock_open(round_)
        require_that(may_attest(access, locked.draft))
        if translation[0] == source[0]:
            raise Refused(_("Choose another language to compare with."))
        said, original = version_put(locked, *translation), version_put(locked, *source)
        _check_other(access, said)
        if Attestation.objects.filter(translation=said, source=original, taken_back_at=None).exists():
            raise Refused(_("Somebody answers for this translation already."))
        made = Attestation.objects.create(
            translation=said,
            translation_hash=said.hash,
            source=original,
            source_hash=original.hash,
            reviewer=access.user,
            organisation=access.organisation,
            at=now(),
        )
        _keep(access, locked, "attestation.given", "attested", made)
        tell_if_complete(locked)
    return made


def take_back(*, access: Access, round_: ApprovalRound, attestation: Attestation) -> Attestation:
    """Take it back: what relies on it is open again. Only for the organisation that gave it.

    Raises NotAllowed, or Refused if it was taken back already.
    """
    with transaction.atomic():
        locked = lock_open(round_)
        row = Attestation.objects.select_for_update().get(pk=attestation.pk)
        require_that(
            may_attest(access, locked.draft) and row.organisation_id == access.organisation.pk,
            _("Only the organisation that answers for a translation takes that back."),
        )
        if row.taken_back_at is not None:
            raise Refused(_("This was taken back already."))
        row.taken_back_at = now()
        row.save(update_fields=["taken_back_at"])
        _keep(access, locked, "attestation.taken_back", "attestation_taken_back", row)
    return row


def _check_other(access: Access, translation: Version) -> None:
    """Nobody answers for their own translation, or their organisation's: who named it, and who wrote in it
    last. Somebody may have seats of several organisations."""
    own, text = access.organisation.pk, translation.text
    if own in {translation.organisation_id, text.changed_for_id}:
        raise Refused(
            _("Your organisation wrote this translation or named it: somebody of another one answers for it.")
        )
    if access.user.pk in {translation.created_by_id, text.changed_by_id}:
        raise Refused(
            _("You wrote this translation or named it, for another organisation: another person answers.")
        )


def _keep(access: Access, round_: ApprovalRound, action: str, kind: str, row: Attestation) -> None:
    keep(
        round_,
        action=action,
        kind=kind,
        person=access.user,
        organisation=access.organisation,
        role=access.seat.role,
        languages=[row.translation.language, row.source.language],
        hashes=[row.translation_hash, row.source_hash],
    )
