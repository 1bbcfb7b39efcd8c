"""Making and ending referral codes, and bringing them back."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.audit import log
from coalition.campaigns.referrals.enums import Medium
from coalition.campaigns.referrals.models import ReferralCode
from coalition.campaigns.referrals.openings import CODE_KIND
from coalition.campaigns.referrals.permissions import may_end_code, may_make_codes, may_make_codes_for_all
from coalition.campaigns.referrals.targets import Target, targets_in
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access, NotAllowed
from coalition.workspaces.queries import frozen_in, participants
from events.core.printed_codes import make_codes

MOST_OPEN = 200  # codes of one organisation in a workspace


def make_referral_code(
    *,
    access: Access,
    action: str,
    target: UUID,
    medium: Medium,
    label: str = "",
    organisation: Organisation | None = None,
) -> ReferralCode:
    """Make a code for the organisation in whose name the person acts, or return the one it has already for
    the same action, medium and label. `organisation`: another one that takes part, for coordinators.

    Raises NotAllowed, and Refused for what is not public in this workspace or when there are too many codes.
    """
    owner = organisation or access.organisation
    is_own = owner.pk == access.organisation.pk
    if not (may_make_codes(access) if is_own else may_make_codes_for_all(access)):
        raise NotAllowed
    with transaction.atomic():
        _lock(access.workspace)
        wanted = _wanted(access.workspace, action, target)
        known = _open_codes(access.workspace, wanted.action, wanted.uuid, medium, label)
        code = known.filter(organisation=owner).first()
        if code is not None:
            return code
        if not is_own and not participants(access.workspace).filter(pk=owner.pk).exists():
            raise Refused(_("Its organisation does not take part now."))
        if _has_most(access.workspace, owner):
            raise Refused(_("Your organisation has so many codes that you have to end some first."))
        code = _make(access.workspace, [owner], wanted, medium, label)[0]
        _audit(access, "referral.made", code.uuid, code=code.code, medium=medium.value)
    return code


def make_referral_codes_for_all(
    *, access: Access, action: str, target: UUID, medium: Medium, label: str = ""
) -> int:
    """Make a code for every organisation that takes part and has none yet for the same action, medium and
    label; return how many were made. Frozen organisations get theirs when they are thawed and this is pressed
    again. Raises NotAllowed, and Refused for what is not public in this workspace."""
    if not may_make_codes_for_all(access):
        raise NotAllowed
    with transaction.atomic():
        _lock(access.workspace)
        wanted = _wanted(access.workspace, action, target)
        known = _open_codes(access.workspace, wanted.action, wanted.uuid, medium, label)
        has_one, frozen = known.values("organisation"), frozen_in(access.workspace)
        lacking = participants(access.workspace).exclude(pk__in=has_one).exclude(pk__in=frozen)
        made = _make(access.workspace, list(lacking), wanted, medium, label)
        if made:
            _audit(access, "referral.made_for_all", access.workspace.uuid, medium=medium.value, n=len(made))
    return len(made)


def make_batch_codes(
    *, access: Access, action: str, target: UUID, batches: Sequence[tuple[Organisation, str]]
) -> list[ReferralCode]:
    """Make a code of its own for each batch of printed things: an organisation that takes part, and a label
    that it has no open code with for the same action and medium. Not limited in number: paper is ordered by
    coordinators. Raises NotAllowed, and Refused for what is not public in this workspace, or if an
    organisation left or is frozen. In the caller's transaction, if there is one."""
    if not may_make_codes_for_all(access):
        raise NotAllowed
    with transaction.atomic():
        _lock(access.workspace)
        wanted = _wanted(access.workspace, action, target)
        taking_part = participants(access.workspace).exclude(pk__in=frozen_in(access.workspace))
        known = set(taking_part.values_list("pk", flat=True))
        if any(organisation.pk not in known for organisation, _label in batches):
            raise Refused(_("An organisation does not take part now. Look at the list once more."))
        _refuse_same_label(access.workspace, wanted, batches)
        made = _make_labelled(access.workspace, batches, wanted, Medium.BATCH)
        _audit(access, "referral.made_for_batches", access.workspace.uuid, leads_to=str(target), n=len(made))
    return made


