"""Approval by phone: a coordinator calls a person who may decide, and records the answer.

It counts at once if the person reads back a code that was sent to them, or if somebody of another
organisation calls back and confirms; otherwise after a day without objection from the organisation.
The recorder never sees the code. In every case all representatives of the organisation are
notified, on every channel, with a link to object.
"""

import datetime
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, override

from coalition.accounts.models import Organisation, User
from coalition.accounts.permissions import is_secretariat, represents
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.workspaces.permissions import Access, NotAllowed
from documents.approval import topics
from documents.approval.actions.decide import Decider, decider_of, lock_open, notify_if_publishable
from documents.approval.actions.offline import Answer, record_offline_decision
from documents.approval.audit import notify_about_round, record_round_event
from documents.approval.models import (
    Approval,
    ApprovalRound,
    Asked,
    AskingGroup,
    AskingRow,
    AskingSetting,
    OneTimeLink,
    PhoneCall,
    PhoneCode,
    SilenceDeclined,
)
from documents.approval.permissions import may_confirm_call
from documents.approval.queries.one_time_links import (
    approvals_awaiting_delay,
    hash_prefixes_to_read_out,
    hashes_in_round,
)
from documents.drafts.deciders import APPROVING_ROLES
from documents.drafts.enums import ApprovalRule, CallOutcome, DecisionKind, RoundState, Way
from documents.drafts.live.projection import update_draft_texts
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.drafts.queries import coordinators_of

PHONE_COUNTS_KIND = "phone_counts"  # due job: a day without objection has passed
UNPROVED_DELAY = datetime.timedelta(hours=24)
CODE_LIFETIME = datetime.timedelta(minutes=10)
MOST_TRIES = 5
MOST_CODES = 6  # to one organisation per hour


@dataclass(frozen=True)
class PhoneApproval:
    """The approvals given in a call: languages that the person reads, and those in which they rely
    on an attested translation."""

    languages: Collection[str]
    relies: Collection[str] = ()


def send_code(
    *, access: Access, round_: ApprovalRound, organisation: Organisation, person: User
) -> PhoneCode:
    """Send six digits to a person who may decide for the organisation, bound to the current texts.

    They go by mail regardless of quiet hours, with a push notification; the previous code becomes
    invalid. Raises NotAllowed; Refused for a person who cannot be called, or too many codes in an
    hour.
    """
    update_draft_texts(round_.draft)
    with transaction.atomic():
        locked, decider = _lock_round_for_call(access, round_, organisation, person)
        moment = now()
        earlier = PhoneCode.objects.filter(round=locked, organisation=organisation)
        if earlier.filter(sent_at__gt=moment - datetime.timedelta(hours=1)).count() >= MOST_CODES:
            raise Refused(_("So many codes were sent to this organisation within an hour. Wait a while."))
        earlier.filter(used_at=None, expires_at__gt=moment).update(expires_at=moment)
        digits = f"{secrets.randbelow(10**6):06d}"
        code = PhoneCode(round=locked, organisation=organisation, person=person, asked_by=access.user)
        code.words = hashes_in_round(locked)
        code.code_hash = _hash_of(code, digits)
        code.sent_at, code.expires_at = moment, moment + CODE_LIFETIME
        code.save()
        _mail_code(code, digits)
        _record_call(access, locked, decider, "phone.code_sent", "phone_code_sent", code=str(code.uuid))
        notify_about_round(
            locked,
            [person],
            kind="phone_code_sent",
            once=str(code.uuid),
            actor=access.user,
            organisation=access.organisation,
            mailed=True,
            about=str(organisation.uuid),
        )
    return code


def _mail_code(code: PhoneCode, digits: str) -> None:
    """Mail the code. The texts are identified by the start of their hashes: a title would disclose
    what is being drafted."""
    with override(code.person.language):
        words = hash_prefixes_to_read_out(code.words)
    outbox.queue_mail(
        key=f"phone-code:{code.uuid}",
        template="documents/phone_code",
        language=code.person.language,
        person=code.person.uuid,
        context={"name": code.person.name, "words": words, "code": f"{digits[:3]} {digits[3:]}"},
    )


