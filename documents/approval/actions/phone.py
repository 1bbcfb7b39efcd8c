"""Approval by phone: a coordinator calls a person who may decide, and records the answer.

It counts at once if the person reads back a code that was sent to them, or if somebody of another
organisation calls back and confirms; otherwise after a day without objection from the organisation.
The recorder never sees the code. In every case all representatives of the organisation are
notified, on every channel, with a link to object.
"""

import datetime
import secrets
from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _, ngettext_lazy, override

from coalition.accounts.models import Organisation, User
from coalition.accounts.permissions import is_secretariat, represents
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.workspaces.permissions import Access, NotAllowed
from documents.approval.actions.decide import Decider, decider_of, lock_open, notify_if_publishable
from documents.approval.actions.offline import Answer, record_offline_decision
from documents.approval.audit import notify_about_round, notify_coordinators, push_round, record_round_event
from documents.approval.models import (
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
    open_codes,
)
from documents.drafts.live.projection import update_draft_texts
from documents.drafts.models import ApprovalRule, CallOutcome, DecisionKind, RoundState, Way
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.drafts.queries import APPROVING_ROLES

PHONE_COUNTS_KIND = "phone_counts"  # due job: a day without objection has passed
UNPROVED_DELAY = datetime.timedelta(hours=24)
CODE_LIFETIME = datetime.timedelta(minutes=10)
MOST_TRIES = 5
MOST_CODES = 6  # to one organisation per hour


def send_code(
    *, access: Access, round_: ApprovalRound, organisation: Organisation, person: User
) -> PhoneCode:
    """Send six digits to a person who may decide for the organisation, bound to the current texts.

    They go by mail regardless of quiet hours, with a push notification; the previous code becomes invalid.
    Raises NotAllowed; Refused for a person who cannot be called, or too many codes in an hour.
    """
    update_draft_texts(round_.draft)
    with transaction.atomic():
        locked, decider = _lock_round_for_call(access, round_, organisation, person)
        moment = now()
        earlier = PhoneCode.objects.filter(round=locked, organisation=organisation)
        if earlier.filter(sent_at__gt=moment - datetime.timedelta(hours=1)).count() >= MOST_CODES:
            raise Refused(_("So many codes were sent to this organisation within an hour. Wait a while."))
        open_codes(locked).filter(organisation=organisation).update(expires_at=moment)
        digits = f"{secrets.randbelow(10**6):06d}"
        code = PhoneCode(round=locked, organisation=organisation, person=person, asked_by=access.user)
        code.words = hashes_in_round(locked)
        code.code_hash = _hash_of(code, digits)
        code.sent_at, code.expires_at = moment, moment + CODE_LIFETIME
        code.save()
        with override(person.language):  # the start of the hashes: a title would disclose what is drafted
            words = hash_prefixes_to_read_out(code.words)
        outbox.queue_mail(
            key=f"phone-code:{code.uuid}",
            template="documents/phone_code",
            language=person.language,
            person=person.uuid,
            context={"name": person.name, "words": words, "code": f"{digits[:3]} {digits[3:]}"},
        )
        _record_call(access, locked, decider, "phone.code_sent", "phone_code_sent", code=str(code.uuid))
        notify_about_round(
            locked,
            [person],
            kind="phone_code_sent",
            once=str(code.uuid),
            by=access,
            mailed=True,
            about=str(organisation.uuid),
        )
    return code