def end_referral_code(*, access: Access, code: ReferralCode) -> None:
    """Let a code credit nobody any more. What it is printed on leads on. Raises NotAllowed."""
    if not may_end_code(access, code):
        raise NotAllowed
    with transaction.atomic():
        if ReferralCode.objects.filter(pk=code.pk, ended_at=None).update(ended_at=now()):
            _audit(access, "referral.ended", code.uuid, code=code.code)


def resume_referral_code(*, access: Access, code: ReferralCode) -> None:
    """Let a code that has ended credit its organisation again. Who may end it may do so.

    Raises NotAllowed, and Refused if it has not ended, if its organisation is frozen or takes no part any
    more, if there is an open code for the same or if the organisation has too many.
    """
    if not may_end_code(access, code):
        raise NotAllowed
    with transaction.atomic():
        _lock(code.workspace)
        row = ReferralCode.objects.select_for_update().get(pk=code.pk)
        if row.ended_at is None:
            raise Refused(_("This code has not ended."))
        taking_part = participants(row.workspace).exclude(pk__in=frozen_in(row.workspace))
        if not taking_part.filter(pk=row.organisation_id).exists():
            raise Refused(_("Its organisation does not take part now."))
        same = _open_codes(row.workspace, row.action, row.target, row.medium, row.label)
        other = same.filter(organisation=row.organisation).first()
        if other is not None:
            words = _("There is an open code for the same already: %(code)s. End that one first.")
            raise Refused(words, code=other.code)
        if _has_most(row.workspace, row.organisation):
            raise Refused(_("This organisation has so many codes that some have to end first."))
        row.ended_at = None
        row.save(update_fields=["ended_at"])
        _audit(access, "referral.resumed", row.uuid, code=row.code)


def _lock(workspace: Workspace) -> None:
    """One at a time makes codes in a workspace: pressing twice makes none twice."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)


def _wanted(workspace: Workspace, action: str, target: UUID) -> Target:
    known = targets_in(workspace, get_language() or "")
    found = next((one for one in known if (one.action, one.uuid) == (action, target)), None)
    if found is None:
        raise Refused(_("This is not public any more, so no code can lead to it."))
    return found


def _open_codes(
    workspace: Workspace, action: str, target: UUID, medium: str, label: str
) -> QuerySet[ReferralCode]:
    """Those for the same: an organisation has one at most."""
    open_ones = ReferralCode.objects.filter(workspace=workspace, ended_at=None)
    return open_ones.filter(action=action, target=target, medium=medium, label=label)


def _refuse_same_label(
    workspace: Workspace, wanted: Target, batches: Sequence[tuple[Organisation, str]]
) -> None:
    open_ones = ReferralCode.objects.filter(workspace=workspace, ended_at=None, medium=Medium.BATCH)
    same = open_ones.filter(action=wanted.action, target=wanted.uuid).values_list("organisation", "label")
    pairs = [(organisation.pk, label) for organisation, label in batches]
    if len(set(pairs)) < len(pairs) or set(same).intersection(pairs):
        raise Refused(_("There is an open code with this label already. End that one first."))


def _has_most(workspace: Workspace, organisation: Organisation) -> bool:
    open_ones = ReferralCode.objects.filter(workspace=workspace, organisation=organisation, ended_at=None)
    return open_ones.count() >= MOST_OPEN


def _make(
    workspace: Workspace,
    organisations: Collection[Organisation],
    wanted: Target,
    medium: Medium,
    label: str,
) -> list[ReferralCode]:
    """The rows and their printed codes, in a handful of statements for however many organisations."""
    return _make_labelled(workspace, [(one, label) for one in organisations], wanted, medium)


def _make_labelled(
    workspace: Workspace, wanted_for: Sequence[tuple[Organisation, str]], wanted: Target, medium: Medium
) -> list[ReferralCode]:
    uuids = [uuid7() for _pair in wanted_for]
    printed = make_codes(CODE_KIND, uuids)
    moment = now()
    return ReferralCode.objects.bulk_create(
        ReferralCode(
            uuid=uuid,
            workspace=workspace,
            organisation=organisation,
            action=wanted.action,
            target=wanted.uuid,
            medium=medium,
            label=label,
            code=printed[uuid],
            made_at=moment,
        )
        for uuid, (organisation, label) in zip(uuids, wanted_for, strict=True)
    )


def _audit(access: Access, action: str, target: UUID, **detail: object) -> None:
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="referral_code",
        target=target,
        workspace=access.workspace.uuid,
        **detail,
    )
