"""Writing the words of an event in each language."""

from collections.abc import Mapping

from coalition.accounts.enums import Language
from events.core.actions.proposal import Words
from events.core.models.event import Event, EventText

FIELDS = ("title", "text", "place", "address", "access_notes")


def write_words(event: Event, texts: Mapping[str, Words]) -> list[str]:
    """Write the given languages, and an empty text for each that has none yet. Others stay.

    Returns the fields that changed. Belongs into the caller's transaction, with the event's row locked.
    """
    kept = {text.language: text for text in EventText.objects.filter(event=event)}
    changed: set[str] = set()
    for language in Language.values:
        row = kept[language] if language in kept else EventText(event=event, language=language)
        words = texts.get(language)
        if words is not None:
            changed |= _take(row, words)
        if row._state.adding or words is not None:
            row.save()
    return sorted(changed)


def _take(row: EventText, words: Words) -> set[str]:
    changed = set()
    for name in FIELDS:
        said = getattr(words, name).strip()
        if name != "text":
            said = " ".join(said.split())  # one line
        if getattr(row, name) != said:
            setattr(row, name, said)
            changed.add(name)
    return changed