def record_call(
    *,
    access: Access,
    round_: ApprovalRound,
    organisation: Organisation,
    person: User,
    languages: Collection[str],
    relies: Collection[str] = (),
    code: str = "",
) -> PhoneCall:
    """Record that the person approved in a call: with the code they read back it counts at once, without
    one after a day.

    `languages`: those that the person reads; `relies`: those in which they rely on an attested translation.
    Raises NotAllowed; Refused with a reason, also for a code that is wrong, used or expired: then
    only the attempt is recorded.
    """
    update_draft_texts(round_.draft)
    digits = "".join(one for one in code if one.isdigit())
    if code.strip():
        _try_code(access, round_, organisation, person, digits)
    with transaction.atomic():
        locked, decider = _lock_round_for_call(access, round_, organisation, person)
        if digits:
            used = _open_code(locked, organisation, person)
            if used is None or not constant_time_compare(used.code_hash, _hash_of(used, digits)):
                raise Refused(_("No code is open for this person (any more). Send another one."))
            if used.words != hashes_in_round(locked):
                raise Refused(
                    _("The words were changed since the code was sent. Send another code about them.")
                )
            used.used_at = now()
            used.save(update_fields=["used_at"])
        counts_from = None if digits else now() + UNPROVED_DELAY
        answer = _answer_from_call(locked, languages, relies)
        call = _write_call(access, locked, decider, CallOutcome.APPROVED, languages=languages, relies=relies)
        decider = replace(
            decider,
            way=Way.PHONE_CODE if digits else Way.PHONE_LATER,
            counts_from=counts_from,
            recorded_by=access.user,
            call=call,
        )
        approvals = record_offline_decision(round_=locked, decider=decider, answer=answer, by=access.user)
        if counts_from is not None:
            scheduler.schedule(kind=PHONE_COUNTS_KIND, key=str(call.uuid), due_at=counts_from)
            # coordinators of other organisations may call back, so that it counts at once
            once, about = str(approvals[0].uuid), str(organisation.uuid)
            notify_coordinators(locked, kind="call_to_confirm", once=once, by=access, about=about)
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
        languages, relies = remaining_call_approval(row)
        if row.confirmed_at is not None or row.person is None or not languages:
            raise Refused(_("There is nothing to confirm any more."))
        if row.words != hashes_in_round(locked):
            raise Refused(_("The words were changed since the call. Call again about the new ones."))
        decider = replace(
            decider_of(locked, row.organisation, row.person),
            way=Way.PHONE_CALLBACK,
            recorded_by=access.user,
            call=row,
        )
        answer = _answer_from_call(locked, languages, relies)
        record_offline_decision(round_=locked, decider=decider, answer=answer, by=access.user)
        row.confirmed_by, row.confirmed_for, row.confirmed_at = access.user, access.organisation, now()
        row.save(update_fields=["confirmed_by", "confirmed_for", "confirmed_at"])
        scheduler.cancel(kind=PHONE_COUNTS_KIND, key=str(row.uuid))
        _record_call(access, locked, decider, "phone.confirmed", "call_confirmed", call=str(row.uuid))
    return row


