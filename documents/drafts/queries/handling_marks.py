"""Handling mark and list as conditions: who may know of a thing, of those who may see drafts there."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from coalition.accounts.models import User
from coalition.workspaces.models import Seat
from documents.drafts.enums import Handling
from documents.drafts.models.draft import Draft
from documents.files.models import StoredFile

NARROW = [mark for mark in Handling if mark.names_readers]


def marked_for(user: User, model: type[Draft] | type[StoredFile], seats: QuerySet[Seat]) -> Q:
    """Rows of `model` whose mark admits the person; `seats` are those that let them read at all.

    *Named people*: only who is named. *My organisation*: a seat in that workspace on behalf of the thing's
    own organisation. The other marks do not narrow what the workspace's roles give.
    """
    through: Any = model.named_people.through
    named = through.objects.filter(**{model.__name__.lower(): OuterRef("pk")}, user=user)
    own = seats.filter(workspace=OuterRef("workspace"), organisation=OuterRef("organisation"))
    return (
        ~Q(handling__in=NARROW)
        | Q(Exists(named), handling=Handling.NAMED_PEOPLE)
        | Q(Exists(own), handling=Handling.ORGANISATION)
    )


def listed() -> Q:
    """Rows with `round` and `organisation` whose organisation the draft's list admits; none admits all."""
    through = Draft.restricted_to.through.objects
    row = through.filter(draft=OuterRef("round__draft"), organisation=OuterRef("organisation"))
    return Q(round__draft__restricted=False) | Q(Exists(row))


def not_for_fewer_than(draft: Draft) -> Q:
    """Drafts whose words may be read by everyone who reads this one, by mark and by list."""
    order = list(Handling)
    as_open = [mark for mark in order[order.index(Handling(draft.handling)) :] if mark not in NARROW]
    marked = Q(handling__in=as_open)
    if draft.handling == Handling.ORGANISATION:
        marked |= Q(handling=Handling.ORGANISATION, organisation=draft.organisation_id)
    if not draft.restricted:
        return marked & Q(restricted=False)
    listed = Draft.restricted_to.through.objects
    lets_in = Q()
    for organisation in draft.restricted_to.values_list("pk", flat=True):
        lets_in &= Q(Exists(listed.filter(draft=OuterRef("pk"), organisation=organisation)))
    return marked & (Q(restricted=False) | lets_in)
