"""An organisation leaves the coalition and says of each past text whether its name stays."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from coalition.accounts.domain.leave_coalition import end_organisation
from coalition.accounts.models import Organisation, User
from coalition.accounts.rules import represents
from coalition.workspaces.domain.take_part import end_everywhere
from coalition.workspaces.rules import NotAllowed
from documents.approval import topics as approval_topics
from documents.approval.actions.decide import tell_if_complete
from documents.approval.audit import concern
from documents.approval.models import ApprovalRound
from documents.approval.queries.rounds import approvers_by_organisation, coordinators_for
from documents.drafts.enums import RoundState
from documents.publication.actions.remove_name import take_name_off
from documents.publication.models.publication import Publication
from documents.publication.queries.publications import texts_under_the_name_of


def leave_coalition(
    *, organisation: Organisation, person: User, drop: Collection[Publication] = ()
) -> Organisation:
    """The organisation leaves: nobody acts in its name any more, from this moment on.

    `drop`: past texts from which it takes its name off; under all others it stays, as it approved them.
    In open rounds it is not asked any more, and those who decide there are told. Everything happens in one
    transaction. Raises NotAllowed but for a representative; Refused if it has left,
    and as `take_name_off` does.
    """
    if not represents(person, organisation):
        raise NotAllowed
    with transaction.atomic():
        wanted = {publication.draft_id for publication in drop}
        for name in texts_under_the_name_of(organisation):
            if name.publication.draft_id in wanted:
                take_name_off(publication=name.publication, organisation=organisation, person=person)
        asked = list(_open_rounds(organisation))
        end_everywhere(by=person, organisation=organisation)
        ended = end_organisation(by=person, organisation=organisation)
        for round_ in asked:
            _tell_those_asked(round_, ended)
        return ended


def _open_rounds(organisation: Organisation) -> QuerySet[ApprovalRound]:
    rows = ApprovalRound.objects.filter(state=RoundState.OPEN, asked__organisation=organisation)
    return rows.select_related("draft__workspace")


def _tell_those_asked(round_: ApprovalRound, left: Organisation) -> None:
    """Coordinators, and who decides for the others: whose names stand under it, and whether its rule holds,
    may be another thing now."""
    once = f"{round_.uuid}:{left.uuid}"
    told: dict[str, Any] = {"kind": "asked_left", "once": once, "organisation": left}
    concern(round_, coordinators_for(round_), **told)
    others = round_.asked.filter(organisation__left_at=None).values_list("organisation", flat=True)
    deciding = approvers_by_organisation(others, kind=round_.draft.kind)
    concern(round_, [person for people in deciding.values() for person in people], **told)
    approval_topics.push(round_)
    tell_if_complete(round_)
