"""A representative says that a decision was not their organisation's: it counts no more, from this moment.

Before publication the approvals are marked and never count again. After it, the name also leaves the public
text, in the same transaction; and every other public text into which they were carried over. No reason is
asked.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.rules import represents
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.domain import activity
from coalition.workspaces.rules import NotAllowed
from documents.approval import topics
from documents.approval.audit import concern
from documents.approval.models.objection import ObjectionLink
from documents.approval.models.rounds import Approval, ApprovalRound
from documents.approval.queries.inherited import carried_on, drafts_carrying
from documents.approval.queries.one_time_links import decided_otherwise, objection_link_of
from documents.approval.queries.rounds import coordinators_for, representatives
from documents.drafts.models import Draft
from documents.drafts.queries import limits_of
from documents.guests.actions import NoSuchLink
from documents.publication.actions.remove_name import let_go
from documents.publication.models.publication import Publication
from documents.publication.queries.publications import SHOWN


def object_by_link(*, token: str) -> ApprovalRound:
    """One press on the link that was sent. Raises NoSuchLink for a token that is not good (any more), Refused
    if nothing stands that was decided otherwise."""
    with transaction.atomic():
        found = objection_link_of(token)
        if found is None:
            raise NoSuchLink
        _lock_drafts(found.round, found.organisation)
        link = objection_link_of(token)
        if link is None:
            raise NoSuchLink
        _disown(link.round, link.organisation, link.person)
        # What was decided is off; the other links about it, sent to this person or others, are done too.
        sent = ObjectionLink.objects.filter(
            round=link.round, organisation=link.organisation, made_at__lte=now(), used_at=None
        )
        sent.update(used_at=now())
    return link.round


def object_to_decisions(*, round_: ApprovalRound, organisation: Organisation, person: User) -> None:
    """The same in the members' area: about everything that was decided otherwise for the organisation here.

    Raises NotAllowed for whoever does not represent it, Refused if nothing stands that was decided so.
    """
    with transaction.atomic():
        _lock_drafts(round_, organisation)
        if not represents(person, organisation):
            raise NotAllowed
        rows = ApprovalRound.objects.select_for_update(of=("self",)).select_related("draft__workspace")
        locked = rows.get(pk=round_.pk)
        _disown(locked, organisation, person)


def _lock_drafts(round_: ApprovalRound, organisation: Organisation) -> None:
    """The draft, and those into which something was carried: whoever publishes one of them is before, and the
    name is taken off, or after, and finds that it fell. In one order, for two who object at once."""
    carried = drafts_carrying(round_, organisation)
    drafts = Draft.objects.select_for_update().filter(pk__in=[round_.draft_id, *carried])
    list(drafts.order_by("pk").values_list("pk", flat=True))


def _disown(round_: ApprovalRound, organisation: Organisation, person: User) -> None:
    """Mark what was decided otherwise; take the name off what is public; tell who coordinates."""
    ApprovalRound.objects.select_for_update().get(pk=round_.pk)
    approvals = list(decided_otherwise(round_, organisation).values_list("pk", flat=True))
    if not approvals:
        raise Refused(_("Nothing stands that was decided by link or phone for your organisation."))
    Approval.objects.filter(pk__in=approvals).update(objected_at=now())
    _record(round_, organisation, person)
    public = Publication.objects.filter(
        round=round_, state__in=SHOWN, names__organisation=organisation, names__taken_off_at=None
    ).first()
    if public is not None:
        let_go(publication=public, organisation=organisation, person=person, role="representative")
    else:
        concern(
            round_,
            coordinators_for(round_),
            kind="decision_disowned",
            once=":".join(["disowned", str(round_.pk), str(organisation.pk), *map(str, sorted(approvals))]),
            actor=person,
            organisation=organisation,
        )
    _take_off_carried(approvals, organisation, person)


def _take_off_carried(approvals: Iterable[int], organisation: Organisation, person: User) -> None:
    """Take the name off other public texts under which it stands by nothing else than what was disowned; tell
    all who represent the organisation which they are, also who pressed: they may not have known of them."""
    rounds = set(carried_on(approvals).values_list("round", flat=True))
    under = Publication.objects.filter(
        round__in=rounds, state__in=SHOWN, names__organisation=organisation, names__taken_off_at=None
    )
    while (public := under.select_related("round__draft__workspace").order_by("pk").first()) is not None:
        let_go(publication=public, organisation=organisation, person=person, role="representative")
        concern(
            public.round,
            representatives(organisation),
            kind="carried_name_off",
            once=f"{public.uuid}:{organisation.uuid}",
            public=public,
            about=str(organisation.uuid),
        )


def _record(round_: ApprovalRound, organisation: Organisation, person: User) -> None:
    draft, limits = round_.draft, limits_of(round_.draft)
    log.record(
        "approval.disowned",
        actor=person,
        organisation=organisation.uuid,
        role="representative",
        target_kind="round",
        target=round_.uuid,
        workspace=draft.workspace.uuid,
    )
    activity.note(
        "decision_disowned",
        workspace=draft.workspace,
        actor=None,
        organisation=organisation,
        subject_kind="round",
        subject=round_.uuid,
        restricted_to=limits.organisations,
        named_people=limits.people,
        title=draft.title,
    )
    topics.push(round_)
