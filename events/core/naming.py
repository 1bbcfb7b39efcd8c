"""Organisers of an event as one viewer may see them: the planning organisation, then co-hosts."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, ngettext, override

from coalition.accounts.models import Listing, Organisation
from coalition.accounts.naming import (
    OrganisationMark,
    Viewer,
    display_mark_for,
    display_name_for,
    may_see_name,
)
from events.core.enums import Consent
from events.core.models import CoHost, Event


@dataclass(frozen=True)
class Organiser:
    """One organiser. `url`: its public page, if it has one."""

    name: str
    mark: OrganisationMark
    withheld: bool
    url: str
    planning: bool


def hosts_of(event: Event) -> list[Organisation]:
    """Return the planning organisation and its consenting co-hosts. Names only by `naming`."""
    kept: list[CoHost] | None = getattr(event, "consented", None)
    if kept is None:
        kept = list(
            event.co_hosts.filter(state=Consent.CONSENTED).select_related("organisation").order_by("id")
        )
    return [event.organisation, *(one.organisation for one in kept)]


def organisers_for(viewer: Viewer, event: Event, *, language: str | None = None) -> tuple[Organiser, ...]:
    """Return the organisers, the planning one first. Everyone (`PUBLIC`) gets only those that may be
    named: `withheld_count` gives the number of others. Members get pseudonyms for the others."""
    found = []
    for organisation in hosts_of(event):
        told = may_see_name(viewer, organisation)
        if not told and not viewer.signed_in:
            continue
        mark, url = display_mark_for(viewer, organisation, language=language), ""
        if organisation.listing == Listing.PUBLIC and organisation.slug:
            with override(language or get_language()):
                url = reverse("public_organisation", args=[organisation.slug])
        planning = organisation.pk == event.organisation_id
        found.append(Organiser(mark.name, mark, not told, url, planning))
    return tuple(found)


def withheld_count(viewer: Viewer, event: Event) -> int:
    """Return the number of organisers withheld from the viewer."""
    return sum(not may_see_name(viewer, organisation) for organisation in hosts_of(event))


def withheld_words(count: int, *, alone: bool = False, language: str | None = None) -> str:
    """Format the number of organisers not named; "" for none."""
    if not count:
        return ""
    with override(language or get_language()):
        if alone:
            words = ngettext(
                "%(counter)s organisation whose name is withheld for its safety",
                "%(counter)s organisations whose names are withheld for their safety",
                count,
            )
        else:
            words = ngettext(
                "and %(counter)s organisation whose name is withheld for its safety",
                "and %(counter)s organisations whose names are withheld for their safety",
                count,
            )
        return words % {"counter": count}


def names_for(viewer: Viewer, event: Event, *, language: str | None = None) -> tuple[str, ...]:
    """Return the organisers' names as a list for calendars, ending with the count of those not named."""
    names = [
        display_name_for(viewer, one, language=language)
        for one in hosts_of(event)
        if viewer.signed_in or may_see_name(viewer, one)
    ]
    if not viewer.signed_in and (count := withheld_count(viewer, event)):
        names.append(withheld_words(count, alone=not names, language=language))
    return tuple(names)
