"""Facts for display: rows of the list, entries of the history, uses."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from coalition.accounts.models import Language, User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.workspaces.sentence_params import person_name
from documents.facts.forms import FactWordsForm
from documents.facts.models import (
    SOURCE_FIELDS,
    WORDING_FIELDS,
    Fact,
    FactAct,
    content_of,
    fact_words_for,
    in_all_languages,
)
from documents.facts.queries import entries_of, fact_pages, local_today, publications_using, texts_using


def fact_row(viewer: Viewer, fact: Fact, language: str) -> dict[str, Any]:
    """Return a fact with its words in the language or the next best, and the languages that it lacks."""
    return {
        "fact": fact,
        "words": fact_words_for(fact.current, language),
        "owner": display_name_for(viewer, fact.owner),
        "missing": [code for code, _name, words in in_all_languages(fact.current) if words is None],
        "is_due": fact.next_check <= local_today(),
    }


def visible_uses(person: User, fact: Fact) -> dict[str, Any]:
    """Return texts the person may read, public texts, public pages; others are not even counted."""
    texts, publications = list(texts_using(person, fact)), list(publications_using(fact))
    places = fact_pages(fact)
    count = len(texts) + len(publications) + len(places)
    return {"texts": texts, "publications": publications, "places": places, "count": count}


def entry_rows(viewer: Viewer, fact: Fact) -> list[dict[str, Any]]:
    """Return the history, newest first, with names that the viewer may see and the differences of changes."""
    contents = {version.number: content_of(version) for version in fact.versions.prefetch_related("words")}
    rows = []
    for entry in entries_of(fact):
        number, organisation = entry.version.number, entry.organisation
        left = _("Someone who has left")
        changed = entry.act == FactAct.CHANGED and number - 1 in contents and number in contents
        row = {
            "entry": entry,
            "by": person_name(viewer, entry.person, organisation) if entry.person else left,
            "organisation": display_name_for(viewer, organisation),
            "differences": list(content_differences(contents[number - 1], contents[number]))
            if changed
            else [],
        }
        rows.append(row)
    return rows


def content_differences(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """Yield the differences between two versions: name, old value, new value."""
    labels = {
        "as_of": _("Year of which it holds"),
        "publisher": _("Who published it"),
        "title": _("Title of the source"),
        "address": _("Address"),
    }
    for name in SOURCE_FIELDS:
        old, new = str(before[name]), str(after[name])
        if old != new:
            yield labels[name], old, new
    form = FactWordsForm()
    for language in Language:
        for name in WORDING_FIELDS:
            old, new = (one["words"].get(language.value, {}).get(name, "") for one in (before, after))
            if old != new:
                yield f"{form.fields[name].label} ({language.label})", old, new
