"""Approving by phone: a coordinator calls somebody who may decide, and writes down what they said.

It counts at once if the person reads back a code that was sent to them, or if somebody of another
organisation calls back and confirms; otherwise after a day in which nobody of the organisation objected.
Whoever records it never sees the code. In any case everyone who represents the organisation is told, on
every channel, with a link to object.
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
from documents.approval.actions.decide import Decider, decider_of, lock_open, tell_if_complete
from documents.approval.actions.offline import Answer, write_down
from documents.approval.audit import concern, keep
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
from documents.approval.queries.one_time_links import waiting, words_put, words_read_out
from documents.drafts.deciders import APPROVING_ROLES
from documents.drafts.enums import CallOutcome, DecisionKind, RoundState, Rule, Way
from documents.drafts.live.projection import follow_draft
from documents.drafts.permissions import may_put_to_approval, require_that
from documents.drafts.queries import coordinators_of

PHONE_COUNTS = "phone_counts"  # due work: a day without objection has passed
A_DAY = datetime.timedelta(hours=24)
CODE_HOLDS = datetime.timedelta(minutes=10)
MOST_TRIES = 5
MOST_CODES = 6  # to one organisation in an hour


@dataclass(frozen=True)
class Spoken:
    """What was approved in a call: languages that the person reads, and those in which they rely on a
    translation that reviewers answer for."""

    languages: Collection[str]
    relies: Collection[str] = ()


def send_code(
    *, access: Access, round_: ApprovalRound, organisation: Organisation, person: User
) -> PhoneCode:
    """Send six digits to a person who may decide for the organisation, bound to the words put now.

    They go by mail whatever the quiet hours, and a push says that they came; the one before opens nothing
    any more. Raises NotAllowed; Refused for a person who cannot be called, or too many codes in an hour.
    """
    follow_draft(round_.draft)
    with transaction.atomic():
        locked, decider = _begin(access, round_, organisation, person)
        moment = now()
        earlier = PhoneCode.objects.filter(round=locked, organisation=organisation)
        if earlier.filter(sent_at__gt=moment - datetime.timedelta(hours=1)).count() >= MOST_CODES:
            raise Refused(_("So many codes were sent to this organisation within an hour. Wait a while."))
        earlier.filter(used_at=None, expires_at__gt=moment).update(expires_at=moment)
        digits = f"{secrets.randbelow(10**6):06d}"
        code = PhoneCode(round=locked, organisation=organisation, person=person, asked_by=access.user)
        code.words = words_put(locked)
        code.code_hash = _hash_of(code, digits)
        code.sent_at, code.expires_at = moment, moment + CODE_HOLDS
        code.save()
        _mail_code(code, digits)
        _keep(access, locked, decider, "phone.code_sent", "phone_code_sent", code=str(code.uuid))
        concern(
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
    """It says for which words it is, by the beginning of their hashes: a title would tell what is drafted."""
    with override(code.person.language):
        words = words_read_out(code.words)
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
    spoken: Spoken,
    code: str = "",
) -> PhoneCall:
    """Write down that the person approved in a call: with the code they read back it counts at once,
    without one after a day.

    Raises NotAllowed; Refused in words, also for a code that is wrong, used or too old: then nothing is
    recorded, and the try counts.
    """
    follow_draft(round_.draft)
    digits = "".join(one for one in code if one.isdigit())
    if code.strip():
        _try_code(access, round_, organisation, person, digits)
    with transaction.atomic():
        locked, decider = _begin(access, round_, organisation, person)
        moment = now()
        proved = _use_code(locked, organisation, person, digits, moment) if digits else False
        answer = _answer(locked, spoken)
        call = _write_call(access, locked, decider, CallOutcome.APPROVED, spoken=spoken)
        decider = replace(
            decider,
            way=Way.PHONE_CODE if proved else Way.PHONE_LATER,
            counts_from=None if proved else moment + A_DAY,
            recorded_by=access.user,
            call=call,
        )
        approvals = write_down(round_=locked, decider=decider, answer=answer, by=access.user)
        if not proved:
            scheduler.schedule(kind=PHONE_COUNTS, key=str(call.uuid), due_at=moment + A_DAY)
            _ask_to_confirm(access, call, approvals)
    return call


def confirm_call(*, access: Access, call: PhoneCall) -> PhoneCall:
    """Somebody of another organisation called back: what was approved in the call counts at once, as far as
    it stands. What was said in another call, before or after, stays as it is.

    Raises NotAllowed for the organisation itself and the caller's; Refused if there is nothing to confirm
    any more, also after an objection, or the words are others.
    """
    follow_draft(call.round.draft)
    with transaction.atomic():
        locked = lock_open(call.round)
        row = PhoneCall.objects.select_for_update(of=("self",)).get(pk=call.pk)
        row.round = locked
        require_that(may_confirm_call(access, row))
        spoken = what_waits(row)
        if row.confirmed_at is not None or row.person is None or not spoken.languages:
            raise Refused(_("There is nothing to confirm any more."))
        if row.words != words_put(locked):
            raise Refused(_("The words were changed since the call. Call again about the new ones."))
        decider = replace(
            decider_of(locked, row.organisation, row.person),
            way=Way.PHONE_CALLBACK,
            recorded_by=access.user,
            call=row,
        )
        write_down(round_=locked, decider=decider, answer=_answer(locked, spoken), by=access.user)
        row.confirmed_by, row.confirmed_for, row.confirmed_at = access.user, access.organisation, now()
        row.save(update_fields=["confirmed_by", "confirmed_for", "confirmed_at"])
        scheduler.cancel(kind=PHONE_COUNTS, key=str(row.uuid))
        _keep(access, locked, decider, "phone.confirmed", "call_confirmed", call=str(row.uuid))
    return row


def what_waits(call: PhoneCall) -> Spoken:
    """What was approved in this call and neither disowned nor decided anew since."""
    found = dict(waiting().filter(round=call.round, call=call).values_list("language", "decision"))
    return Spoken(
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
    """Write down a call in which nothing was decided: for the call sheet of who leads the round."""
    with transaction.atomic():
        locked, decider = _begin(access, round_, organisation, person)
        outcome = CallOutcome.REACHED if reached else CallOutcome.NOT_REACHED
        return _write_call(access, locked, decider, outcome, note=note)


def a_day_has_passed(key: str, _payload: dict[str, Any]) -> None:
    """Due work: what was approved in the call, or by the link, with the UUID `key` counts from now on, if
    nobody objected."""
    with transaction.atomic():
        call = PhoneCall.objects.select_related("round__draft__workspace").filter(uuid=key).first()
        link = OneTimeLink.objects.select_related("round__draft__workspace").filter(uuid=key).first()
        waited = call or link
        if waited is None or waited.round.state != RoundState.OPEN:
            return
        if call is None or call.confirmed_at is None:
            tell_if_complete(lock_open(waited.round))


def _begin(
    access: Access, round_: ApprovalRound, organisation: Organisation, person: User
) -> tuple[ApprovalRound, Decider]:
    """Lock the round; who leads it, and whom they may call: somebody else, with the office to decide."""
    locked = lock_open(round_)
    require_that(may_put_to_approval(access, locked.draft))
    if person.pk == access.user.pk:
        raise Refused(_("Decide for your own organisation in the members' area."))
    decider = decider_of(locked, organisation, person)
    if decider.capacity not in APPROVING_ROLES:
        raise Refused(_("Only representatives and alternates are called."))
    return locked, decider


def _answer(round_: ApprovalRound, spoken: Spoken) -> Answer:
    words = words_put(round_)
    if not set(spoken.languages) | set(spoken.relies) <= set(words):
        raise Refused(_("Choose at least one of the languages that are put to approval."))
    return Answer(
        decision=DecisionKind.APPROVED,
        hashes={code: words[code] for code in spoken.languages},
        relies={code: words[code] for code in spoken.relies if code not in spoken.languages},
    )


def _hash_of(code: PhoneCode, digits: str) -> str:
    """With the server's key: six digits alone could be guessed from any hash."""
    return salted_hmac(f"phone code {code.uuid}", digits, algorithm="sha256").hexdigest()


