"""Rules for how an organisation is named to a viewer; every surface uses them.

| listing | everyone | seat in a workspace it takes part in | coordinator there | its own people |
|---|---|---|---|---|
| public | name | name | name | name |
| name withheld | "name withheld" | name | name | name |
| confidential | "name withheld" (public), pseudonym (members) | pseudonym | name | name |

The workspaces layer, which lies above, registers a function that returns the organisations a person
has met in workspaces.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from django.utils.translation import gettext as _, override

from coalition.accounts.models import Listing, Membership, Organisation, User
from coalition.accounts.queries import active_memberships


@dataclass(frozen=True)
class Acquaintance:
    """Primary keys of organisations that share a workspace with a person, and those they coordinate."""

    seated: frozenset[int] = frozenset()
    coordinated: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Viewer:
    """The viewer. Build once per request with `viewer_for`; `PUBLIC` is everyone."""

    signed_in: bool = False
    own: frozenset[int] = frozenset()
    find_met: Callable[[], Acquaintance] = field(default=Acquaintance, compare=False, repr=False)

    @cached_property
    def met(self) -> Acquaintance:
        """Load on first use: most names are public or of the person's own organisation."""
        return self.find_met()

    def with_met(self, met: Acquaintance) -> "Viewer":
        """Return the viewer for the names of one list whose query found `met` of its organisations too."""
        return replace(self, find_met=lambda: met)


@dataclass(frozen=True)
class OrganisationMark:
    """Content of the organisation's square avatar."""

    initials: str
    hue: int
    withheld: bool
    name: str


PUBLIC = Viewer()

_acquaintance_sources: list[Callable[[User], Acquaintance]] = []


def register_acquaintance(met_by: Callable[[User], Acquaintance]) -> None:
    """Register the function that returns the organisations a person has met in workspaces."""
    _acquaintance_sources[:] = [met_by]


def viewer_for(
    user: object, memberships: Iterable[Membership] | None = None, *, met_later: bool = False
) -> Viewer:
    """Return the viewer of a request's user: two queries, none for anonymous people.

    `memberships`: the person's active memberships, if already loaded. `met_later`: load the met
    organisations with the first name that needs them; never where data change meanwhile.
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
    """Whether the viewer may see the name. `listing`: stricter for one text, never looser."""
    effective = Listing.strictest(organisation.listing, listing or Listing.PUBLIC)
    if effective == Listing.PUBLIC or organisation.pk in viewer.own:
        return True
    if effective == Listing.WITHHELD:
        return organisation.pk in viewer.met.seated
    return organisation.pk in viewer.met.coordinated


def display_name_for(
    viewer: Viewer, organisation: Organisation, *, language: str | None = None, listing: str | None = None
) -> str:
    """Return the name the viewer may see: the true one, a pseudonym (members) or a neutral phrase."""
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
    """Return the organisation's avatar for the viewer. A withheld name has a lock and no colour."""
    name = display_name_for(viewer, organisation, language=language, listing=listing)
    if may_see_name(viewer, organisation, listing):
        return OrganisationMark(organisation.initials, organisation.hue, withheld=False, name=name)
    return OrganisationMark("", 0, withheld=True, name=name)
