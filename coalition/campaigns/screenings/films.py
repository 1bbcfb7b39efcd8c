"""Films that can be screened. Their pages belong to a higher layer, which registers them.

A film is named by the translation key of its page; each language has a page, and perhaps a video, of its own.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from coalition.consent.enums import Place
from coalition.consent.gate import ConsentGate
from coalition.consent.items import describe_items
from coalition.consent.shared_gates import gate_for
from coalition.consent.site import VIDEO, hidden_pages


@dataclass(frozen=True, kw_only=True)
class Film:
    """The live page of a film in one language. `video`: key of its video; `age`: its age mark, such as "16+";
    `workspace`: primary key of the one that gets requests, None while nobody can ask."""

    key: UUID
    language: str
    title: str
    url: str
    video: str
    age: str
    workspace: int | None

    @property
    def youngest(self) -> int:
        """Return the age from which one may watch."""
        return int(self.age.rstrip("+") or 0)


type FilmFinder = Callable[[Collection[UUID]], Iterable[Film]]

_finders: list[FilmFinder] = []


def register_films(finder: FilmFinder) -> None:
    """Register `finder(keys)`: the films with a live page and a video, in every language; whether consent
    allows them is asked here."""
    _finders[:] = [finder]


def films_by_key(keys: Collection[UUID]) -> dict[UUID, dict[str, Film]]:
    """Return films by key and language. One query."""
    found: dict[UUID, dict[str, Film]] = {}
    for finder in _finders if keys else ():
        for film in finder(keys):
            found.setdefault(film.key, {})[film.language] = film
    return found


def film_in(key: UUID, language: str) -> Film | None:
    """Return the film with this key in this language, if it has a live page with a video."""
    return films_by_key([key]).get(key, {}).get(language)


def film_title(films: dict[str, Film], language: str) -> str:
    """Return the title in this language, else in another one; "" if no page of it is live."""
    film = films.get(language) or next(iter(films.values()), None)
    return film.title if film is not None else ""


def passing_keys(gate: ConsentGate, kind: str, keys: Collection[str]) -> set[str]:
    """Return the keys of those items that may be shown as they stand now: what is under consent is compared
    with what was agreed to."""
    described = describe_items((kind, key) for key in keys if gate.is_under_consent(kind, key))
    return {
        key
        for key in keys
        if not gate.is_under_consent(kind, key)
        or ((kind, key) in described and gate.may_show(described[kind, key].item))
    }


def is_on_site(film: Film) -> bool:
    """Whether consent allows the film's video and page on the site in its language."""
    video = passing_keys(gate_for(Place.SITE, film.language), VIDEO, [film.video])
    return bool(video) and film.key not in hidden_pages().get(film.language, ())


def may_be_announced(film: Film, video: str = "") -> bool:
    """Whether those outside may be told of the film and given its video, or another one by its key: consent
    allows it on the site and at screenings, in the language of the film."""
    videos = {film.video, video or film.video}
    at_screenings = passing_keys(gate_for(Place.SCREENING, film.language), VIDEO, videos)
    on_site = passing_keys(gate_for(Place.SITE, film.language), VIDEO, videos)
    return videos == at_screenings == on_site and film.key not in hidden_pages().get(film.language, ())


def may_be_screened(film: Film, language: str) -> bool:
    """Whether consent allows the film's video at screenings in this language."""
    return bool(passing_keys(gate_for(Place.SCREENING, language), VIDEO, [film.video]))
