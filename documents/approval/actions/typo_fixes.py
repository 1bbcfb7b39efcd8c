"""A slip of the pen: proposed, confirmed by two other organisations, told to all, reopened by one press."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import MembershipRole
from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access, NotAllowed
from documents.approval.actions.decide import decided_by, decider_of, lock_open, tell_if_complete
from documents.approval.audit import concern, concern_deciders, keep
from documents.approval.models import Approval, ApprovalRound, Attestation, RoundText, Slip, SlipConfirmation
from documents.approval.typo_fixes import Mended, NoSlip, slip_between
from documents.checklist.identifying import first_names
from documents.drafts.enums import Way
from documents.drafts.live.projection import follow_draft
from documents.drafts.models import Version
from documents.drafts.permissions import may_put_to_approval, require_that
from documents.drafts.queries import coordinators_of
from documents.drafts.rendering import document_of

CONFIRMATIONS = 2
CONFIRMING = {MembershipRole.REPRESENTATIVE, MembershipRole.ALTERNATE}


def propose_slip(*, access: Access, round_: ApprovalRound, language: str) -> Slip:
    """Say that the words put now differ from those put before them by a slip of the pen only.

    Everyone who decides for another organisation asked is told. Raises NotAllowed without the right to put;
    NoSlip where the rule says that more has changed; Refused if nobody had decided on the words before.
    """
    follow_draft(round_.draft)
    with transaction.atomic():
        locked = lock_open(round_)
        require_that(may_put_to_approval(access, locked.draft))
        before, after = _both(locked, language)
        mended = what_was_mended(before, after)
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
        _keep(locked, "slip.proposed", "slip_proposed", access.user, access.organisation, access.role, slip)
        others = locked.asked.exclude(organisation=access.organisation).select_related("organisation")
        _tell(locked, [row.organisation for row in others], "slip_proposed", slip, mended, access.user)
    return slip


def confirm_slip(*, slip: Slip, organisation: Organisation, person: User) -> Slip:
    """Confirm for an organisation asked, other than the proposer's. With the second one it counts: decisions
    on the words before, and answers for their translations, count for the words after.

    Raises NotAllowed for whoever is no representative or alternate of it; Refused if newer words were put
    meanwhile, if the organisation confirmed already, or the person proposed it or confirmed it for another.
    """
    follow_draft(slip.round.draft)
    with transaction.atomic():
        locked = lock_open(slip.round)
        row = (
            Slip.objects.select_related("before", "after__text")
            .select_for_update(of=("self",))
            .get(pk=slip.pk)
        )
        decider = decider_of(locked, organisation, person)
        if decider.capacity not in CONFIRMING:
            raise NotAllowed
        _check_other(row, organisation, person)
        _check_still_put(locked, row)
        confirmed, made = SlipConfirmation.objects.get_or_create(
            slip=row, organisation=organisation, defaults={"person": person, "at": now()}
        )
        if not made:
            raise Refused(_("Your organisation has confirmed this slip of the pen already."))
        _keep(locked, "slip.confirmed", "slip_confirmed", person, organisation, decider.capacity, row)
        if row.counts_from is None and row.confirmations.count() >= CONFIRMATIONS:
            row.counts_from = confirmed.at
            row.save(update_fields=["counts_from"])
            _let_count(locked, row, person)
    return row


def reopen(*, slip: Slip, organisation: Organisation, person: User) -> list[Approval]:
    """The organisation does not take it for a slip: what it decided on the words before does not count for
    these. One press. Raises NotAllowed for who may not decide for it, Refused if nothing was kept for it."""
    with transaction.atomic():
        locked = lock_open(slip.round)
        decider = decider_of(locked, organisation, person)
        kept = [row for row in decided_by(locked, organisation).values() if row.slip_id == slip.pk]
        if not kept:
            raise Refused(_("Nothing of your organisation was kept over this slip of the pen."))
        Approval.objects.filter(pk__in=[row.pk for row in kept]).update(superseded_at=now())
        _keep(locked, "slip.reopened", "slip_reopened", person, organisation, decider.capacity, slip)
        concern(
            locked,
            coordinators_of(locked.draft),
            kind="slip_reopened",
            once=f"{slip.uuid}:{organisation.pk}",
            actor=person,
            organisation=organisation,
        )
    return kept


def what_was_mended(before: Version, after: Version) -> Mended:
    """The word that changed. Raises NoSlip."""
    return slip_between(document_of(before), document_of(after), names=first_names())


def what_could_be_a_slip(round_: ApprovalRound, language: str) -> Mended:
    """The word that changed since organisations decided. Raises NoSlip, also if nobody had."""
    try:
        return what_was_mended(*_both(round_, language))
    except NoSlip:
        raise
    except Refused as refused:
        raise NoSlip(refused.template) from refused


def _both(round_: ApprovalRound, language: str) -> tuple[Version, Version]:
    """The words that organisations decided on last, and those that are put now."""
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


def _check_other(slip: Slip, organisation: Organisation, person: User) -> None:
    """Two organisations other than the proposer's, and two people: somebody may represent several."""
    if organisation.pk == slip.organisation_id:
        raise Refused(_("Two other organisations confirm it: not the one that proposes it."))
    if person.pk == slip.proposed_by_id:
        raise Refused(_("You proposed this slip of the pen. Another person confirms it."))
    if slip.confirmations.filter(person=person).exclude(organisation=organisation).exists():
        raise Refused(
            _("You have confirmed this slip of the pen for another organisation. It takes two people.")
        )


