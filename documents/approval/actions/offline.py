"""Recording of decisions made outside the member area: by link or by phone.

The caller has locked the round and identified the decider. In every case the organisation's
representatives are notified at once, on every channel, each with a link to object with one click.
"""

import datetime
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import PUBLIC
from coalition.accounts.permissions import represents
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import hash_token
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url
from coalition.workspaces.permissions import NotAllowed
from documents.approval import audit
from documents.approval.actions import decide
from documents.approval.models import Approval, ApprovalRound, ObjectionLink
from documents.approval.queries.boards import board_of
from documents.approval.queries.inherited import approvals_inherited_from, drafts_inheriting_from
from documents.approval.queries.one_time_links import objection_link_of, offline_decisions_for
from documents.approval.queries.rounds import languages_in_round, lock_round
from documents.drafts.access import NoSuchLink
from documents.drafts.audit import OnBehalf
from documents.drafts.models import SHOWN_STATES, DecisionKind, Draft, Way
from documents.drafts.queries import representatives
from documents.publication.actions import remove_name_unchecked
from documents.publication.models import Publication

OBJECTION_LINK_LIFETIME = datetime.timedelta(days=60)
UNPROVED_WAYS = frozenset({Way.LINK, Way.PHONE_LATER})


@dataclass(frozen=True)
class Answer:
    """A decision and its versions (language → hash). `relies`: languages in which it relies on an
    attested translation; only with an approval."""

    decision: DecisionKind
    hashes: Mapping[str, str]
    relies: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


def record_offline_decision(
    *, round_: ApprovalRound, decider: decide.Decider, answer: Answer, by: User | None = None
) -> list[Approval]:
    """Record the answer in the caller's transaction, with the round locked. `by`: who recorded it
    on the decider's behalf, if anyone. Raises Refused as the pages of the member area do."""
    wanted = dict.fromkeys(answer.hashes.items(), answer.decision)
    of_the_whole = answer.decision in {DecisionKind.ABSTAINS, DecisionKind.OBJECTS}
    if not answer.hashes:
        raise Refused(_("Choose at least one language."))
    if answer.decision == DecisionKind.CHANGES_ASKED and not answer.reason.strip():
        raise Refused(_("Say what should be changed: without a reason nobody can act on it."))
    if of_the_whole and set(answer.hashes) != set(languages_in_round(round_)):
        raise Refused(_("Languages were put since you opened this page. Read them, then decide."))
    if answer.decision == DecisionKind.APPROVED and decider.way != Way.PHONE_CALLBACK:
        decide.refuse_late_joining(round_)  # confirmation by call-back of an answer given in time
    if answer.decision == DecisionKind.APPROVED:
        wanted |= dict.fromkeys(answer.relies.items(), DecisionKind.RELIES)
    before = decide.decided_by(round_, decider.organisation)
    _refuse_override_of_own_decision(round_, decider, before)
    approvals = [
        decide.record_decision(
            decider,
            decide.require_version_in_round(round_, *words, as_it_stands=not of_the_whole),
            kind,
            before,
            answer.reason.strip(),
        )
        for words, kind in sorted(wanted.items())
    ]
    board = board_of(round_, PUBLIC)
    if answer.decision == DecisionKind.APPROVED and answer.relies:
        decide.check_reliance(board, decider.organisation, answer.relies)
    action, kind = decide.DECISION_EVENTS[answer.decision]
    recorder = replace(decider, user=by)
    audit.record_round_event(round_, recorder, action, kind, texts=approvals, way=str(decider.way))
    if answer.decision in {DecisionKind.CHANGES_ASKED, DecisionKind.OBJECTS}:
        audit.notify_coordinators(round_, kind=kind, once=str(approvals[0].uuid), by=recorder)
    notify_organisation(round_, decider, approvals, by)
    decide.notify_if_publishable(round_, board)
    return approvals


def notify_organisation(
    round_: ApprovalRound, decider: decide.Decider, approvals: list[Approval], by: User | None
) -> None:
    """Notify every representative: inbox, push, and a mail with a link to object."""
    organisation = decider.organisation
    recipients = {person.pk: person for person in representatives(organisation)}
    if decider.user is not None:  # an alternate reached by phone
        recipients[decider.user.pk] = decider.user
    for person in recipients.values():
        token = secrets.token_urlsafe(32)
        moment = now()
        link = ObjectionLink.objects.create(
            round=round_,
            organisation=organisation,
            person=person,
            token_hash=hash_token(token),
            made_at=moment,
            expires_at=moment + OBJECTION_LINK_LIFETIME,
        )
        audit.notify_about_round(
            round_,
            [person],
            kind="decided_otherwise",
            once=str(link.uuid),
            by=OnBehalf(by, None) if by is not None and by != person else None,
            mailed=True,
            about=str(organisation.uuid),
            way=approvals[0].way,
        )
        outbox.queue_mail(
            key=f"objection:{link.uuid}",
            template="documents/decided_otherwise",
            language=person.language,
            person=person.uuid,
            context={
                "name": person.name,
                "by_phone": approvals[0].way != "link",
                "later": approvals[0].counts_from is not None,
                "button_url": absolute_url(reverse("objection", args=[token])),
            },
        )