def record_call(
    *,
    access: Access,
    round_: ApprovalRound,
    organisation: Organisation,
    person: User,
    spoken: PhoneApproval,
    code: str = "",
) -> PhoneCall:
    """Record that the person approved in a call: with the code they read back it counts at once,
    without one after a day.

    Raises NotAllowed; Refused with a reason, also for a code that is wrong, used or expired: then
    only the attempt is recorded.
    """
    update_draft_texts(round_.draft)
    digits = "".join(one for one in code if one.isdigit())
    if code.strip():
        _try_code(access, round_, organisation, person, digits)
    with transaction.atomic():
        locked, decider = _lock_round_for_call(access, round_, organisation, person)
        moment = now()
        proved = _use_code(locked, organisation, person, digits, moment) if digits else False
        answer = _answer_from_call(locked, spoken)
        call = _write_call(access, locked, decider, CallOutcome.APPROVED, spoken=spoken)
        decider = replace(
            decider,
            way=Way.PHONE_CODE if proved else Way.PHONE_LATER,
            counts_from=None if proved else moment + UNPROVED_DELAY,
            recorded_by=access.user,
            call=call,
        )
        approvals = record_offline_decision(round_=locked, decider=decider, answer=answer, by=access.user)
        if not proved:
            scheduler.schedule(kind=PHONE_COUNTS_KIND, key=str(call.uuid), due_at=moment + UNPROVED_DELAY)
            _ask_to_confirm(access, call, approvals)
    return call


def confirm_call(*, access: Access, call: PhoneCall) -> PhoneCall:
    """Confirm a call by call-back from another organisation: its approvals that are still valid
    count at once. Other calls, earlier or later, are unaffected.

    Raises NotAllowed for the organisation itself and the caller's; Refused if nothing is left to
    confirm, also after an objection, or if the texts have changed.
    """
    update_draft_texts(call.round.draft)
    with transaction.atomic():
        locked = lock_open(call.round)
        row = PhoneCall.objects.select_for_update(of=("self",)).get(pk=call.pk)
        row.round = locked
        require_that(may_confirm_call(access, row))
        spoken = remaining_call_approval(row)
        if row.confirmed_at is not None or row.person is None or not spoken.languages:
            raise Refused(_("There is nothing to confirm any more."))
        if row.words != hashes_in_round(locked):
            raise Refused(_("The words were changed since the call. Call again about the new ones."))
        decider = replace(
            decider_of(locked, row.organisation, row.person),
            way=Way.PHONE_CALLBACK,
            recorded_by=access.user,
            call=row,
        )
        record_offline_decision(
            round_=locked, decider=decider, answer=_answer_from_call(locked, spoken), by=access.user
        )
        row.confirmed_by, row.confirmed_for, row.confirmed_at = access.user, access.organisation, now()
        row.save(update_fields=["confirmed_by", "confirmed_for", "confirmed_at"])
        scheduler.cancel(kind=PHONE_COUNTS_KIND, key=str(row.uuid))
        _record_call(access, locked, decider, "phone.confirmed", "call_confirmed", call=str(row.uuid))
    return row


def remaining_call_approval(call: PhoneCall) -> PhoneApproval:
    """Return the approvals of this call that were neither disowned nor decided anew since."""
    found = dict(
        approvals_awaiting_delay().filter(round=call.round, call=call).values_list("language", "decision")
    )
    return PhoneApproval(
        languages=sorted(code for code, kind in found.items() if kind == DecisionKind.APPROVED),
        relies=sorted(code for code, kind in found.items() if kind == DecisionKind.RELIES),
    )


def note_call(
    *,
    access: Access,
    round_: ApprovalRound,
    organisation: Organisation,
    person: User,
    reached: bool,
    note: str = "",
) -> PhoneCall:
    """Record a call without a decision, for the coordinator's call sheet."""
    with transaction.atomic():
        locked, decider = _lock_round_for_call(access, round_, organisation, person)
        outcome = CallOutcome.REACHED if reached else CallOutcome.NOT_REACHED
        return _write_call(access, locked, decider, outcome, note=note)


def count_after_delay(key: str, _payload: dict[str, Any]) -> None:
    """Run the due job: approvals of the call or link with the UUID `key` count from now on, unless
    somebody objected."""
    with transaction.atomic():
        call = PhoneCall.objects.select_related("round__draft__workspace").filter(uuid=key).first()
        link = OneTimeLink.objects.select_related("round__draft__workspace").filter(uuid=key).first()
        waited = call or link
        if waited is None or waited.round.state != RoundState.OPEN:
            return
        if call is None or call.confirmed_at is None:
            notify_if_publishable(lock_open(waited.round))