def _check_still_put(round_: ApprovalRound, slip: Slip) -> None:
    put = RoundText.objects.filter(round=round_, version=slip.after).exists()
    if not put or slip.after.text.content_hash != slip.after.hash:
        raise Refused(_("The words have changed since. Look at the round again."))


def _let_count(round_: ApprovalRound, slip: Slip, person: User) -> None:
    """Keep every decision on the words before, as it was made, for those after; tell all concerned."""
    decided = set(
        Approval.objects.filter(round=round_, version=slip.after, superseded_at=None).values_list(
            "organisation", flat=True
        )
    )
    rows = Approval.objects.filter(round=round_, version=slip.before, superseded_at=None)
    rows = rows.exclude(way=Way.CARRIED_OVER)  # what hangs on other texts is asked about, slip or not
    kept = [row for row in rows.select_related("organisation") if row.organisation_id not in decided]
    for row in kept:
        _copy(row, slip)
    _keep_attestations(slip)
    _tell(
        round_,
        [row.organisation for row in kept],
        "slip_counts",
        slip,
        what_was_mended(slip.before, slip.after),
        person,
    )
    tell_if_complete(round_)


def _copy(row: Approval, slip: Slip) -> None:
    fields = {
        field.name: getattr(row, field.name)
        for field in Approval._meta.concrete_fields
        if field.name not in {"id", "uuid", "version", "hash", "canon", "slip"}
    }
    Approval.objects.create(
        **fields, version=slip.after, hash=slip.after.hash, canon=slip.after.canon, slip=slip
    )


def _keep_attestations(slip: Slip) -> None:
    """Answers for the pair before hold for the pair after; the other half is the same version."""
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


def _keep(
    round_: ApprovalRound,
    action: str,
    kind: str,
    person: User,
    organisation: Organisation,
    role: str,
    slip: Slip,
) -> None:
    keep(
        round_,
        action=action,
        kind=kind,
        person=person,
        organisation=organisation,
        role=role,
        languages=[slip.after.language],
        hashes=[slip.before.hash, slip.after.hash],
    )


def _tell(
    round_: ApprovalRound,
    organisations: Iterable[Organisation],
    kind: str,
    slip: Slip,
    mended: Mended,
    person: User,
) -> None:
    concern_deciders(
        round_,
        organisations,
        kind=kind,
        once=str(slip.uuid),
        actor=person,
        organisation=slip.organisation,
        before=mended.before,
        after=mended.after,
    )
