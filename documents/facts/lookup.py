"""What the register says of the versions that a text names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from documents.facts.inline import run_of, version_named
from documents.facts.queries.uses import versions_with


@dataclass(frozen=True)
class Registered:
    """A version in the language of the text, as a text holds it; `is_newest` while the fact says so."""

    words: str
    source: str
    is_newest: bool


def registered(ids: Iterable[str], language: str) -> Mapping[str, Registered]:
    """By the id that the text holds; without what is of no register or not said in the language. Asks the
    database only if there is one."""
    named = {uuid: one for one in ids if (uuid := version_named(one)) is not None}
    if not named:
        return {}
    found: dict[str, Registered] = {}
    for version in versions_with(named):
        words = next((one for one in version.words.all() if one.language == language), None)
        if words is not None:
            run, fact = run_of(version, words), version.fact
            newest = fact.current_id == version.pk and fact.retired_at is None
            found[named[version.uuid]] = Registered(run["words"], run["source"], newest)
    return found