def _open_code(round_: ApprovalRound, organisation: Organisation, person: User) -> PhoneCode | None:
    rows = PhoneCode.objects.select_for_update(of=("self",)).filter(
        round=round_, organisation=organisation, person=person, used_at=None, expires_at__gt=now()
    )
    return rows.first()


def _try_code(
    access: Access, round_: ApprovalRound, organisation: Organisation, person: User, digits: str
) -> None:
    """Count the try in a transaction of its own, so that a wrong one stays counted; then refuse it."""
    with transaction.atomic():
        locked, _decider = _begin(access, round_, organisation, person)
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
    """Whether the digits are those of the open code and its words are put now; it is used up then."""
    code = _open_code(round_, organisation, person)
    if code is None or not constant_time_compare(code.code_hash, _hash_of(code, digits)):
        raise Refused(_("No code is open for this person (any more). Send another one."))
    if code.words != words_put(round_):
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
    spoken: Spoken | None = None,
    note: str = "",
) -> PhoneCall:
    words: Mapping[str, str] = words_put(round_) if spoken is not None else {}
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
    _keep(access, round_, decider, "phone.called", "called", call=str(call.uuid), outcome=outcome.value)
    return call


def _ask_to_confirm(access: Access, call: PhoneCall, approvals: list[Approval]) -> None:
    """Coordinators of other organisations can call back, so that it counts at once."""
    concern(
        call.round,
        coordinators_of(call.round.draft),
        kind="call_to_confirm",
        once=str(approvals[0].uuid),
        actor=access.user,
        organisation=access.organisation,
        about=str(call.organisation.uuid),
    )