def _lock_round_for_call(
    access: Access, round_: ApprovalRound, organisation: Organisation, person: User
) -> tuple[ApprovalRound, Decider]:
    """Lock the round; check that the caller leads it and calls somebody else, a representative or
    alternate."""
    locked = lock_open(round_)
    require_that(may_submit_for_approval(access, locked.draft))
    if person.pk == access.user.pk:
        raise Refused(_("Decide for your own organisation in the members' area."))
    decider = decider_of(locked, organisation, person)
    if decider.capacity not in APPROVING_ROLES:
        raise Refused(_("Only representatives and alternates are called."))
    return locked, decider


def _answer_from_call(round_: ApprovalRound, spoken: PhoneApproval) -> Answer:
    words = hashes_in_round(round_)
    if not set(spoken.languages) | set(spoken.relies) <= set(words):
        raise Refused(_("Choose at least one of the languages that are put to approval."))
    return Answer(
        decision=DecisionKind.APPROVED,
        hashes={code: words[code] for code in spoken.languages},
        relies={code: words[code] for code in spoken.relies if code not in spoken.languages},
    )


def _hash_of(code: PhoneCode, digits: str) -> str:
    """Return the code's hash, keyed with the server's key: six digits could be guessed from a plain
    hash."""
    return salted_hmac(f"phone code {code.uuid}", digits, algorithm="sha256").hexdigest()


def _open_code(round_: ApprovalRound, organisation: Organisation, person: User) -> PhoneCode | None:
    rows = PhoneCode.objects.select_for_update(of=("self",)).filter(
        round=round_, organisation=organisation, person=person, used_at=None, expires_at__gt=now()
    )
    return rows.first()


def _try_code(
    access: Access, round_: ApprovalRound, organisation: Organisation, person: User, digits: str
) -> None:
    """Count the attempt in a transaction of its own, so that a wrong one stays counted; then refuse
    it."""
    with transaction.atomic():
        locked, _decider = _lock_round_for_call(access, round_, organisation, person)
        code = _open_code(locked, organisation, person)
        right = False
        if code is not None and code.tries < MOST_TRIES:
            code.tries += 1
            code.save(update_fields=["tries"])
            right = constant_time_compare(code.code_hash, _hash_of(code, digits))
    if right:
        return
    left = MOST_TRIES - code.tries if code is not None else 0
    if left <= 0:
        raise Refused(_("No code is open for this person (any more). Send another one."))
    raise Refused(
        ngettext_lazy(
            "This is not the code. %(count)d try is left.",
            "This is not the code. %(count)d tries are left.",
            left,
        ),
        count=left,
    )


def _use_code(
    round_: ApprovalRound,
    organisation: Organisation,
    person: User,
    digits: str,
    moment: datetime.datetime,
) -> bool:
    """Mark the person's open code as used. Raise Refused if the digits do not match, or the texts
    have changed."""
    code = _open_code(round_, organisation, person)
    if code is None or not constant_time_compare(code.code_hash, _hash_of(code, digits)):
        raise Refused(_("No code is open for this person (any more). Send another one."))
    if code.words != hashes_in_round(round_):
        raise Refused(_("The words were changed since the code was sent. Send another code about them."))
    code.used_at = moment
    code.save(update_fields=["used_at"])
    return True


def _write_call(
    access: Access,
    round_: ApprovalRound,
    decider: Decider,
    outcome: CallOutcome,
    *,
    spoken: PhoneApproval | None = None,
    note: str = "",
) -> PhoneCall:
    words: Mapping[str, str] = hashes_in_round(round_) if spoken is not None else {}
    call = PhoneCall.objects.create(
        round=round_,
        organisation=decider.organisation,
        person=decider.person,
        outcome=outcome,
        note=note.strip()[:300],
        languages=sorted(spoken.languages) if spoken else [],
        relies=sorted(spoken.relies) if spoken else [],
        words=dict(words),
        caller=access.user,
        caller_for=access.organisation,
        at=now(),
    )
    _record_call(
        access, round_, decider, "phone.called", "called", call=str(call.uuid), outcome=outcome.value
    )
    return call


