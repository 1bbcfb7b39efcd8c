"""The kinds of text a mandate may be limited to: named by the layer that has texts."""

from collections.abc import Iterable

from django.utils.functional import Promise

type Choice = tuple[str, str | Promise]

_subjects: list[Choice] = []


def register_subjects(choices: Iterable[Choice]) -> None:
    """Say which kinds of text there are, as (value, label)."""
    _subjects[:] = choices


def subject_choices() -> list[Choice]:
    return list(_subjects)
