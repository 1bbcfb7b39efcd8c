"""Querysets of spokespersons, by what a press desk may see of them."""

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
from events.press.spokespersons.availability import busy_times_by_spokesperson
from events.press.spokespersons.models import Spokesperson


@dataclass(frozen=True)
class SpokespersonFilter:
    """Search filters; `can_now`: within their hours and without a conflicting event at this
    moment."""

    topic: str = ""
    language: str = ""
    region: str = ""
    can_now: bool = False

    @property
    def is_narrow(self) -> bool:
        return bool(self.topic or self.language or self.region or self.can_now)


def spokespersons_in(access: Access) -> QuerySet[Spokesperson]:
    """Return spokespersons of the workspace's participating organisations; members only while their
    membership lasts."""
    member = active_memberships().filter(person=OuterRef("person"), organisation=OuterRef("organisation"))
    rows = Spokesperson.objects.filter(workspace=access.workspace, removed_at=None)
    rows = rows.filter(Q(person=None) | Exists(member), organisation__in=participants(access.workspace))
    return rows.select_related("person", "organisation")


def own_spokespersons(access: Access) -> QuerySet[Spokesperson]:
    """Return spokespersons of the acting organisation, including removed ones that can be
    restored."""
    rows = Spokesperson.objects.filter(workspace=access.workspace, organisation=access.organisation)
    return rows.select_related("person", "organisation", "workspace")


def may_see_identity(access: Access, viewer: Viewer, row: Spokesperson) -> bool:
    """Whether the user may know who it is: of their own organisation, or with consent, as far as
    the organisation's name may be disclosed."""
    if row.organisation_id == access.organisation.pk:
        return True
    return row.is_named and may_see_name(viewer, row.organisation)


def may_see_phone(access: Access, viewer: Viewer, row: Spokesperson) -> bool:
    own = row.organisation_id == access.organisation.pk
    return own or (row.gives_phone and may_see_identity(access, viewer, row))


def spokespersons_for(access: Access, viewer: Viewer, wanted: SpokespersonFilter) -> list[Spokesperson]:
    """Return the spokespersons that match, identifiable ones first. Region and hours of the others
    are not disclosed, so filters on them exclude these. A constant number of queries."""
    rows = spokespersons_in(access)
    for name, code in (("topics", wanted.topic), ("languages", wanted.language)):
        if code:
            rows = rows.filter(**{f"{name}__contains": f" {code} "})
    known: list[Spokesperson] = []
    others: list[Spokesperson] = []
    for row in rows:
        (known if may_see_identity(access, viewer, row) else others).append(row)
    if wanted.region:
        known = [row for row in known if wanted.region in row.regions]
    if wanted.can_now:
        known = _free_now(access.user, known)
    return known if wanted.region or wanted.can_now else [*known, *others]


def _free_now(user: User, rows: Sequence[Spokesperson]) -> list[Spokesperson]:
    moment = now()
    within = [row for row in rows if row.speaks_at(moment)]
    taken = busy_times_by_spokesperson(user, within, moment, moment)
    return [row for row in within if not taken.get(row.pk)]


def own_speaking_profiles(user: object) -> QuerySet[Spokesperson]:
    """Return the rows in which the user is a spokesperson, whatever seats they have."""
    if not isinstance(user, User) or not user.is_active:
        return Spokesperson.objects.none()
    member = active_memberships(user).filter(organisation=OuterRef("organisation"))
    rows = Spokesperson.objects.filter(Exists(member), person=user, removed_at=None)
    return rows.select_related("organisation", "workspace", "person")


def spokesperson_of_token(token: str) -> Spokesperson | None:
    """Return the spokesperson of this token, or None."""
    rows = Spokesperson.objects.filter(token_hash=hash_token(token), removed_at=None)
    return rows.select_related("organisation", "workspace", "person").first()
