"""Rounds: opened, renewed with newer versions, reminded, closed; dates of a draft's phases."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition import live_push
from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import nest_quotes
from coalition.jobs import scheduler
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import seats_in
from documents.approval.actions.decide import lock_open
from documents.approval.actions.inherit import inherit_approvals
from documents.approval.audit import (
    REMINDER_KIND,
    notify_deciders,
    organisations_still_asked,
    record_round_event,
    request_decisions,
)
from documents.approval.models import ApprovalRound, Asked, RoundText, SilenceDeclined
from documents.approval.permissions import check_organisations, check_speaker, group_asked, stricter_listing
from documents.approval.queries.boards import board_of
from documents.approval.queries.rounds import allows_no_objection
from documents.checklist.check import check_texts, require_acknowledged
from documents.drafts import audit as drafts_audit
from documents.drafts.actions.manage import refuse_open_suggestions
from documents.drafts.live.projection import read_live_texts
from documents.drafts.models import ApprovalRule, Draft, DraftText, RoundState, Version, Voice
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.drafts.queries import REMIND_BEFORE, DeadlinePassed
from documents.hooks import HOOKS
from documents.legal_review.actions import reasons_for, require_cleared

MIN_NOTICE = datetime.timedelta(hours=24)


def submit_for_approval(
    *,
    access: Access,
    draft: Draft,
    versions: Collection[Version],
    organisations: Collection[Organisation],
    deadline: datetime.datetime,
    rule: ApprovalRule = ApprovalRule.JOINED,
    voice: Voice = Voice.COALITION,
    speaker: Organisation | None = None,
    message: str = "",
    listings: Mapping[UUID, str] | None = None,
    acknowledged: bool = False,
) -> ApprovalRound:
    """Open a round: these versions, one per language, to these organisations, until the deadline.

    `rule`: when the text may be published and with whose names. `voice`: in whose voice it speaks; `speaker`:
    the organisation of a text in one organisation's voice, which is among those asked. `acknowledged`:
    whether the person looked at the checklist's findings; recorded. `listings`: how an organisation, by its
    UUID, is to be named under this text: stricter than its own listing, never looser. Raises NotAllowed
    without the right; Refused with a reason for a version that no longer matches its text, an organisation
    that cannot be asked, a deadline that has passed, a round that is already open, and where a suggestion is
    open, the checklist has blocking findings or a lawyer has to clear the text; NotAcknowledged for findings
    to look at. Organisations that approved all of this text elsewhere are not asked again.
    """
    texts = _texts_of_versions(draft, versions)
    checked, reasons = check_texts(texts, access.user), reasons_for(texts, versions)
    with transaction.atomic():
        locked = Draft.objects.select_for_update().select_related("workspace").get(pk=draft.pk)
        require_that(may_submit_for_approval(access, locked))
        rounds, moment = locked.rounds.all(), now()
        states = dict(rounds.values_list("number", "state"))
        if RoundState.OPEN in states.values():
            raise Refused(
                _("This text is put to approval already. Put newer versions there, or close that round.")
            )
        check_deadline(deadline)
        check_notice(rule, deadline, moment)
        current = _check_versions(locked, versions)
        require_acknowledged(
            access=access, draft=locked, checked=checked, versions=versions, acknowledged=acknowledged
        )
        require_cleared(current, versions, reasons)
        check_organisations(access, locked, organisations)
        check_speaker(access, voice, speaker, organisations)
        group = group_asked(locked, organisations)
        round_ = ApprovalRound.objects.create(
            draft=locked,
            number=max(states, default=0) + 1,
            deadline=deadline,
            rule=rule,
            voice=voice,
            speaker=speaker,
            message=message.strip(),
            group=group,
            group_name=group.name if group is not None else "",
            opened_by=access.user,
            organisation=access.organisation,
            opened_at=now(),
        )
        round_texts = _add_texts_and_organisations(round_, versions, organisations, listings or {})
        _plan_reminder(round_)
        languages = sorted(version.language for version in versions)
        _record_round(access, round_, "round.opened", "put_to_approval", languages=languages, is_new=True)
        inheriting = inherit_approvals(access=access, round_=round_, texts=round_texts)
        request_decisions(access, round_, organisations, once=f"{round_.uuid}", inheriting=inheriting)
    return round_


def renew_round(
    *,
    access: Access,
    round_: ApprovalRound,
    versions: Collection[Version] = (),
    deadline: datetime.datetime | None = None,
    acknowledged: bool = False,
) -> ApprovalRound:
    """Replace versions of the open round with newer ones, or move its deadline.

    Reopens only the languages whose text changed. Everyone asked is notified of that, and of an
    earlier deadline. Where silence counts, at least a day remains from either; where only those who
    joined by the deadline are named, it must be in the future. Raises NotAllowed, or Refused as
    `submit_for_approval` does and for a language that is not in the round.
    """
    texts = _texts_of_versions(round_.draft, versions)
    checked, reasons = check_texts(texts, access.user), reasons_for(texts, versions)
    with transaction.atomic():
        locked = lock_round_for_coordinator(access, round_)
        moment = now()
        earlier = deadline is not None and deadline < locked.deadline
        if deadline is not None:
            check_deadline(deadline)
            locked.deadline = deadline
            locked.save(update_fields=["deadline"])
            _plan_reminder(locked)
        current = _check_versions(locked.draft, versions) if versions else []
        changed = _replace_versions(locked, versions, moment)
        if changed and locked.rule == ApprovalRule.JOINED:
            check_deadline(locked.deadline)  # nobody could join newer versions after it
        if changed or earlier:
            check_notice(locked.rule, locked.deadline, moment)
        if not changed and deadline is None:
            raise Refused(_("These versions are put already."))
        if changed:
            renewed = [version for version in versions if version.language in changed]
            require_acknowledged(
                access=access,
                draft=locked.draft,
                checked=checked,
                versions=renewed,
                acknowledged=acknowledged,
                whole=False,
            )
            require_cleared(current, renewed, reasons)
        _record_round(access, locked, "round.renewed", "put_again", languages=changed)
        if changed:
            once = ":".join([str(locked.uuid), *(str(version.pk) for version in versions)])
            inheriting = inherit_approvals(access=access, round_=locked)
            request_decisions(
                access,
                locked,
                organisations_still_asked(locked),
                once=once,
                again=True,
                inheriting=inheriting,
            )
        if earlier:
            notify_deciders(  # whether or not they have decided
                locked,
                organisations_still_asked(locked),
                kind="deadline_earlier",
                once=f"{locked.uuid}:{moment.isoformat()}",
                by=access,
                deadline=locked.deadline.isoformat(),
            )
    return locked


def lock_round_for_coordinator(access: Access, round_: ApprovalRound) -> ApprovalRound:
    """Return the open round, locked, for its coordinator. Raises NotAllowed; Refused if closed."""
    draft = Draft.objects.select_for_update().get(pk=round_.draft_id)
    require_that(may_submit_for_approval(access, draft))
    return lock_open(round_)


def _replace_versions(
    round_: ApprovalRound, versions: Collection[Version], moment: datetime.datetime
) -> list[str]:
    if not versions:
        return []
    current = {text.language: text for text in round_.texts.select_related("version")}
    changed = []
    for version in versions:
        text = current.get(version.language)
        if text is None:
            raise Refused(_("A language that was not put at first needs a round of its own."))
        if text.version_id != version.pk:
            text.version, text.put_at = version, moment
            text.save(update_fields=["version", "put_at"])
            changed.append(version.language)
    return sorted(changed)


def _add_texts_and_organisations(
    round_: ApprovalRound,
    versions: Iterable[Version],
    organisations: Iterable[Organisation],
    listings: Mapping[UUID, str],
) -> list[RoundText]:
    texts = RoundText.objects.bulk_create(
        RoundText(round=round_, language=version.language, version=version, put_at=round_.opened_at)
        for version in versions
    )
    declined = set()
    if round_.rule == ApprovalRule.NO_OBJECTION:
        rows = SilenceDeclined.objects.filter(organisation__in=list(organisations))
        declined = set(rows.values_list("organisation", flat=True))
    Asked.objects.bulk_create(
        Asked(
            round=round_,
            organisation=organisation,
            excluded_at=round_.opened_at if organisation.pk in declined else None,
            listing=stricter_listing(organisation, listings),
            asked_at=round_.opened_at,
        )
        for organisation in organisations
    )
    return texts


def _texts_of_versions(draft: Draft, versions: Collection[Version]) -> list[DraftText]:
    """Return the draft's current texts, with which the versions are compared; empty if no version
    is put. Raise Refused if one of them has an open suggestion."""
    texts = read_live_texts(draft) if versions else []
    submitted = {version.text_id for version in versions}
    for text in texts:
        if text.pk in submitted:
            refuse_open_suggestions(text)
    return texts


def check_notice(rule: str, deadline: datetime.datetime, moment: datetime.datetime) -> None:
    """Refuse tacit consent unless the coalition allows it and at least a day remains to object."""
    if rule != ApprovalRule.NO_OBJECTION:
        return
    if not allows_no_objection():
        raise Refused(_("Silence counts for nothing in this coalition. Choose another rule."))
    if deadline < moment + MIN_NOTICE:
        raise DeadlinePassed(_("Where silence counts, there must be a day at least to object."))


def check_deadline(deadline: datetime.datetime) -> None:
    """Raise DeadlinePassed unless the deadline is in the future."""
    if deadline <= now():
        raise DeadlinePassed(_("The deadline has passed already. Choose a moment that is still to come."))


def _check_versions(draft: Draft, versions: Collection[Version]) -> list[DraftText]:
    """Return the draft's texts, without content; the caller holds the lock. Raise Refused unless
    each version is a language of the draft and matches its current text."""
    if not versions:
        raise Refused(_("Choose at least one language to put to approval."))
    if len({version.language for version in versions}) != len(versions):
        raise Refused(_("Choose one version a language."))
    texts = list(DraftText.objects.filter(draft=draft).defer("body", "marked"))
    hashes = {text.pk: text.content_hash for text in texts}
    for version in versions:
        if version.text_id not in hashes:
            raise Refused(_("A version belongs to another text."))
        if hashes[version.text_id] != version.hash:
            raise Refused(
                _("Version %(number)d, “%(name)s”, is not what the text says now. Name a new version first."),
                number=version.number,
                name=nest_quotes(version.name),
            )
    return texts


def _record_round(access: Access, round_: ApprovalRound, action: str, kind: str, **detail: Any) -> None:
    record_round_event(round_, access, action, kind, number=round_.number, **detail)


def reminder_time(deadline: datetime.datetime) -> datetime.datetime:
    """Return a day before the deadline, or the half of the remaining time if that is shorter."""
    moment = now()
    at = deadline - REMIND_BEFORE
    return at if at > moment else moment + (deadline - moment) / 2


def _plan_reminder(round_: ApprovalRound) -> None:
    due_at, payload = reminder_time(round_.deadline), {"deadline": str(round_.deadline)}
    scheduler.schedule(kind=REMINDER_KIND, key=str(round_.uuid), due_at=due_at, payload=payload)


FINAL_TEXT_KIND = "documents.text_final"
PHASES = ("comments_until", "final_from", "joining_until")


def set_phases(*, access: Access, draft: Draft, **dates: datetime.datetime | None) -> Draft:
    """Set the dates of a draft's phases (`PHASES`); None leaves one unset. Raises NotAllowed without the
    right to put to approval; Refused if the dates are not in order."""
    moments = [at for name in PHASES if (at := dates[name]) is not None]
    if moments != sorted(moments):
        raise Refused(_("First comments end, then the text is final, then joining ends: check the dates."))
    with transaction.atomic():
        locked = Draft.objects.select_for_update().select_related("workspace").get(pk=draft.pk)
        require_that(may_submit_for_approval(access, locked))
        for name in PHASES:
            setattr(locked, name, dates[name])
        locked.save(update_fields=PHASES)
        drafts_audit.record_document_audit(
            thing=locked,
            access=access,
            action="draft.phases_set",
            **{name: at.isoformat() if (at := dates[name]) else "" for name in PHASES},
        )
        drafts_audit.record_document_activity(thing=locked, access=access, kind="draft_phases_set")
        scheduler.cancel(kind=FINAL_TEXT_KIND, key=str(locked.uuid))
        if locked.final_from is not None:
            scheduler.schedule(
                kind=FINAL_TEXT_KIND, key=str(locked.uuid), due_at=locked.final_from, payload={}
            )
        _recheck_open_editors(locked)
    return locked


def apply_final_text(key: str, payload: dict[str, Any]) -> None:
    """Run the due job: open editors re-check their rights at once. Idempotent."""
    with transaction.atomic():
        draft = Draft.objects.select_related("workspace").filter(uuid=key).first()
        if draft is not None:
            _recheck_open_editors(draft)


def _recheck_open_editors(draft: Draft) -> None:
    people = {seat.person_id for seat in seats_in(draft.workspace)}
    live_push.recheck_sockets(user_ids=sorted(people), reason="phases")


def remind_deciders(key: str, payload: dict[str, Any]) -> None:
    """Run the due reminder of the round with the UUID `key`, for those who have yet to decide. Idempotent."""
    with transaction.atomic():
        round_ = (
            ApprovalRound.objects.select_related("draft__workspace")
            .filter(uuid=key, state=RoundState.OPEN, draft__workspace__archived_at=None)
            .first()
        )
        if round_ is None or round_.deadline <= now():
            return
        board = board_of(round_, PUBLIC)
        undecided = [
            asked.organisation
            for asked, one in zip(board.asked, board.matrix.data.asked, strict=True)
            if not (one.left or all(cell.is_decided for cell in board.matrix.row(one)))
        ]
        notify_deciders(
            round_,
            undecided,
            kind="approval_reminder",
            once=f"{round_.uuid}:{payload.get('deadline', '')}",
            deadline=round_.deadline.isoformat(),
        )


def close_round(*, access: Access, round_: ApprovalRound) -> ApprovalRound:
    """Close a round, and cancel a scheduled publication: decisions stay on record, and no more can be made.
    Raises NotAllowed without the right, Refused if the round is closed."""
    with transaction.atomic():
        locked = lock_round_for_coordinator(access, round_)
        for follow in HOOKS.round_closing:
            follow(locked)
        locked.state, locked.closed_at = RoundState.CLOSED, now()
        locked.save(update_fields=["state", "closed_at"])
        scheduler.cancel(kind=REMINDER_KIND, key=str(locked.uuid))
        _record_round(access, locked, "round.closed", "round_closed")
    return locked
