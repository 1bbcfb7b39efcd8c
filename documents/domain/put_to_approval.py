"""Putting named versions to organisations, putting newer ones in their place, closing the round."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from coalition.clock import due
from coalition.clock.now import now
from coalition.partners.enums import Listing, OrganisationKind
from coalition.partners.models import Organisation
from coalition.partners.naming import display_name_for, viewer_for
from coalition.quoting import inside_quotes
from coalition.refused import Refused
from coalition.workspaces.queries import frozen_in, participants
from coalition.workspaces.rules import Access
from documents.domain.round_trail import decide_address, keep, write_to
from documents.enums import RoundState
from documents.models import ApprovalRound, Asked, Draft, DraftText, RoundText, Version
from documents.queries.approvals import approvers_of
from documents.rules import may_put_to_approval, require_that

REMINDER = "approval_reminder"
REMIND_BEFORE = datetime.timedelta(hours=24)


class DeadlinePassed(Refused):
    """The deadline asked for is not to come any more."""


def put_to_approval(
    *,
    access: Access,
    draft: Draft,
    versions: Collection[Version],
    organisations: Collection[Organisation],
    deadline: datetime.datetime,
    message: str = "",
    listings: Mapping[UUID, str] | None = None,
) -> ApprovalRound:
    """Open a round: these versions, one a language, to these organisations, until the deadline.

    `listings`: how an organisation, by its UUID, is to be named under this text: stricter than its own
    listing, never looser. Raises NotAllowed without the right; Refused in words for a version that is
    no longer what its text says, an organisation that cannot be asked, a deadline that has passed, or a
    round that is open already.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update().select_related("workspace").get(pk=draft.pk)
        require_that(may_put_to_approval(access, locked))
        if locked.rounds.filter(state=RoundState.OPEN).exists():
            raise Refused(
                _("This text is put to approval already. Put newer versions there, or close that round.")
            )
        moment = now()
        _check_deadline(deadline, moment)
        _check_versions(locked, versions)
        _check_organisations(access, locked, organisations)
        round_ = ApprovalRound.objects.create(
            draft=locked,
            number=(locked.rounds.aggregate(highest=Max("number"))["highest"] or 0) + 1,
            deadline=deadline,
            message=message.strip(),
            opened_by=access.user,
            organisation=access.organisation,
            opened_at=moment,
        )
        RoundText.objects.bulk_create(
            RoundText(round=round_, language=version.language, version=version, put_at=moment)
            for version in versions
        )
        Asked.objects.bulk_create(
            Asked(
                round=round_,
                organisation=organisation,
                listing=_stricter(organisation, listings or {}),
                asked_at=moment,
            )
            for organisation in organisations
        )
        _plan_reminder(round_)
        _keep(
            access, round_, "round.opened", "put_to_approval", languages=sorted(v.language for v in versions)
        )
        _ask(round_, about=f"{round_.uuid}")
    return round_


def renew(
    *,
    access: Access,
    round_: ApprovalRound,
    versions: Collection[Version] = (),
    deadline: datetime.datetime | None = None,
) -> ApprovalRound:
    """Put newer versions in the place of those put, or move the deadline, within the open round.

    Only the languages whose words changed are open again; everyone who is asked is told. Raises
    NotAllowed, or Refused as `put_to_approval` does and for a language that was not put.
    """
    with transaction.atomic():
        locked = _lock_open(access, round_)
        moment = now()
        if deadline is not None:
            _check_deadline(deadline, moment)
            locked.deadline = deadline
            locked.save(update_fields=["deadline"])
            _plan_reminder(locked)
        changed = _replace(locked, versions, moment) if versions else []
        if not changed and deadline is None:
            raise Refused(_("These versions are put already."))
        _keep(access, locked, "round.renewed", "put_again", languages=changed)
        if changed:
            _ask(locked, about=":".join([str(locked.uuid), *(str(v.pk) for v in versions)]), again=True)
    return locked


def close_round(*, access: Access, round_: ApprovalRound) -> ApprovalRound:
    """Close a round without publishing: what was decided stays on record, nothing more is decided."""
    with transaction.atomic():
        locked = _lock_open(access, round_)
        locked.state, locked.closed_at = RoundState.CLOSED, now()
        locked.save(update_fields=["state", "closed_at"])
        due.cancel(kind=REMINDER, key=str(locked.uuid))
        _keep(access, locked, "round.closed", "round_closed")
    return locked