def _ask_to_confirm(access: Access, call: PhoneCall, approvals: list[Approval]) -> None:
    """Ask coordinators of other organisations to call back, so that the approval counts at once."""
    notify_about_round(
        call.round,
        coordinators_of(call.round.draft),
        kind="call_to_confirm",
        once=str(approvals[0].uuid),
        actor=access.user,
        organisation=access.organisation,
        about=str(call.organisation.uuid),
    )


def _record_call(
    access: Access, round_: ApprovalRound, decider: Decider, action: str, kind: str, **detail: Any
) -> None:
    record_round_event(
        round_,
        action=action,
        kind=kind,
        person=access.user,
        organisation=access.organisation,
        role=access.role,
        asked=str(decider.organisation.uuid),
        **detail,
    )


# --- approvers ---
# The secretariat's table of organisations to ask; an organisation's refusal of tacit consent.


@dataclass(frozen=True)
class AskingTableRow:
    """The settings of one kind of text."""

    group: AskingGroup | None
    hours: int
    rule: ApprovalRule


def save_asking_table(*, by: User, rows: Mapping[str, AskingTableRow], allows_no_objection: bool) -> None:
    """Write the whole table. Raises NotAllowed for anyone but the secretariat; Refused if a row
    would count silence although the coalition does not allow it."""
    _require_secretariat(by)
    if not allows_no_objection and any(row.rule == ApprovalRule.NO_OBJECTION for row in rows.values()):
        raise Refused(_("Silence counts for nothing here, so no kind of text can have that rule."))
    with transaction.atomic():
        AskingSetting.objects.update_or_create(pk=1, defaults={"allows_no_objection": allows_no_objection})
        for kind, row in rows.items():
            AskingRow.objects.update_or_create(
                kind=kind, defaults={"group": row.group, "hours": row.hours, "rule": row.rule}
            )
        _audit_asking_table(by, "asking.table_changed", by.uuid, allows_no_objection=allows_no_objection)


def save_asking_group(
    *, by: User, name: str, organisations: Collection[Organisation], group: AskingGroup | None = None
) -> AskingGroup:
    """Create or change a group of organisations. Raises NotAllowed, or Refused for a name already
    in use and for an empty group."""
    _require_secretariat(by)
    name = name.strip()
    if not organisations:
        raise Refused(_("Choose at least one organisation."))
    with transaction.atomic():
        taken = AskingGroup.objects.filter(name__iexact=name)
        if (taken.exclude(pk=group.pk) if group else taken).exists():
            raise Refused(_("There is a group of this name already."))
        kept = group or AskingGroup()
        kept.name = name
        kept.save()
        kept.organisations.set(organisations)
        chosen = sorted(str(one.uuid) for one in organisations)
        _audit_asking_table(by, "asking.group_changed", kept.uuid, organisations=chosen)
    return kept


def delete_asking_group(*, by: User, group: AskingGroup) -> None:
    """Remove a group. Kinds of text that used it ask every organisation of the workspace again."""
    _require_secretariat(by)
    with transaction.atomic():
        _audit_asking_table(by, "asking.group_removed", group.uuid)
        group.delete()


def decline_silence(*, organisation: Organisation, person: User) -> None:
    """Record that the organisation's silence never counts, in open and later rounds.

    Raises NotAllowed for anyone but its representatives.
    """
    if not represents(person, organisation):
        raise NotAllowed
    with transaction.atomic():
        SilenceDeclined.objects.get_or_create(
            organisation=organisation, defaults={"person": person, "at": now()}
        )
        rows = _open_rows(organisation).filter(excluded_at=None)
        for asked in rows.select_for_update(of=("self",)):
            asked.excluded_at = now()
            asked.save(update_fields=["excluded_at"])
            topics.push_round(asked.round)
        log.record_audit(
            "asking.silence_declined",
            actor=person,
            organisation=organisation.uuid,
            role="representative",
            target_kind="organisation",
            target=organisation.uuid,
        )


def _open_rows(organisation: Organisation) -> QuerySet[Asked]:
    return Asked.objects.filter(
        organisation=organisation, round__state=RoundState.OPEN, round__rule=ApprovalRule.NO_OBJECTION
    ).select_related("round")


def _require_secretariat(by: User) -> None:
    if not is_secretariat(by):
        raise NotAllowed


def _audit_asking_table(by: User, action: str, target: UUID, **detail: Any) -> None:
    log.record_audit(action, actor=by, role="secretariat", target_kind="asking", target=target, **detail)