def remaining_call_approval(call: PhoneCall) -> tuple[list[str], list[str]]:
    """Return the languages approved and those relied on in this call, if still valid and not confirmed."""
    rows = approvals_awaiting_delay().filter(round=call.round, call=call)
    found = sorted(rows.values_list("language", "decision"))
    return (
        [code for code, kind in found if kind == DecisionKind.APPROVED],
        [code for code, kind in found if kind == DecisionKind.RELIES],
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
    """Run the due job: approvals by the call or link with the UUID `key` count now, unless disowned."""
    with transaction.atomic():
        call = PhoneCall.objects.select_related("round__draft__workspace").filter(uuid=key).first()
        link = OneTimeLink.objects.select_related("round__draft__workspace").filter(uuid=key).first()
        source = call or link
        if source is None or source.round.state != RoundState.OPEN:
            return
        if call is None or call.confirmed_at is None:
            notify_if_publishable(lock_open(source.round))


def _lock_round_for_call(
    access: Access, round_: ApprovalRound, organisation: Organisation, person: User
) -> tuple[ApprovalRound, Decider]:
    """Lock the round; check that the caller leads it and calls another representative or alternate."""
    locked = lock_open(round_)
    require_that(may_submit_for_approval(access, locked.draft))
    if person.pk == access.user.pk:
        raise Refused(_("Decide for your own organisation in the members' area."))
    decider = decider_of(locked, organisation, person)
    if decider.role not in APPROVING_ROLES:
        raise Refused(_("Only representatives and alternates are called."))
    return locked, decider


def _answer_from_call(round_: ApprovalRound, languages: Collection[str], relies: Collection[str]) -> Answer:
    hashes = hashes_in_round(round_)
    if not {*languages, *relies} <= set(hashes):
        raise Refused(_("Choose at least one of the languages that are put to approval."))
    return Answer(
        decision=DecisionKind.APPROVED,
        hashes={code: hashes[code] for code in languages},
        relies={code: hashes[code] for code in relies if code not in languages},
    )


def _hash_of(code: PhoneCode, digits: str) -> str:
    """Return the code's hash, keyed with the server's key: six digits could be guessed from a plain hash."""
    return salted_hmac(f"phone code {code.uuid}", digits, algorithm="sha256").hexdigest()


def _open_code(round_: ApprovalRound, organisation: Organisation, person: User) -> PhoneCode | None:
    rows = open_codes(round_).filter(organisation=organisation, person=person)
    return rows.select_for_update(of=("self",)).first()


def _try_code(
    access: Access, round_: ApprovalRound, organisation: Organisation, person: User, digits: str
) -> None:
    """Count the attempt in a transaction of its own, so that a wrong one stays counted; then refuse it."""
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


def _write_call(
    access: Access,
    round_: ApprovalRound,
    decider: Decider,
    outcome: CallOutcome,
    *,
    languages: Collection[str] = (),
    relies: Collection[str] = (),
    note: str = "",
) -> PhoneCall:
    call = PhoneCall.objects.create(
        round=round_,
        organisation=decider.organisation,
        person=decider.user,
        outcome=outcome,
        note=note.strip()[:300],
        languages=sorted(languages),
        relies=sorted(relies),
        words=hashes_in_round(round_) if outcome == CallOutcome.APPROVED else {},
        caller=access.user,
        caller_for=access.organisation,
        at=now(),
    )
    detail = {"call": str(call.uuid), "outcome": outcome.value}
    _record_call(access, round_, decider, "phone.called", "called", **detail)
    return call


def _record_call(
    access: Access, round_: ApprovalRound, decider: Decider, action: str, kind: str, **detail: Any
) -> None:
    asked = str(decider.organisation.uuid)
    record_round_event(round_, access, action, kind, asked=asked, **detail)


def save_asking_table(*, by: User, rows: Collection[AskingRow], allows_no_objection: bool) -> None:
    """Write these rows of the table, one per kind of text. Raises NotAllowed for anyone but the secretariat;
    Refused for tacit consent where the coalition does not allow it."""
    _require_secretariat(by)
    if not allows_no_objection and any(row.rule == ApprovalRule.NO_OBJECTION for row in rows):
        raise Refused(_("Silence counts for nothing here, so no kind of text can have that rule."))
    with transaction.atomic():
        AskingSetting.objects.update_or_create(pk=1, defaults={"allows_no_objection": allows_no_objection})
        for row in rows:
            AskingRow.objects.update_or_create(
                kind=row.kind, defaults={"group": row.group, "hours": row.hours, "rule": row.rule}
            )
        _audit_asking_table(by, "asking.table_changed", by.uuid, allows_no_objection=allows_no_objection)


def save_asking_group(
    *, by: User, name: str, organisations: Collection[Organisation], group: AskingGroup | None = None
) -> AskingGroup:
    """Create or change a group. Raises NotAllowed; Refused for a name in use or an empty group."""
    _require_secretariat(by)
    name = name.strip()
    if not organisations:
        raise Refused(_("Choose at least one organisation."))
    with transaction.atomic():
        group = group or AskingGroup()
        if AskingGroup.objects.filter(name__iexact=name).exclude(pk=group.pk).exists():
            raise Refused(_("There is a group of this name already."))
        group.name = name
        group.save()
        group.organisations.set(organisations)
        chosen = sorted(str(one.uuid) for one in organisations)
        _audit_asking_table(by, "asking.group_changed", group.uuid, organisations=chosen)
    return group


def delete_asking_group(*, by: User, group: AskingGroup) -> None:
    """Remove a group. Kinds of text that used it ask every organisation of the workspace again."""
    _require_secretariat(by)
    with transaction.atomic():
        _audit_asking_table(by, "asking.group_removed", group.uuid)
        group.delete()


def decline_silence(*, organisation: Organisation, person: User) -> None:
    """Record that the organisation's silence never counts. Raises NotAllowed for all but representatives."""
    if not represents(person, organisation):
        raise NotAllowed
    with transaction.atomic():
        SilenceDeclined.objects.get_or_create(
            organisation=organisation, defaults={"person": person, "at": now()}
        )
        rows = Asked.objects.filter(
            organisation=organisation,
            excluded_at=None,
            round__state=RoundState.OPEN,
            round__rule=ApprovalRule.NO_OBJECTION,
        )
        for asked in rows.select_related("round").select_for_update(of=("self",)):
            asked.excluded_at = now()
            asked.save(update_fields=["excluded_at"])
            push_round(asked.round)
        log.record_audit(
            "asking.silence_declined",
            actor=person,
            organisation=organisation.uuid,
            role="representative",
            target_kind="organisation",
            target=organisation.uuid,
        )


def _require_secretariat(by: User) -> None:
    if not is_secretariat(by):
        raise NotAllowed


def _audit_asking_table(by: User, action: str, target: UUID, **detail: Any) -> None:
    log.record_audit(action, actor=by, role="secretariat", target_kind="asking", target=target, **detail)
