"""Putting named versions to organisations, putting newer ones in their place, closing the round."""

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
from documents.approval.actions.inherit import carry_over
from documents.approval.audit import concern_deciders, keep
from documents.approval.eligibility import check_organisations, check_speaker, group_asked, stricter
from documents.approval.models import ApprovalRound, Asked, AskingGroup, RoundText
from documents.approval.notifications import ask, asked_still, tell_earlier
from documents.approval.queries.boards import board_of
from documents.approval.queries.rounds import allows_no_objection, whose_silence_says_nothing
from documents.checklist.actions import look_through, settle_list
from documents.drafts import audit
from documents.drafts.actions.manage import refuse_open_suggestions
from documents.drafts.deadlines import REMIND_BEFORE, DeadlinePassed
from documents.drafts.enums import RoundState, Rule, Voice
from documents.drafts.live.projection import texts_as_live
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.permissions import may_put_to_approval, require_that
from documents.legal_review.actions import reasons_for, require_cleared

REMINDER = "approval_reminder"


NOTICE = datetime.timedelta(hours=24)


def put_to_approval(
    *,
    access: Access,
    draft: Draft,
    versions: Collection[Version],
    organisations: Collection[Organisation],
    deadline: datetime.datetime,
    rule: Rule = Rule.JOINED,
    voice: Voice = Voice.COALITION,
    speaker: Organisation | None = None,
    message: str = "",
    listings: Mapping[UUID, str] | None = None,
    acknowledged: bool = False,
) -> ApprovalRound:
    """Open a round: these versions, one a language, to these organisations, until the deadline.

    `rule`: when the text may be published and with whose names; `voice`: in whose it speaks, and the
    `speaker` of a text in one organisation's voice, which is among those asked.
    `acknowledged`: whether the person looked at what the checklist found to look at; it is written down.
    `listings`: how an organisation, by its UUID, is to be named under this text: stricter than its own
    listing, never looser. Raises NotAllowed without the right; Refused in words for a version that is
    no longer what its text says, an organisation that cannot be asked, a deadline that has passed, a round
    that is open already, and where a suggestion is open, the checklist says what has to be done first or a
    lawyer has to clear the words (`clear.py`); NotAcknowledged for what was to be looked at. Who approved all
    of these words elsewhere is not asked again (`carry_over.py`).
    """
    texts = _texts_as_put(draft, versions)
    checked, reasons = look_through(access=access, texts=texts), reasons_for(texts, versions)
    with transaction.atomic():
        locked = Draft.objects.select_for_update().select_related("workspace").get(pk=draft.pk)
        require_that(may_put_to_approval(access, locked))
        number = _check_open(locked, rule, deadline)
        stand = _check_versions(locked, versions)
        settle_list(
            access=access, draft=locked, checked=checked, versions=versions, acknowledged=acknowledged
        )
        require_cleared(stand, versions, reasons)
        check_organisations(access, locked, organisations)
        check_speaker(access, voice, speaker, organisations)
        round_ = _open(
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
        put = _put_to(round_, versions, organisations, listings or {})
        _plan_reminder(round_)
        languages = sorted(version.language for version in versions)
        _keep(access, round_, "round.opened", "put_to_approval", languages=languages, is_new=True)
        spared = carry_over(access=access, round_=round_, texts=put)
        ask(access, round_, organisations, once=f"{round_.uuid}", spared=spared)
    return round_


def _check_open(draft: Draft, rule: str, deadline: datetime.datetime) -> int:
    """Return the number of the round that may be opened now. Raise Refused if it may not."""
    known = draft.rounds.aggregate(highest=Max("number"), open=Count("pk", filter=Q(state=RoundState.OPEN)))
    if known["open"]:
        raise Refused(
            _("This text is put to approval already. Put newer versions there, or close that round.")
        )
    moment = now()
    _check_deadline(deadline, moment)
    check_notice(rule, deadline, moment)
    return (known["highest"] or 0) + 1


def _open(access: Access, draft: Draft, *, group: AskingGroup | None, **terms: Any) -> ApprovalRound:
    return ApprovalRound.objects.create(
        group=group,
        group_name=group.name if group is not None else "",
        draft=draft,
        opened_by=access.user,
        organisation=access.organisation,
        opened_at=now(),
        **terms,
    )


def renew(
    *,
    access: Access,
    round_: ApprovalRound,
    versions: Collection[Version] = (),
    deadline: datetime.datetime | None = None,
    acknowledged: bool = False,
) -> ApprovalRound:
    """Put newer versions in the place of those put, or move the deadline, within the open round.

    Only the languages whose words changed are open again; everyone who is asked is told of that, and of a
    deadline that comes earlier. Where silence counts, there is a day at least from either; where those are
    named who joined by the deadline, it is still to come. Raises
    NotAllowed, or Refused as `put_to_approval` does and for a language that was not put.
    """
    texts = _texts_as_put(round_.draft, versions)
    checked, reasons = look_through(access=access, texts=texts), reasons_for(texts, versions)
    with transaction.atomic():
        locked = lock_led(access, round_)
        moment = now()
        earlier = deadline is not None and deadline < locked.deadline
        if deadline is not None:
            _move(locked, deadline, moment)
        stand = _check_versions(locked.draft, versions) if versions else []
        changed = _replace(locked, versions, moment)
        if changed and locked.rule == Rule.JOINED:
            _check_deadline(locked.deadline, moment)  # nobody could join what is put after it
        if changed or earlier:
            check_notice(locked.rule, locked.deadline, moment)
        if not changed and deadline is None:
            raise Refused(_("These versions are put already."))
        if changed:
            renewed = [version for version in versions if version.language in changed]
            settle_list(
                access=access,
                draft=locked.draft,
                checked=checked,
                versions=renewed,
                acknowledged=acknowledged,
                whole=False,
            )
            require_cleared(stand, renewed, reasons)
        _keep(access, locked, "round.renewed", "put_again", languages=changed)
        if changed:
            put = ":".join([str(locked.uuid), *(str(version.pk) for version in versions)])
            spared = carry_over(access=access, round_=locked)
            ask(access, locked, asked_still(locked), once=put, again=True, spared=spared)
        if earlier:
            tell_earlier(access, locked, moment)
    return locked


def _move(round_: ApprovalRound, deadline: datetime.datetime, moment: datetime.datetime) -> None:
    _check_deadline(deadline, moment)
    round_.deadline = deadline
    round_.save(update_fields=["deadline"])
    _plan_reminder(round_)


def lock_led(access: Access, round_: ApprovalRound) -> ApprovalRound:
    """The open round, locked, for who leads it. Raises NotAllowed; Refused if it is closed."""
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


def _put_to(
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
    if round_.rule == Rule.NO_OBJECTION:
        declined = whose_silence_says_nothing(list(organisations))
    Asked.objects.bulk_create(
        Asked(
            round=round_,
            organisation=organisation,
            excluded_at=round_.opened_at if organisation.pk in declined else None,
            listing=stricter(organisation, listings),
            asked_at=round_.opened_at,
        )
        for organisation in organisations
    )
    return texts


def _texts_as_put(draft: Draft, versions: Collection[Version]) -> list[DraftText]:
    """Return the draft's texts, which the versions are compared with, as they are at this moment; none where
    no version is put. Raise Refused if a suggestion is open in one of these."""
    texts = texts_as_live(draft) if versions else []
    put = {version.text_id for version in versions}
    for text in texts:
        if text.pk in put:
            refuse_open_suggestions(text)
    return texts


def check_notice(rule: str, deadline: datetime.datetime, moment: datetime.datetime) -> None:
    """Where silence counts, the coalition allows that, and there is a day at least to object."""
    if rule != Rule.NO_OBJECTION:
        return
    if not allows_no_objection():
        raise Refused(_("Silence counts for nothing in this coalition. Choose another rule."))
    if deadline < moment + NOTICE:
        raise DeadlinePassed(_("Where silence counts, there must be a day at least to object."))


def _check_deadline(deadline: datetime.datetime, moment: datetime.datetime) -> None:
    if deadline <= moment:
        raise DeadlinePassed(_("The deadline has passed already. Choose a moment that is still to come."))


def _check_versions(draft: Draft, versions: Collection[Version]) -> list[DraftText]:
    """Return the texts of the draft, which the caller holds, without their words. Raise Refused unless each
    version is one language of it and says what its text says at this moment."""
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


def _plan_reminder(round_: ApprovalRound) -> None:
    """A day before the deadline; if that has passed, half of the time that is left."""
    moment = now()
    at = round_.deadline - REMIND_BEFORE
    if at <= moment:
        at = moment + (round_.deadline - moment) / 2
    scheduler.schedule(
        kind=REMINDER, key=str(round_.uuid), due_at=at, payload={"deadline": str(round_.deadline)}
    )


# --- phases ---
# When a text is commented on, when its words are final, until when organisations join.


FINAL = "documents.text_final"


def set_phases(
    *,
    access: Access,
    draft: Draft,
    comments_until: datetime.datetime | None,
    final_from: datetime.datetime | None,
    joining_until: datetime.datetime | None,
) -> Draft:
    """Say the dates of a draft; None for one that is not said.

    From `final_from` on only coordinators change its words, in open editors too. Raises NotAllowed without
    the right to put; Refused if the dates are not in their order.
    """
    said = [moment for moment in (comments_until, final_from, joining_until) if moment is not None]
    if said != sorted(said):
        raise Refused(_("First comments end, then the text is final, then joining ends: check the dates."))
    with transaction.atomic():
        locked = Draft.objects.select_for_update().select_related("workspace").get(pk=draft.pk)
        require_that(may_put_to_approval(access, locked))
        locked.comments_until, locked.final_from = comments_until, final_from
        locked.joining_until = joining_until
        locked.save(update_fields=["comments_until", "final_from", "joining_until"])
        audit.record(
            thing=locked,
            access=access,
            action="draft.phases_set",
            **{
                name: moment.isoformat() if (moment := getattr(locked, name)) else ""
                for name in ("comments_until", "final_from", "joining_until")
            },
        )
        audit.tell(thing=locked, access=access, kind="draft_phases_set")
        scheduler.cancel(kind=FINAL, key=str(locked.uuid))
        if final_from is not None:
            scheduler.schedule(kind=FINAL, key=str(locked.uuid), due_at=final_from, payload={})
        _look_again(locked)
    return locked


def became_final(key: str, payload: dict[str, Any]) -> None:
    """At the moment: open editors look at once what they may still do. Running it twice does no harm."""
    with transaction.atomic():
        draft = Draft.objects.select_related("workspace").filter(uuid=key).first()
        if draft is not None:
            _look_again(draft)


def _look_again(draft: Draft) -> None:
    people = {seat.person_id for seat in seats_in(draft.workspace)}
    live_push.recheck_sockets(user_ids=sorted(people), reason="phases")


# --- remind ---
# Reminding those who have not decided, a day before the deadline.


def remind(key: str, payload: dict[str, Any]) -> None:
    """Run the due reminder of the round with the UUID `key`.

    Whom it reaches is found now: who decided meanwhile, or left, gets none. Running it twice sends once.
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
        concern_deciders(
            round_,
            undecided,
            kind="approval_reminder",
            once=f"{round_.uuid}:{payload.get('deadline', '')}",
            deadline=round_.deadline.isoformat(),
        )
