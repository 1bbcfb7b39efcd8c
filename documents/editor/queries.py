"""Who is named in the texts of a draft: who takes part, and who wrote or suggested there and has left."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from coalition.accounts.models import Organisation, User
from coalition.realtime.models import LiveUpdate
from coalition.workspaces.queries import open_seats
from documents.drafts.live.marks import SUGGESTIONS, Json, origin_of
from documents.drafts.models import Draft
from documents.interchange.models import ImportedAuthor
from documents.interchange.queries import imported_authors


@dataclass
class Known:
    """People with the organisations for which each acts or acted here, those who are known by Word files
    alone, and all organisations among them."""

    people: dict[User, set[Organisation]] = field(default_factory=dict)
    imported: list[ImportedAuthor] = field(default_factory=list)
    organisations: set[Organisation] = field(default_factory=set)


def known_in(draft: Draft) -> Known:
    """Everybody whom the draft's texts may name. The caller may read the draft; names are told per viewer."""
    texts = list(draft.texts.values_list("uuid", "marked"))
    rows = LiveUpdate.objects.filter(document__in=[uuid for uuid, _marked in texts], author__isnull=False)
    pairs = set(rows.order_by().values_list("author", "organisation").distinct())
    for _uuid, marked in texts:
        pairs.update(_suggesting(marked))
    found = Known()
    for seat in open_seats(draft.workspace):
        _add(found, seat.person, seat.organisation)
    people = {one.uuid: one for one in User.objects.filter(uuid__in=_known(who for who, _for in pairs))}
    organisations = {
        one.uuid: one for one in Organisation.objects.filter(uuid__in=_known(of for _who, of in pairs))
    }
    for who, whose in pairs:
        if who in people and whose in organisations:
            _add(found, people[who], organisations[whose])
    found.imported = list(imported_authors(draft))
    found.organisations |= {author.organisation for author in found.imported}
    return found


def _add(found: Known, person: User, organisation: Organisation) -> None:
    found.people.setdefault(person, set()).add(organisation)
    found.organisations.add(organisation)


def _known(uuids: Iterable[UUID | None]) -> set[UUID]:
    return {one for one in uuids if one is not None}


def _suggesting(node: Json) -> Iterator[tuple[UUID, UUID]]:
    """Who suggests in the text: also people in whose name a file was taken in."""
    for mark in node.get("marks") or ():
        if mark.get("type") in SUGGESTIONS:
            origin = origin_of((mark.get("attrs") or {}).get("id"))
            if origin is not None:
                yield origin.person, origin.organisation
    for child in node.get("content") or ():
        yield from _suggesting(child)
