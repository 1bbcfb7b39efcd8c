"""What follows decisions: audit entries, notifications, live topics."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Case, Count, Max, Subquery, Value, When

from coalition import live_push
from coalition.accounts.models import Organisation, User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.crypto import parse_uuid
from coalition.workspaces.actions import activity
from coalition.workspaces.notifications.notify import RecipientGroup, notify
from coalition.workspaces.permissions import Access
from documents.approval.models import Approval, ApprovalRound, Asked, Attestation, Reading, RoundText
from documents.approval.queries.boards import may_object
from documents.approval.queries.rounds import asked_of, open_round_of, rounds_for
from documents.drafts.audit import Acting
from documents.drafts.models import Draft, Version
from documents.drafts.queries import (
    ReaderLimits,
    approvers_by_organisation,
    coordinators_of,
    people_involved_in,
    reader_limits,
)
from documents.legal_review.models import Clearance
from documents.publication.models import Publication

KIND = "round"
REMINDER_KIND = "approval_reminder"  # scheduled work: remind those who have not decided


def push_round(round_: ApprovalRound) -> None:
    """Notify listeners after the commit that the round's matrix has changed."""
    live_push.push_topic(topic=f"{KIND}:{round_.uuid}", last_id=_round_number(round_))


def push_open_round(draft: Draft) -> None:
    """Do the same for the draft's open round, if there is one."""
    round_ = open_round_of(draft)
    if round_ is not None:
        push_round(round_)


def may_subscribe_to_round(user_id: int, identity: str) -> bool:
    """Whether the person may read the draft or decide on it for an organisation asked, now."""
    return _readable_round(user_id, identity) is not None


def round_event_id(user_id: int, identity: str) -> int:
    """Return a number that changes whenever the matrix changes."""
    round_ = _readable_round(user_id, identity)
    return _round_number(round_) if round_ is not None else 0


def _round_number(round_: ApprovalRound) -> int:
    """Return a number that changes with the matrix; one query."""
    put_at = RoundText.objects.filter(round=round_.pk).values("round").annotate(found=Max("put_at"))
    counted = [
        Approval.objects.filter(round=round_.pk)
        .values("round")
        .annotate(found=Max("pk") + Count("superseded_at") + Count("objected_at")),
        Asked.objects.filter(round=round_.pk)
        .values("round")
        .annotate(found=Count("excluded_at") + Count("organisation__left_at")),
        Reading.objects.filter(round=round_.pk).values("round").annotate(found=Max("pk")),
        Attestation.objects.filter(translation__text__draft=round_.draft_id)
        .values("translation__text__draft")
        .annotate(found=Max("pk") + Count("taken_back_at")),
        Clearance.objects.filter(text__draft=round_.draft_id).values("text__draft").annotate(found=Max("pk")),
    ]
    rows = [Subquery(one.order_by().values("found")) for one in (put_at, *counted)]
    moment, *numbers = ApprovalRound.objects.filter(pk=round_.pk).values_list(*rows).get()
    return (int(moment.timestamp()) if moment else 0) + sum(number or 0 for number in numbers)


def _readable_round(user_id: int, identity: str) -> ApprovalRound | None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    uuid = parse_uuid(identity)
    if uuid is None:
        return None
    asked = asked_of(user).filter(round__uuid=uuid).first()
    return asked.round if asked is not None else rounds_for(user).filter(uuid=uuid).first()


def record_round_event(
    round_: ApprovalRound,
    by: Acting,
    action: str,
    kind: str,
    *,
    texts: Sequence[Approval | Version] = (),
    public: Publication | None = None,
    title: str = "",
    is_new: bool = False,
    anonymous: bool = False,
    **detail: Any,
) -> None:
    """Write the audit entry `action` and the activity `kind`, in the caller's transaction.

    `texts`: their languages and hashes are stored in the detail. `public`: a text that became public, or
    no longer is; everyone in the workspace is notified, with its public title. Everything else goes to
    those who may read the draft, with its working title. `title`: the public one, if already known; else
    it is read. `is_new`: the round was just opened, so nobody has its page open. `anonymous`: only the
    audit entry names the person.
    """
    if texts:
        detail |= {"languages": [one.language for one in texts], "hashes": [one.hash for one in texts]}
    draft, organisation = round_.draft, by.organisation
    limits = reader_limits(draft) if public is None else ReaderLimits()
    log.record_audit(
        action,
        actor=by.user,
        organisation=organisation.uuid if organisation else None,
        role=by.role,
        target_kind="round",
        target=round_.uuid,
        workspace=draft.workspace.uuid,
        **detail,
    )
    activity.record_activity(
        kind,
        workspace=draft.workspace,
        actor=None if anonymous else by.user,
        organisation=organisation,
        subject_kind="publication" if public else "round",
        subject=public.uuid if public else round_.uuid,
        needs_drafts=public is None,
        restricted_to=limits.organisations,
        named_people=limits.people,
        title=(title or public.title) if public else draft.title,
        **detail,
    )
    if not is_new:
        push_round(round_)