def _refuse_override_of_own_decision(
    round_: ApprovalRound, decider: decide.Decider, before: Mapping[int, Approval]
) -> None:
    """Refuse to override the organisation's own decision: only it may, or a call with a code."""
    current = set(round_.texts.values_list("version_id", flat=True))
    decisions = [one for pk, one in before.items() if pk in current]
    # without proof: not over an objection to a recorded decision, or a decision by phone with proof
    unproved = decider.way in UNPROVED_WAYS
    proved = any(one.way in {Way.PHONE_CODE, Way.PHONE_CALLBACK} for one in decisions)
    by_link = any(one.way == Way.LINK for one in decisions)
    own = any(one.way == Way.MEMBERS_AREA and one.objected_at is None for one in decisions)
    reason = None
    if unproved and any(one.objected_at is not None for one in decisions):
        reason = _(
            "This organisation said that it had not agreed to what was recorded on these words. It "
            "decides in the members' area."
        )
    elif unproved and proved:
        reason = _(
            "Somebody who decides for this organisation has done so by phone already. They can change it "
            "in the members' area."
        )
    elif decider.way == Way.PHONE_LATER and by_link:
        reason = _(
            "This organisation decided by a one-time link already. Have the code read back, or let it "
            "decide in the members' area."
        )
    elif own and decider.way != Way.PHONE_CODE:
        reason = _(
            "Somebody who decides for this organisation has done so in the members' area already. They "
            "can change it there."
        )
    if reason is not None:
        raise Refused(reason)


# Before publication the approvals are marked and never count again. After publication, the same
# transaction also removes the name from the public text, and from every other public text that
# inherited them. No reason is required.


def object_by_link(*, token: str) -> ApprovalRound:
    """Object through the link that was sent, with one click. Raises NoSuchLink for a token that is
    not or no longer valid, Refused if no decision made by link or phone exists."""
    with transaction.atomic():
        found = objection_link_of(token)
        if found is None:
            raise NoSuchLink
        _lock_drafts(found.round, found.organisation)
        link = objection_link_of(token)
        if link is None:
            raise NoSuchLink
        _disown_offline_decisions(link.round, link.organisation, link.person)
        # The decision is revoked; the other links about it, to this person or others, are used up too.
        other_links = ObjectionLink.objects.filter(
            round=link.round, organisation=link.organisation, made_at__lte=now(), used_at=None
        )
        other_links.update(used_at=now())
    return link.round


def object_to_decisions(*, round_: ApprovalRound, organisation: Organisation, person: User) -> None:
    """Object in the member area to everything decided by link or phone for the organisation here. Raises
    NotAllowed for anyone who does not represent it, Refused if no such decision exists."""
    with transaction.atomic():
        _lock_drafts(round_, organisation)
        if not represents(person, organisation):
            raise NotAllowed
        _disown_offline_decisions(lock_round(round_), organisation, person)


def _lock_drafts(round_: ApprovalRound, organisation: Organisation) -> None:
    """Lock the draft and those that inherited from it, so that a publication of one of them runs
    entirely before this (its name is then removed) or after (and sees the revocation). A fixed
    order avoids deadlocks between two objections."""
    inheriting = drafts_inheriting_from(round_, organisation)
    drafts = Draft.objects.select_for_update().filter(pk__in=[round_.draft_id, *inheriting])
    list(drafts.order_by("pk").values_list("pk", flat=True))


def _disown_offline_decisions(round_: ApprovalRound, organisation: Organisation, person: User) -> None:
    """Mark the decisions as disowned, remove the name from public texts, notify."""
    ApprovalRound.objects.select_for_update().get(pk=round_.pk)
    approvals = list(offline_decisions_for(round_, organisation).values_list("pk", flat=True))
    if not approvals:
        raise Refused(_("Nothing stands that was decided by link or phone for your organisation."))
    Approval.objects.filter(pk__in=approvals).update(objected_at=now())
    by = OnBehalf(person, organisation, "representative")
    audit.record_round_event(round_, by, "approval.disowned", "decision_disowned", anonymous=True)
    publications = Publication.objects.filter(
        state__in=SHOWN_STATES, names__organisation=organisation, names__taken_off_at=None
    )
    if (public := publications.filter(round=round_).first()) is not None:
        remove_name_unchecked(publication=public, organisation=organisation, person=person)
    else:
        once = ":".join(["disowned", str(round_.pk), str(organisation.pk), *map(str, sorted(approvals))])
        audit.notify_coordinators(round_, kind="decision_disowned", once=once, by=by)
    # Other public texts on which only these decisions put the name. All representatives are notified of
    # which, including the objector, who may not have known of them.
    rounds = set(approvals_inherited_from(approvals).values_list("round", flat=True))
    others = publications.filter(round__in=rounds).select_related("round__draft__workspace").order_by("pk")
    while (public := others.first()) is not None:
        remove_name_unchecked(publication=public, organisation=organisation, person=person)
        audit.notify_about_round(
            public.round,
            representatives(organisation),
            kind="carried_name_off",
            once=f"{public.uuid}:{organisation.uuid}",
            public=public,
            about=str(organisation.uuid),
        )
