"""People named in a draft's texts: participants, and former ones who wrote or suggested there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from coalition.accounts.models import Organisation, User
from coalition.realtime.models import LiveUpdate
from coalition.workspaces.queries import open_seats
from documents.canonical.form import Json
from documents.drafts.live.marks import SUGGESTIONS, origin_of
from documents.drafts.models import Draft
from documents.interchange.models import ImportedAuthor
from documents.interchange.queries import imported_authors


@dataclass
class KnownAuthors:
    """People with the organisations for which each acts or acted here, authors known only from Word
    files, and all organisations among them."""

    people: dict[User, set[Organisation]] = field(default_factory=dict)
    imported: list[ImportedAuthor] = field(default_factory=list)
    organisations: set[Organisation] = field(default_factory=set)


def known_authors_in(draft: Draft) -> KnownAuthors:
    """Return everybody whom the draft's texts may name.
    The caller may read the draft; names are filtered per viewer."""
    texts = list(draft.texts.values_list("uuid", "marked"))
    rows = LiveUpdate.objects.filter(document__in=[uuid for uuid, _marked in texts], author__isnull=False)
    pairs = set(rows.order_by().values_list("author", "organisation").distinct())
    for _uuid, marked in texts:
        pairs.update(_suggesting_people(marked))
    found = KnownAuthors()
    for seat in open_seats(draft.workspace):
        _add_person(found, seat.person, seat.organisation)
    people = {
        one.uuid: one for one in User.objects.filter(uuid__in=_existing_people(who for who, _for in pairs))
    }
    organisations = {
        one.uuid: one
        for one in Organisation.objects.filter(uuid__in=_existing_people(of for _who, of in pairs))
    }
    for who, whose in pairs:
        if who in people and whose in organisations:
            _add_person(found, people[who], organisations[whose])
    found.imported = list(imported_authors(draft))
    found.organisations |= {author.organisation for author in found.imported}
    return found


def _add_person(found: KnownAuthors, person: User, organisation: Organisation) -> None:
    found.people.setdefault(person, set()).add(organisation)
    found.organisations.add(organisation)


def _existing_people(uuids: Iterable[UUID | None]) -> set[UUID]:
    return {one for one in uuids if one is not None}


def _suggesting_people(node: Json) -> Iterator[tuple[UUID, UUID]]:
    """Yield authors of suggestions in the text, also those on whose behalf a file was imported."""
    for mark in node.get("marks") or ():
        if mark.get("type") in SUGGESTIONS:
            origin = origin_of((mark.get("attrs") or {}).get("id"))
            if origin is not None:
                yield origin.person, origin.organisation
    for child in node.get("content") or ():
        yield from _suggesting_people(child)
