"""People named in a draft's texts: participants, and former ones who wrote or suggested there."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import organisations_with, people_with
from coalition.realtime.models import LiveUpdate
from coalition.workspaces.queries import open_seats
from documents.canonical.form import Json
from documents.drafts.live.resolve import SUGGESTIONS, origin_of
from documents.drafts.models import Draft
from documents.interchange.models import ImportedAuthor
from documents.interchange.queries import imported_authors


@dataclass
class KnownAuthors:
    """People with the organisations for which each acts or acted here, and authors known only from Word
    files."""

    people: dict[User, set[Organisation]]
    imported: list[ImportedAuthor]

    @property
    def organisations(self) -> set[Organisation]:
        return set().union(*self.people.values(), {author.organisation for author in self.imported})


def known_authors_in(draft: Draft) -> KnownAuthors:
    """Return everybody whom the draft's texts may name.
    The caller may read the draft; names are filtered per viewer."""
    texts = list(draft.texts.values_list("uuid", "marked"))
    rows = LiveUpdate.objects.filter(document__in=[uuid for uuid, _marked in texts], author__isnull=False)
    pairs = set(rows.order_by().values_list("author", "organisation").distinct())
    for _uuid, marked in texts:
        pairs.update(_suggesting_people(marked))
    found: dict[User, set[Organisation]] = defaultdict(set)
    for seat in open_seats(draft.workspace):
        found[seat.person].add(seat.organisation)
    people = people_with({who for who, _whose in pairs if who})
    organisations = organisations_with({whose for _who, whose in pairs if whose})
    for who, whose in pairs:
        if who in people and whose in organisations:
            found[people[who]].add(organisations[whose])
    return KnownAuthors(found, list(imported_authors(draft)))


def _suggesting_people(node: Json) -> Iterator[tuple[UUID, UUID]]:
    """Yield authors of suggestions in the text, also those on whose behalf a file was imported."""
    for mark in node.get("marks") or ():
        if mark.get("type") in SUGGESTIONS:
            origin = origin_of((mark.get("attrs") or {}).get("id"))
            if origin is not None:
                yield origin.person, origin.organisation
    for child in node.get("content") or ():
        yield from _suggesting_people(child)