def _keep(
    access: Access, round_: ApprovalRound, decider: Decider, action: str, kind: str, **detail: Any
) -> None:
    keep(
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
# The secretariat says whom the coalition asks; an organisation says that its silence says nothing.


@dataclass(frozen=True)
class Row:
    """What is said of one kind of text."""

    group: AskingGroup | None
    hours: int
    rule: Rule


def say_whom_to_ask(*, by: User, rows: Mapping[str, Row], allows_no_objection: bool) -> None:
    """Write the whole table. Raises NotAllowed for others than the secretariat; Refused where a row would
    let silence count and the coalition does not."""
    _check(by)
    if not allows_no_objection and any(row.rule == Rule.NO_OBJECTION for row in rows.values()):
        raise Refused(_("Silence counts for nothing here, so no kind of text can have that rule."))
    with transaction.atomic():
        AskingSetting.objects.update_or_create(pk=1, defaults={"allows_no_objection": allows_no_objection})
        for kind, row in rows.items():
            AskingRow.objects.update_or_create(
                kind=kind, defaults={"group": row.group, "hours": row.hours, "rule": row.rule}
            )
        _record(by, "asking.table_changed", by.uuid, allows_no_objection=allows_no_objection)


def keep_group(
    *, by: User, name: str, organisations: Collection[Organisation], group: AskingGroup | None = None
) -> AskingGroup:
    """Make a group of organisations, or change one. Raises NotAllowed, or Refused for a name that is taken
    and for a group without anybody."""
    _check(by)
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
        _record(by, "asking.group_changed", kept.uuid, organisations=chosen)
    return kept


def remove_group(*, by: User, group: AskingGroup) -> None:
    """Kinds of text that asked it ask every organisation of the workspace again."""
    _check(by)
    with transaction.atomic():
        _record(by, "asking.group_removed", group.uuid)
        group.delete()


def decline_silence(*, organisation: Organisation, person: User) -> None:
    """From now on, in open rounds and later ones, the organisation's silence is never counted.

    Raises NotAllowed for everyone but its representatives.
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
            topics.push(asked.round)
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
        organisation=organisation, round__state=RoundState.OPEN, round__rule=Rule.NO_OBJECTION
    ).select_related("round")


def _check(by: User) -> None:
    if not is_secretariat(by):
        raise NotAllowed


def _record(by: User, action: str, target: UUID, **detail: Any) -> None:
    log.record_audit(action, actor=by, role="secretariat", target_kind="asking", target=target, **detail)
