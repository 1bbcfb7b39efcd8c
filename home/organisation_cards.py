"""Cards of organisations that may be named in public."""

from collections.abc import Collection
from typing import Any

from coalition.accounts.models import Organisation, region_names
from coalition.accounts.naming import PUBLIC, display_mark_for
from coalition.accounts.queries import public_organisations


def organisation_card(organisation: Organisation, language: str) -> dict[str, Any]:
    return {
        "mark": display_mark_for(PUBLIC, organisation, language=language),
        "regions": ", ".join(region_names(organisation.regions)),
        "url": f"/{language}/partners/{organisation.slug}/",
        "description": organisation.description_in(language),
    }


def organisation_cards(language: str, chosen: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Return the cards of all, or of those with these UUIDs. One query."""
    return [
        organisation_card(one, language)
        for one in public_organisations()
        if chosen is None or str(one.uuid) in chosen
    ]
