"""Typo fix: proposed, confirmed by two other organisations, notified to all, reopened by one
click."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import MembershipRole
from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access, NotAllowed
from documents.approval.actions.decide import decided_by, decider_of, lock_open, notify_if_publishable
from documents.approval.audit import notify_about_round, notify_deciders, record_round_event
from documents.approval.models import Approval, ApprovalRound, Attestation, RoundText, Slip, SlipConfirmation
from documents.approval.typo_fixes import CorrectedWord, NotATypoFix, find_typo_fix
from documents.checklist.identifying import first_names
from documents.drafts.enums import Way
from documents.drafts.live.projection import update_draft_texts
from documents.drafts.models import Version
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.drafts.presenters import version_document
from documents.drafts.queries import coordinators_of

CONFIRMATIONS_NEEDED = 2
CONFIRMING_ROLES = {MembershipRole.REPRESENTATIVE, MembershipRole.ALTERNATE}


def propose_typo_fix(*, access: Access, round_: ApprovalRound, language: str) -> Slip:
    """Propose that the current version differs from the previous one by a typo fix only.

    Notifies everyone who decides for another organisation asked. Raises NotAllowed without the
    right to put to approval; NoSlip where the rule finds a larger change; Refused if nobody had
    decided on the previous version.
    """
    update_draft_texts(round_.draft)
    with transaction.atomic():
        locked = lock_open(round_)
        require_that(may_submit_for_approval(access, locked.draft))
        before, after = _decided_and_current_versions(locked, language)
        mended = corrected_word_between(before, after)
        slip, made = Slip.objects.get_or_create(
            round=locked,
            before=before,
            after=after,
            defaults={
                "proposed_by": access.user,
                "organisation": access.organisation,
                "proposed_at": now(),
            },
        )
        if not made:
            raise Refused(_("This slip of the pen is proposed already."))
        _record_typo_fix(
            locked, "slip.proposed", "slip_proposed", access.user, access.organisation, access.role, slip
        )
        others = locked.asked.exclude(organisation=access.organisation).select_related("organisation")
        _notify_deciders_of_typo_fix(
            locked, [row.organisation for row in others], "slip_proposed", slip, mended, access.user
        )
    return slip


def confirm_typo_fix(*, slip: Slip, organisation: Organisation, person: User) -> Slip:
    """Confirm for an organisation asked, other than the proposer's. With the second confirmation
    the typo fix counts: decisions on the previous version, and attestations of its translations,
    count for the new one.

    Raises NotAllowed for anyone who is no representative or alternate of it; Refused if a newer
    version was put meanwhile, if the organisation has already confirmed, or if the person proposed
    it or confirmed it for another organisation.
    """
    update_draft_texts(slip.round.draft)
    with transaction.atomic():
        locked = lock_open(slip.round)
        row = (
            Slip.objects.select_related("before", "after__text")
            .select_for_update(of=("self",))
            .get(pk=slip.pk)
        )
        decider = decider_of(locked, organisation, person)
        if decider.capacity not in CONFIRMING_ROLES:
            raise NotAllowed
        _check_confirming_person(row, organisation, person)
        _check_versions_unchanged(locked, row)
        confirmed, made = SlipConfirmation.objects.get_or_create(
            slip=row, organisation=organisation, defaults={"person": person, "at": now()}
        )
        if not made:
            raise Refused(_("Your organisation has confirmed this slip of the pen already."))
        _record_typo_fix(
            locked, "slip.confirmed", "slip_confirmed", person, organisation, decider.capacity, row
        )
        if row.counts_from is None and row.confirmations.count() >= CONFIRMATIONS_NEEDED:
            row.counts_from = confirmed.at
            row.save(update_fields=["counts_from"])
            _apply_typo_fix(locked, row, person)
    return row


def reopen_after_typo_fix(*, slip: Slip, organisation: Organisation, person: User) -> list[Approval]:
    """Reject the typo fix for the organisation: its decision on the previous version does not count
    for this one. One click. Raises NotAllowed for anyone who may not decide for it, Refused if no
    decision of its was kept."""
    with transaction.atomic():
        locked = lock_open(slip.round)
        decider = decider_of(locked, organisation, person)
        kept = [row for row in decided_by(locked, organisation).values() if row.slip_id == slip.pk]
        if not kept:
            raise Refused(_("Nothing of your organisation was kept over this slip of the pen."))
        Approval.objects.filter(pk__in=[row.pk for row in kept]).update(superseded_at=now())
        _record_typo_fix(
            locked, "slip.reopened", "slip_reopened", person, organisation, decider.capacity, slip
        )
        notify_about_round(
            locked,
            coordinators_of(locked.draft),
            kind="slip_reopened",
            once=f"{slip.uuid}:{organisation.pk}",
            actor=person,
            organisation=organisation,
        )
    return kept


def corrected_word_between(before: Version, after: Version) -> CorrectedWord:
    """Return the word that changed. Raises NoSlip."""
    return find_typo_fix(version_document(before), version_document(after), names=first_names())


def possible_typo_fix(round_: ApprovalRound, language: str) -> CorrectedWord:
    """Return the word that changed since organisations decided. Raises NoSlip, also if none had."""
    try:
        return corrected_word_between(*_decided_and_current_versions(round_, language))
    except NotATypoFix:
        raise
    except Refused as refused:
        raise NotATypoFix(refused.template) from refused


def _decided_and_current_versions(round_: ApprovalRound, language: str) -> tuple[Version, Version]:
    """Return the version that organisations decided on last, and the current one."""
    text = RoundText.objects.filter(round=round_, language=language).select_related("version__text").first()
    if text is None:
        raise Refused(_("This language is not put to approval."))
    before = (
        Approval.objects.filter(round=round_, language=language, superseded_at=None)
        .exclude(hash=text.version.hash)
        .order_by("-version__number", "-pk")
        .select_related("version")
        .first()
    )
    if before is None:
        raise Refused(_("Nobody had decided on the words before: there is nothing to keep."))
    return before.version, text.version


def _check_confirming_person(slip: Slip, organisation: Organisation, person: User) -> None:
    """Require two organisations other than the proposer's, and two people: one person may represent
    several organisations."""
    if organisation.pk == slip.organisation_id:
        raise Refused(_("Two other organisations confirm it: not the one that proposes it."))
    if person.pk == slip.proposed_by_id:
        raise Refused(_("You proposed this slip of the pen. Another person confirms it."))
    if slip.confirmations.filter(person=person).exclude(organisation=organisation).exists():
        raise Refused(
            _("You have confirmed this slip of the pen for another organisation. It takes two people.")
        )


def _check_versions_unchanged(round_: ApprovalRound, slip: Slip) -> None:
    put = RoundText.objects.filter(round=round_, version=slip.after).exists()
    if not put or slip.after.text.content_hash != slip.after.hash:
        raise Refused(_("The words have changed since. Look at the round again."))


def _apply_typo_fix(round_: ApprovalRound, slip: Slip, person: User) -> None:
    """Copy every decision on the previous version, as it was made, to the new one; notify all
    concerned."""
    decided = set(
        Approval.objects.filter(round=round_, version=slip.after, superseded_at=None).values_list(
            "organisation", flat=True
        )
    )
    rows = Approval.objects.filter(round=round_, version=slip.before, superseded_at=None)
    rows = rows.exclude(way=Way.CARRIED_OVER)  # inherited approvals are asked anew, typo fix or not
    kept = [row for row in rows.select_related("organisation") if row.organisation_id not in decided]
    for row in kept:
        _copy_approval(row, slip)
    _copy_attestations(slip)
    _notify_deciders_of_typo_fix(
        round_,
        [row.organisation for row in kept],
        "slip_counts",
        slip,
        corrected_word_between(slip.before, slip.after),
        person,
    )
    notify_if_publishable(round_)


def _copy_approval(row: Approval, slip: Slip) -> None:
    fields = {
        field.name: getattr(row, field.name)
        for field in Approval._meta.concrete_fields
        if field.name not in {"id", "uuid", "version", "hash", "canon", "slip"}
    }
    Approval.objects.create(
        **fields, version=slip.after, hash=slip.after.hash, canon=slip.after.canon, slip=slip
    )


def _copy_attestations(slip: Slip) -> None:
    """Copy attestations of the previous pair to the new one; the other version is unchanged."""
    for side in ("translation", "source"):
        for row in Attestation.objects.filter(**{side: slip.before, "taken_back_at": None}):
            pair = {"translation": row.translation, "source": row.source, side: slip.after}
            Attestation.objects.get_or_create(
                **pair,
                taken_back_at=None,
                defaults={
                    "translation_hash": pair["translation"].hash,
                    "source_hash": pair["source"].hash,
                    "reviewer": row.reviewer,
                    "organisation": row.organisation,
                    "at": row.at,
                    "kept_from": row,
                },
            )


def _record_typo_fix(
    round_: ApprovalRound,
    action: str,
    kind: str,
    person: User,
    organisation: Organisation,
    role: str,
    slip: Slip,
) -> None:
    record_round_event(
        round_,
        action=action,
        kind=kind,
        person=person,
        organisation=organisation,
        role=role,
        languages=[slip.after.language],
        hashes=[slip.before.hash, slip.after.hash],
    )


def _notify_deciders_of_typo_fix(
    round_: ApprovalRound,
    organisations: Iterable[Organisation],
    kind: str,
    slip: Slip,
    mended: CorrectedWord,
    person: User,
) -> None:
    notify_deciders(
        round_,
        organisations,
        kind=kind,
        once=str(slip.uuid),
        actor=person,
        organisation=slip.organisation,
        before=mended.before,
        after=mended.after,
    )
