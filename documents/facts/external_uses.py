"""Where facts stand that this layer does not know: pages of the public site, told by a higher layer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from documents.facts.models import Fact


@dataclass(frozen=True)
class Place:
    """A public page that shows a fact, and in which language."""

    title: str
    url: str
    language: str


type PlacesOf = Callable[[Fact], Iterable[Place]]

_places: list[PlacesOf] = []


def register_places(places_of: PlacesOf) -> None:
    """Say on which public pages a fact stands (from `AppConfig.ready()`)."""
    _places[:] = [places_of]


def places_of(fact: Fact) -> list[Place]:
    """The public pages that show the fact, of which everyone may know."""
    return [place for one in _places for place in one(fact)]
