"""How an organisation is named, to whom: the one function that every surface asks.

| listing | everyone | seat in a workspace it takes part in | coordinator there | its own people |
|---|---|---|---|---|
| public | name | name | name | name |
| name withheld | "name withheld" | name | name | name |
| confidential | "name withheld" (public), pseudonym (members) | pseudonym | name | name |

Which organisations a person has met in workspaces is asked through a registry that the workspaces
layer fills, since this layer lies below it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial

from django.utils.translation import gettext as _
from django.utils.translation import override

from coalition.accounts.enums import Listing
from coalition.accounts.models import Membership, Organisation, User
from coalition.accounts.queries import active_memberships


@dataclass(frozen=True)
class Acquaintance:
    """Primary keys of organisations a person has met: in any shared workspace, and as its coordinator."""

    seated: frozenset[int] = frozenset()
    coordinated: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Viewer:
    """Who looks. Build once per request with `viewer_for`; `PUBLIC` is everyone."""

    signed_in: bool = False
    own: frozenset[int] = frozenset()
    find_met: Callable[[], Acquaintance] = field(default=Acquaintance, compare=False, repr=False)

    @cached_property
    def met(self) -> Acquaintance:
        """Read once, when a name hangs on it: most names are everybody's or one's own."""
        return self.find_met()


@dataclass(frozen=True)
class OrganisationMark:
    """What the organisation's square shows."""

    initials: str
    hue: int
    withheld: bool
    name: str


PUBLIC = Viewer()

_acquaintance_sources: list[Callable[[User], Acquaintance]] = []


def register_acquaintance(met_by: Callable[[User], Acquaintance]) -> None:
    """Say how the organisations a person has met in workspaces are found."""
    _acquaintance_sources[:] = [met_by]


def viewer_for(
    user: object, memberships: Iterable[Membership] | None = None, *, met_later: bool = False
) -> Viewer:
    """The viewer of a request's user: two queries, none for anonymous people.

    `memberships`: those of the person that count, where they were read already. `met_later`: whom the person
    has met is read when the first name hangs on it; never where something changes meanwhile.
    """
    if not isinstance(user, User) or not user.is_active:
        return PUBLIC
    if memberships is None:
        memberships = active_memberships(user).only("organisation")
    own = frozenset(membership.organisation_id for membership in memberships)
    find_met = partial(_acquaintance_sources[0], user) if _acquaintance_sources else Acquaintance
    if met_later:
        return Viewer(signed_in=True, own=own, find_met=find_met)
    met = find_met()
    return Viewer(signed_in=True, own=own, find_met=lambda: met)


def may_see_name(viewer: Viewer, organisation: Organisation, listing: str | None = None) -> bool:
    """Whether the viewer may be told the name. `listing`: stricter for one text, never looser."""
    effective = Listing.strictest(organisation.listing, listing or Listing.PUBLIC)
    if effective == Listing.PUBLIC or organisation.pk in viewer.own:
        return True
    if effective == Listing.WITHHELD:
        return organisation.pk in viewer.met.seated
    return organisation.pk in viewer.met.coordinated


def display_name_for(
    viewer: Viewer, organisation: Organisation, *, language: str | None = None, listing: str | None = None
) -> str:
    """The name the viewer may read: the true one, a pseudonym for members, or words that tell nothing."""
    if may_see_name(viewer, organisation, listing):
        return organisation.name_in(language)
    if language is None:
        return _withheld_name(viewer, organisation)
    with override(language):
        return _withheld_name(viewer, organisation)


def _withheld_name(viewer: Viewer, organisation: Organisation) -> str:
    if viewer.signed_in:
        return _("Organisation %(code)s (name withheld)") % {"code": organisation.code}
    return _("Organisation whose name is withheld")


def display_mark_for(
    viewer: Viewer, organisation: Organisation, *, language: str | None = None, listing: str | None = None
) -> OrganisationMark:
    """The square of the organisation, as the viewer may see it. A name not told has a lock, no colour."""
    name = display_name_for(viewer, organisation, language=language, listing=listing)
    if may_see_name(viewer, organisation, listing):
        return OrganisationMark(organisation.initials, organisation.hue, withheld=False, name=name)
    return OrganisationMark("", 0, withheld=True, name=name)
