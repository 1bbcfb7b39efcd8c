"""What counters belong to: an appeal, of which this layer knows what the layer above registers."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Subject:
    """A public appeal in one language.

    `title`: its public title in the language, or in another one by the fallback rule; `url`: the path of its
    page in the language; `goal`: how many supports it hopes for, None if none was set; `is_open`: whether it
    takes more.
    """

    uuid: UUID
    slug: str
    title: str
    url: str
    goal: int | None = None
    is_open: bool = True


@dataclass(frozen=True)
class SubjectSource:
    """How subjects are found, each in five queries at most. What is not public is not found.

    `by_slug(slug, language)` and `by_uuid(uuid, language)`: the subject or None; `choices(language)`: UUID
    and title of those that an editor can put on a page, the newest first.
    """

    by_slug: Callable[[str, str], Subject | None]
    by_uuid: Callable[[UUID, str], Subject | None]
    choices: Callable[[str], list[tuple[UUID, str]]]


_sources: list[SubjectSource] = []


def register_subjects(source: SubjectSource) -> None:
    """Say how subjects are found. Call once, from `Capability.connect`."""
    _sources[:] = [source]


def subject_at(slug: str, language: str) -> Subject | None:
    """Return the public subject at this address, or None."""
    return _sources[0].by_slug(slug, language) if _sources else None


def subject_with(uuid: UUID, language: str) -> Subject | None:
    """Return the public subject with this UUID, or None."""
    return _sources[0].by_uuid(uuid, language) if _sources else None


def subjects_to_choose(language: str) -> list[tuple[UUID, str]]:
    """Return UUID and title of what an editor can put on a page."""
    return _sources[0].choices(language) if _sources else []
