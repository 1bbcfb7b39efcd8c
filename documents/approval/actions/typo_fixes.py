"""Typo fix: proposed, confirmed by two other organisations, notified to all, reopened by one click."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access, NotAllowed
from documents.approval import audit
from documents.approval.actions import decide
from documents.approval.models import Approval, ApprovalRound, Asked, RoundText, Slip, SlipConfirmation
from documents.approval.typo_fixes import CorrectedWord, find_typo_fix
from documents.drafts.audit import Acting, OnBehalf
from documents.drafts.identifying import first_names
from documents.drafts.live.projection import update_draft_texts
from documents.drafts.models import Version, Way
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.drafts.queries import APPROVING_ROLES

CONFIRMATIONS_NEEDED = 2


def propose_typo_fix(*, access: Access, round_: ApprovalRound, language: str) -> Slip:
    """Propose that the current version differs from the previous one by a typo fix only.

    Notifies everyone who decides for another organisation asked. Raises NotAllowed without the
    right to put to approval; NotATypoFix where the rule finds a larger change; Refused if nobody had
    decided on the previous version.
    """
    update_draft_texts(round_.draft)
    with transaction.atomic():
        locked = decide.lock_open(round_)
        require_that(may_submit_for_approval(access, locked.draft))
        before, after = decided_and_current_versions(locked, language)
        corrected_word_between(before, after)
        by = {"proposed_by": access.user, "organisation": access.organisation, "proposed_at": now()}
        slip, made = Slip.objects.get_or_create(round=locked, before=before, after=after, defaults=by)
        if not made:
            raise Refused(_("This slip of the pen is proposed already."))
        _record_typo_fix(locked, access, "slip.proposed", "slip_proposed", slip)
        others = locked.asked.exclude(organisation=access.organisation).select_related("organisation")
        _notify_deciders_of_typo_fix(locked, others, "slip_proposed", slip, access.user)
    return slip


def confirm_typo_fix(*, slip: Slip, organisation: Organisation, person: User) -> Slip:
    """Confirm for an organisation asked, other than the proposer's. With the second confirmation the typo fix
    counts: decisions on the previous version, and attestations of its translations, count for the new one.

    Raises NotAllowed for anyone who is no representative or alternate of it; Refused if a newer version was
    put meanwhile, if the organisation has already confirmed, or if the person proposed it or confirmed it for
    another organisation.
    """
    update_draft_texts(slip.round.draft)
    with transaction.atomic():
        locked = decide.lock_open(slip.round)
        row = (
            Slip.objects.select_related("before", "after__text")
            .select_for_update(of=("self",))
            .get(pk=slip.pk)
        )
        decider = decide.decider_of(locked, organisation, person)
        if decider.role not in APPROVING_ROLES:
            raise NotAllowed
        # two organisations other than the proposer's, and two people: one may represent several
        if organisation.pk == row.organisation_id:
            raise Refused(_("Two other organisations confirm it: not the one that proposes it."))
        if person.pk == row.proposed_by_id:
            raise Refused(_("You proposed this slip of the pen. Another person confirms it."))
        if row.confirmations.filter(person=person).exclude(organisation=organisation).exists():
            raise Refused(
                _("You have confirmed this slip of the pen for another organisation. It takes two people.")
            )
        is_current = RoundText.objects.filter(round=locked, version=row.after).exists()
        if not is_current or row.after.text.content_hash != row.after.hash:
            raise Refused(_("The words have changed since. Look at the round again."))
        confirmed, made = SlipConfirmation.objects.get_or_create(
            slip=row, organisation=organisation, defaults={"person": person, "at": now()}
        )
        if not made:
            raise Refused(_("Your organisation has confirmed this slip of the pen already."))
        _record_typo_fix(locked, decider, "slip.confirmed", "slip_confirmed", row)
        if row.counts_from is None and row.confirmations.count() >= CONFIRMATIONS_NEEDED:
            row.counts_from = confirmed.at
            row.save(update_fields=["counts_from"])
            _apply_typo_fix(locked, row, person)
    return row


def reopen_after_typo_fix(*, slip: Slip, organisation: Organisation, person: User) -> list[Approval]:
    """Reject the typo fix for the organisation, whose decision on the previous version then does not count.
    Raises NotAllowed for anyone who may not decide for it, Refused if no decision of its was kept."""
    with transaction.atomic():
        locked = decide.lock_open(slip.round)
        decider = decide.decider_of(locked, organisation, person)
        decisions = [
            row for row in decide.decided_by(locked, organisation).values() if row.slip_id == slip.pk
        ]
        if not decisions:
            raise Refused(_("Nothing of your organisation was kept over this slip of the pen."))
        Approval.objects.filter(pk__in=[row.pk for row in decisions]).update(superseded_at=now())
        _record_typo_fix(locked, decider, "slip.reopened", "slip_reopened", slip)
        audit.notify_coordinators(
            locked,
            kind="slip_reopened",
            once=f"{slip.uuid}:{organisation.pk}",
            by=decider,
        )
    return decisions


def corrected_word_between(before: Version, after: Version) -> CorrectedWord:
    """Return the word that changed. Raises NotATypoFix."""
    return find_typo_fix(before.document, after.document, names=first_names())


def decided_and_current_versions(round_: ApprovalRound, language: str) -> tuple[Version, Version]:
    """Return the version that organisations decided on last, and the current one."""
    current = decide.version_in_round(round_, language)
    rows = Approval.objects.filter(round=round_, language=language, superseded_at=None)
    rows = rows.exclude(hash=current.hash).order_by("-version__number", "-pk")
    before = rows.select_related("version").first()
    if before is None:
        raise Refused(_("Nobody had decided on the words before: there is nothing to keep."))
    return before.version, current


def _apply_typo_fix(round_: ApprovalRound, slip: Slip, person: User) -> None:
    """Copy every decision on the previous version, as it was made, to the new one; notify all concerned."""
    valid = Approval.objects.filter(round=round_, superseded_at=None)
    decided = set(valid.filter(version=slip.after).values_list("organisation", flat=True))
    # inherited approvals are asked anew, typo fix or not
    rows = valid.filter(version=slip.before).exclude(way=Way.CARRIED_OVER).select_related("organisation")
    decisions = [row for row in rows if row.organisation_id not in decided]
    for row in decisions:
        decide.copy_decision(row, slip.after, slip=slip)
    decide.copy_attestations({slip.before_id: slip.after})
    _notify_deciders_of_typo_fix(round_, decisions, "slip_counts", slip, person)
    decide.notify_if_publishable(round_)


def _record_typo_fix(round_: ApprovalRound, by: Acting, action: str, kind: str, slip: Slip) -> None:
    languages, hashes = [slip.after.language], [slip.before.hash, slip.after.hash]
    audit.record_round_event(round_, by, action, kind, languages=languages, hashes=hashes)


def _notify_deciders_of_typo_fix(
    round_: ApprovalRound, rows: Iterable[Asked | Approval], kind: str, slip: Slip, person: User
) -> None:
    """Notify those who decide for the organisations of these rows."""
    word = corrected_word_between(slip.before, slip.after)
    audit.notify_deciders(
        round_,
        [row.organisation for row in rows],
        kind=kind,
        once=str(slip.uuid),
        by=OnBehalf(person, slip.organisation),
        before=word.before,
        after=word.after,
    )
