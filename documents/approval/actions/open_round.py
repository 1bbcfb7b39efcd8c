"""Opening an approval round, replacing its versions with newer ones, closing it."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from coalition import live_push
from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.quotation_marks import nest_quotes
from coalition.jobs import scheduler
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import seats_in
from documents.approval.actions.inherit import inherit_approvals
from documents.approval.audit import notify_deciders, record_round_event
from documents.approval.eligibility import check_organisations, check_speaker, group_asked, stricter_listing
from documents.approval.models import ApprovalRound, Asked, AskingGroup, RoundText
from documents.approval.notifications import (
    notify_earlier_deadline,
    organisations_still_asked,
    request_decisions,
)
from documents.approval.queries.boards import board_of
from documents.approval.queries.rounds import allows_no_objection, organisations_declining_silence
from documents.checklist.actions import require_acknowledged, run_checklist
from documents.drafts import audit as drafts_audit
from documents.drafts.actions.manage import refuse_open_suggestions
from documents.drafts.deciders import REMIND_BEFORE, DeadlinePassed
from documents.drafts.enums import ApprovalRule, RoundState, Voice
from documents.drafts.live.projection import read_live_texts
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.hooks import HOOKS
from documents.legal_review.actions import reasons_for, require_cleared

REMINDER_KIND = "approval_reminder"


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

    `rule`: when the text may be published and with whose names. `voice`: in whose voice it speaks;
    `speaker`: the organisation of a text in one organisation's voice, which is among those asked.
    `acknowledged`: whether the person looked at the checklist's findings; recorded. `listings`: how
    an organisation, by its UUID, is to be named under this text: stricter than its own listing,
    never looser. Raises NotAllowed without the right; Refused with a reason for a version that no
    longer matches its text, an organisation that cannot be asked, a deadline that has passed, a
    round that is already open, and where a suggestion is open, the checklist has blocking findings
    or a lawyer has to clear the text (`clear.py`); NotAcknowledged for findings to look at.
    Organisations that approved all of this text elsewhere are not asked again (`carry_over.py`).
    """
    texts = _texts_of_versions(draft, versions)
    checked, reasons = run_checklist(access=access, texts=texts), reasons_for(texts, versions)
    with transaction.atomic():
        locked = Draft.objects.select_for_update().select_related("workspace").get(pk=draft.pk)
        require_that(may_submit_for_approval(access, locked))
        number = _check_open(locked, rule, deadline)
        stand = _check_versions(locked, versions)
        require_acknowledged(
            access=access, draft=locked, checked=checked, versions=versions, acknowledged=acknowledged
        )
        require_cleared(stand, versions, reasons)
        check_organisations(access, locked, organisations)
        check_speaker(access, voice, speaker, organisations)
        round_ = _create_round(
            access,
            locked,
            number=number,
            deadline=deadline,
            rule=rule,
            voice=voice,
            speaker=speaker,
            message=message.strip(),
            group=group_asked(locked, organisations),
        )
        put = _add_texts_and_organisations(round_, versions, organisations, listings or {})
        _plan_reminder(round_)
        languages = sorted(version.language for version in versions)
        _record_round(access, round_, "round.opened", "put_to_approval", languages=languages, is_new=True)
        spared = inherit_approvals(access=access, round_=round_, texts=put)
        request_decisions(access, round_, organisations, once=f"{round_.uuid}", spared=spared)
    return round_


def _check_open(draft: Draft, rule: str, deadline: datetime.datetime) -> int:
    """Return the number of the round to open. Raise Refused if none may be opened now."""
    known = draft.rounds.aggregate(highest=Max("number"), open=Count("pk", filter=Q(state=RoundState.OPEN)))
    if known["open"]:
        raise Refused(
            _("This text is put to approval already. Put newer versions there, or close that round.")
        )
    moment = now()
    _check_deadline(deadline, moment)
    check_notice(rule, deadline, moment)
    return (known["highest"] or 0) + 1


