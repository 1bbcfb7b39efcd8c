"""Spokespersons: whom a press desk may see, and how much. The only place where they come from."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, may_see_name
from coalition.accounts.queries import active_memberships
from coalition.core.clock import now
from coalition.core.tokens import hash_token
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from events.press.spokespersons.availability import times_taken
from events.press.spokespersons.models import Spokesperson


@dataclass(frozen=True)
class Wanted:
    """Whom somebody looks for; `can_now`: within their hours and not at an event, at this moment."""

    topic: str = ""
    language: str = ""
    region: str = ""
    can_now: bool = False

    @property
    def is_narrow(self) -> bool:
        return bool(self.topic or self.language or self.region or self.can_now)


def spokespersons_in(access: Access) -> QuerySet[Spokesperson]:
    """Those of organisations that take part in the workspace; members as long as they are members there."""
    member = active_memberships().filter(person=OuterRef("person"), organisation=OuterRef("organisation"))
    rows = Spokesperson.objects.filter(workspace=access.workspace, removed_at=None)
    rows = rows.filter(Q(person=None) | Exists(member), organisation__in=participants(access.workspace))
    return rows.select_related("person", "organisation")


def own_spokespersons(access: Access) -> QuerySet[Spokesperson]:
    """Those of the organisation in whose name the person acts, the removed ones too while they can come
    back."""
    rows = Spokesperson.objects.filter(workspace=access.workspace, organisation=access.organisation)
    return rows.select_related("person", "organisation", "workspace")


def knows_who(access: Access, viewer: Viewer, row: Spokesperson) -> bool:
    """Whether the person may know who it is: of their own organisation, or who agreed to be named, as far as
    the name of the organisation may be told."""
    if row.organisation_id == access.organisation.pk:
        return True
    return row.is_named and may_see_name(viewer, row.organisation)


def knows_phone(access: Access, viewer: Viewer, row: Spokesperson) -> bool:
    own = row.organisation_id == access.organisation.pk
    return own or (row.gives_phone and knows_who(access, viewer, row))


def spokespersons_for(access: Access, viewer: Viewer, wanted: Wanted) -> list[Spokesperson]:
    """Who is like that, those whom the person may know first. Of others region and hours tell nothing: they
    are left out where these are asked for. The same number of queries for any number."""
    rows = spokespersons_in(access)
    for name, code in (("topics", wanted.topic), ("languages", wanted.language)):
        if code:
            rows = rows.filter(**{f"{name}__contains": f" {code} "})
    known: list[Spokesperson] = []
    others: list[Spokesperson] = []
    for row in rows:
        (known if knows_who(access, viewer, row) else others).append(row)
    if wanted.region:
        known = [row for row in known if wanted.region in row.regions]
    if wanted.can_now:
        known = _free_now(access.user, known)
    return known if wanted.region or wanted.can_now else [*known, *others]


def _free_now(user: User, rows: Sequence[Spokesperson]) -> list[Spokesperson]:
    moment = now()
    within = [row for row in rows if row.speaks_at(moment)]
    taken = times_taken(user, within, moment, moment)
    return [row for row in within if not taken.get(row.pk)]


def speaking_of(user: object) -> QuerySet[Spokesperson]:
    """For whom, and where, the person is named as spokesperson: whatever seats they hold."""
    if not isinstance(user, User) or not user.is_active:
        return Spokesperson.objects.none()
    member = active_memberships(user).filter(organisation=OuterRef("organisation"))
    rows = Spokesperson.objects.filter(Exists(member), person=user, removed_at=None)
    return rows.select_related("organisation", "workspace", "person")


def speaker_of_token(token: str) -> Spokesperson | None:
    """Whose link it is; None if nobody's."""
    rows = Spokesperson.objects.filter(token_hash=hash_token(token), removed_at=None)
    return rows.select_related("organisation", "workspace", "person").first()