def notify_about_round(
    round_: ApprovalRound,
    people: Iterable[User],
    *,
    kind: str,
    once: str,
    by: Acting | None = None,
    public: Publication | None = None,
    **detail: Any,
) -> None:
    """Notify these people of a round or its publication, with or without a seat; once for each `once`."""
    group = RecipientGroup(list(people), f"{kind}:{once}"[:160], detail)
    _notify_person_groups(round_, [group], kind, by, public)


def notify_coordinators(
    round_: ApprovalRound, *, kind: str, once: str, by: Acting | None = None, **detail: Any
) -> None:
    """Notify the coordinators of the draft; else as `notify_about_round`."""
    people = coordinators_of(round_.draft)
    notify_about_round(round_, people, kind=kind, once=once, by=by, **detail)


def notify_deciders(
    round_: ApprovalRound,
    about: Iterable[Organisation],
    *,
    kind: str,
    once: str,
    by: Acting | None = None,
    public: Publication | None = None,
    **detail: Any,
) -> list[User]:
    """Notify everyone who may decide for one of the organisations `about` it, else as
    `notify_about_round`; a constant number of queries. Returns those people."""
    organisations = {one.pk: one for one in about}
    deciders = approvers_by_organisation(organisations, kind=round_.draft.kind)
    groups = [
        RecipientGroup(deciders[pk], f"{kind}:{pk}:{once}"[:160], {**detail, "about": str(one.uuid)})
        for pk, one in organisations.items()
    ]
    _notify_person_groups(round_, groups, kind, by, public)
    return [person for group in groups for person in group.people]


def _notify_person_groups(
    round_: ApprovalRound,
    groups: Sequence[RecipientGroup],
    kind: str,
    by: Acting | None,
    public: Publication | None,
) -> None:
    notified = notify(
        groups=groups,
        kind=kind,
        workspace=round_.draft.workspace,
        actor=by.user if by else None,
        organisation=by.organisation if by else None,
        subject_kind="publication" if public else "round",
        subject=public.uuid if public else round_.uuid,
        needs_drafts=False,
    )
    for person in {row.person_id for row in notified}:
        live_push.push_counter(user_id=person, what="waiting")


URGENT_WITHIN = datetime.timedelta(hours=12)


def request_decisions(
    access: Access,
    round_: ApprovalRound,
    organisations: Iterable[Organisation],
    *,
    once: str,
    inheriting: Collection[int],
    again: bool = False,
) -> None:
    """Notify those who may decide for the organisations asked, and the text's authors. Organisations
    `inheriting` approvals (primary keys) are notified of those instead."""
    kind = "approval_again" if again else "approval_asked"
    if round_.deadline - now() <= URGENT_WITHIN:
        kind = "approval_again_urgent" if again else "approval_urgent"
    people = notify_deciders(
        round_,
        [one for one in organisations if one.pk not in inheriting],
        kind=kind,
        once=once,
        by=access,
        deadline=round_.deadline.isoformat(),
    )
    # the notice period begins for those that can object; silence of others does not count
    round_.asked.update(told_at=Case(When(may_object(), then=Value(now()))))
    if not again:
        deciders = {person.pk for person in people}
        notify_about_round(
            round_,
            [person for person in people_involved_in(round_.draft) if person.pk not in deciders],
            kind="put_to_approval",
            once=once,
            by=access,
        )


def organisations_still_asked(round_: ApprovalRound) -> list[Organisation]:
    """Return the organisations asked in the round that have not left the coalition since."""
    rows = round_.asked.filter(organisation__left_at=None)
    return [row.organisation for row in rows.select_related("organisation")]