def _create_round(access: Access, draft: Draft, *, group: AskingGroup | None, **terms: Any) -> ApprovalRound:
    return ApprovalRound.objects.create(
        group=group,
        group_name=group.name if group is not None else "",
        draft=draft,
        opened_by=access.user,
        organisation=access.organisation,
        opened_at=now(),
        **terms,
    )


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
    `put_to_approval` does and for a language that is not in the round.
    """
    texts = _texts_of_versions(round_.draft, versions)
    checked, reasons = run_checklist(access=access, texts=texts), reasons_for(texts, versions)
    with transaction.atomic():
        locked = lock_round_for_coordinator(access, round_)
        moment = now()
        earlier = deadline is not None and deadline < locked.deadline
        if deadline is not None:
            _move_deadline(locked, deadline, moment)
        stand = _check_versions(locked.draft, versions) if versions else []
        changed = _replace_versions(locked, versions, moment)
        if changed and locked.rule == ApprovalRule.JOINED:
            _check_deadline(locked.deadline, moment)  # nobody could join newer versions after it
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
            require_cleared(stand, renewed, reasons)
        _record_round(access, locked, "round.renewed", "put_again", languages=changed)
        if changed:
            put = ":".join([str(locked.uuid), *(str(version.pk) for version in versions)])
            spared = inherit_approvals(access=access, round_=locked)
            request_decisions(
                access, locked, organisations_still_asked(locked), once=put, again=True, spared=spared
            )
        if earlier:
            notify_earlier_deadline(access, locked, moment)
    return locked


def _move_deadline(round_: ApprovalRound, deadline: datetime.datetime, moment: datetime.datetime) -> None:
    _check_deadline(deadline, moment)
    round_.deadline = deadline
    round_.save(update_fields=["deadline"])
    _plan_reminder(round_)


def lock_round_for_coordinator(access: Access, round_: ApprovalRound) -> ApprovalRound:
    """Return the open round, locked, for its coordinator. Raises NotAllowed; Refused if closed."""
    draft = Draft.objects.select_for_update().get(pk=round_.draft_id)
    require_that(may_submit_for_approval(access, draft))
    locked = (
        ApprovalRound.objects.select_for_update(of=("self",))
        .select_related("draft__workspace")
        .get(pk=round_.pk)
    )
    if locked.state != RoundState.OPEN:
        raise Refused(_("This round is closed: nothing can be put or decided in it any more."))
    return locked


def _replace_versions(
    round_: ApprovalRound, versions: Collection[Version], moment: datetime.datetime
) -> list[str]:
    if not versions:
        return []
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
        declined = organisations_declining_silence(list(organisations))
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
    put = {version.text_id for version in versions}
    for text in texts:
        if text.pk in put:
            refuse_open_suggestions(text)
    return texts


def check_notice(rule: str, deadline: datetime.datetime, moment: datetime.datetime) -> None:
    """Refuse a rule by which silence counts, unless the coalition allows it and at least a day
    remains to object."""
    if rule != ApprovalRule.NO_OBJECTION:
        return
    if not allows_no_objection():
        raise Refused(_("Silence counts for nothing in this coalition. Choose another rule."))
    if deadline < moment + MIN_NOTICE:
        raise DeadlinePassed(_("Where silence counts, there must be a day at least to object."))


def _check_deadline(deadline: datetime.datetime, moment: datetime.datetime) -> None:
    if deadline <= moment:
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
    record_round_event(
        round_,
        action=action,
        kind=kind,
        person=access.user,
        organisation=access.organisation,
        role=access.seat.role,
        number=round_.number,
        **detail,
    )


def _plan_reminder(round_: ApprovalRound) -> None:
    """Schedule a reminder a day before the deadline; if that has passed, after half of the
    remaining time."""
    moment = now()
    at = round_.deadline - REMIND_BEFORE
    if at <= moment:
        at = moment + (round_.deadline - moment) / 2
    scheduler.schedule(
        kind=REMINDER_KIND, key=str(round_.uuid), due_at=at, payload={"deadline": str(round_.deadline)}
    )


# --- phases ---
# Phases of a draft: comments, final text, joining.


FINAL_TEXT_KIND = "documents.text_final"


def set_phases(
    *,
    access: Access,
    draft: Draft,
    comments_until: datetime.datetime | None,
    final_from: datetime.datetime | None,
    joining_until: datetime.datetime | None,
) -> Draft:
    """Set the dates of a draft's phases; None leaves a date unset.

    From `final_from` on only coordinators change the text, in open editors too. Raises NotAllowed
    without the right to put to approval; Refused if the dates are not in order.
    """
    said = [moment for moment in (comments_until, final_from, joining_until) if moment is not None]
    if said != sorted(said):
        raise Refused(_("First comments end, then the text is final, then joining ends: check the dates."))
    with transaction.atomic():
        locked = Draft.objects.select_for_update().select_related("workspace").get(pk=draft.pk)
        require_that(may_submit_for_approval(access, locked))
        locked.comments_until, locked.final_from = comments_until, final_from
        locked.joining_until = joining_until
        locked.save(update_fields=["comments_until", "final_from", "joining_until"])
        drafts_audit.record_document_audit(
            thing=locked,
            access=access,
            action="draft.phases_set",
            **{
                name: moment.isoformat() if (moment := getattr(locked, name)) else ""
                for name in ("comments_until", "final_from", "joining_until")
            },
        )
        drafts_audit.record_document_activity(thing=locked, access=access, kind="draft_phases_set")
        scheduler.cancel(kind=FINAL_TEXT_KIND, key=str(locked.uuid))
        if final_from is not None:
            scheduler.schedule(kind=FINAL_TEXT_KIND, key=str(locked.uuid), due_at=final_from, payload={})
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


# --- remind ---
# Reminder for organisations that have not decided, a day before the deadline.


def remind_deciders(key: str, payload: dict[str, Any]) -> None:
    """Run the due reminder of the round with the UUID `key`.

    Recipients are computed now: those who have decided or left get none. Running it twice sends
    once.
    """
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


# --- close round ---
# Closing a round without publishing.


def close_round(*, access: Access, round_: ApprovalRound) -> ApprovalRound:
    """Close a round without publishing: decisions stay on record, and no more can be made.

    Cancels a scheduled publication and notifies those who agreed to the embargo. Raises NotAllowed
    without the right, Refused if the round is closed.
    """
    with transaction.atomic():
        locked = lock_round_for_coordinator(access, round_)
        for follow in HOOKS.round_closing:
            follow(locked)
        locked.state, locked.closed_at = RoundState.CLOSED, now()
        locked.save(update_fields=["state", "closed_at"])
        scheduler.cancel(kind=REMINDER_KIND, key=str(locked.uuid))
        record_round_event(
            locked,
            action="round.closed",
            kind="round_closed",
            person=access.user,
            organisation=access.organisation,
            role=access.seat.role,
            number=locked.number,
        )
    return locked