def _lock_open(access: Access, round_: ApprovalRound) -> ApprovalRound:
    draft = Draft.objects.select_for_update().get(pk=round_.draft_id)
    require_that(may_put_to_approval(access, draft))
    locked = (
        ApprovalRound.objects.select_for_update(of=("self",))
        .select_related("draft__workspace")
        .get(pk=round_.pk)
    )
    if locked.state != RoundState.OPEN:
        raise Refused(_("This round is closed: nothing can be put or decided in it any more."))
    return locked


def _replace(round_: ApprovalRound, versions: Collection[Version], moment: datetime.datetime) -> list[str]:
    _check_versions(round_.draft, versions)
    put = {text.language: text for text in round_.texts.select_related("version")}
    changed = []
    for version in versions:
        text = put.get(version.language)
        if text is None:
            raise Refused(_("A language that was not put at first needs a round of its own."))
        if text.version_id != version.pk:
            text.version, text.put_at = version, moment
            text.save(update_fields=["version", "put_at"])
            changed.append(version.language)
    return sorted(changed)


def _check_deadline(deadline: datetime.datetime, moment: datetime.datetime) -> None:
    if deadline <= moment:
        raise DeadlinePassed(_("The deadline has passed already. Choose a moment that is still to come."))


def _check_versions(draft: Draft, versions: Collection[Version]) -> None:
    """Each is one language of this draft, and says what its text says at this moment."""
    if not versions:
        raise Refused(_("Choose at least one language to put to approval."))
    if len({version.language for version in versions}) != len(versions):
        raise Refused(_("Choose one version a language."))
    hashes = dict(DraftText.objects.filter(draft=draft).values_list("pk", "content_hash"))
    for version in versions:
        if version.text_id not in hashes:
            raise Refused(_("A version belongs to another text."))
        if hashes[version.text_id] != version.hash:
            raise Refused(
                _("Version %(number)d, “%(name)s”, is not what the text says now. Name a new version first."),
                number=version.number,
                name=inside_quotes(version.name),
            )


def _check_organisations(access: Access, draft: Draft, organisations: Collection[Organisation]) -> None:
    if not organisations:
        raise Refused(_("Choose at least one organisation to ask."))
    viewer = viewer_for(access.user)
    there = set(participants(draft.workspace).values_list("pk", flat=True))
    frozen = frozen_in(draft.workspace)
    admitted = set(draft.restricted_to.values_list("pk", flat=True)) if draft.restricted else there
    for organisation in organisations:
        name = display_name_for(viewer, organisation)
        if organisation.kind == OrganisationKind.MEDIA_PARTNER:
            raise Refused(_("Media partners are never asked to approve: %(name)s."), name=name)
        if organisation.pk not in there:
            raise Refused(_("Does not take part in this workspace: %(name)s."), name=name)
        if organisation.pk not in admitted:
            raise Refused(_("The draft is not open to this organisation: %(name)s."), name=name)
        if organisation.pk in frozen:
            raise Refused(
                _("Frozen at the moment, so nobody can answer for it: %(name)s. Ask it after it is thawed."),
                name=name,
            )


def _stricter(organisation: Organisation, listings: Mapping[UUID, str]) -> str:
    wanted = listings.get(organisation.uuid, "")
    if not wanted or wanted == organisation.listing:
        return ""
    if Listing.strictest(organisation.listing, wanted) != wanted:
        raise Refused(_("For one text an organisation can be named less openly than it chose, never more."))
    return wanted


def _keep(access: Access, round_: ApprovalRound, action: str, kind: str, **detail: Any) -> None:
    keep(
        round_,
        action=action,
        kind=kind,
        person=access.user,
        organisation=access.organisation,
        role=access.seat.role,
        number=round_.number,
        **detail,
    )


def _ask(round_: ApprovalRound, *, about: str, again: bool = False) -> None:
    for organisation in _organisations(round_):
        write_to(
            approvers_of(organisation, kind=round_.draft.kind),
            template="approval_again" if again else "approval_asked",
            about=f"{about}",
            address=decide_address(round_),
            deadline=round_.deadline,
        )


def _organisations(round_: ApprovalRound) -> Iterable[Organisation]:
    return [row.organisation for row in round_.asked.select_related("organisation")]


def _plan_reminder(round_: ApprovalRound) -> None:
    """A day before the deadline; if that has passed, half of the time that is left."""
    moment = now()
    at = round_.deadline - REMIND_BEFORE
    if at <= moment:
        at = moment + (round_.deadline - moment) / 2
    due.schedule(kind=REMINDER, key=str(round_.uuid), due_at=at, payload={"deadline": str(round_.deadline)})
