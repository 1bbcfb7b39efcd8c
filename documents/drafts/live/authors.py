"""Who wrote in a live text since its row was read last, and what others are told of it."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from coalition.accounts.models import Organisation, User
from coalition.realtime import log
from coalition.realtime.models import LiveUpdate
from coalition.workspaces.models import Seat
from documents.drafts import audit
from documents.drafts.live.suggestions import Decided
from documents.drafts.models import DraftText
from documents.drafts.notifications import suggestion_decided, text_changed

# Writing must not fill the workspace's activity: one line while a person keeps writing.
KEEPS_WRITING = datetime.timedelta(minutes=20)


class Author(NamedTuple):
    """A person, and the organisation on whose behalf they wrote."""

    person: User
    organisation: Organisation


@dataclass(frozen=True)
class Writing:
    """What one person wrote on behalf of one organisation: when last, and whether they just go on."""

    author: Author
    at: datetime.datetime
    goes_on: bool


def writings_since(text: DraftText) -> list[Writing]:
    """Who wrote after what the row was read from, the last one last. The server itself is nobody."""
    new = log.rows_since(text.uuid, log.LogPosition(text.read_rows, text.read_to))
    rows = new.filter(author__isnull=False).values_list("author", "organisation", "at")
    spells: dict[tuple[UUID, UUID | None], list[datetime.datetime]] = {}
    for person, organisation, at in rows:
        if person is not None:
            spells.setdefault((person, organisation), []).append(at)
    if not spells:
        return []
    people = {user.uuid: user for user in User.objects.filter(uuid__in={person for person, _ in spells})}
    organisations = {
        one.uuid: one for one in Organisation.objects.filter(uuid__in={of for _, of in spells if of})
    }
    read = LiveUpdate.objects.filter(document=text.uuid).exclude(pk__in=new.values("pk"))
    before = read.filter(author__isnull=False, at__gte=min(map(min, spells.values())) - KEEPS_WRITING)
    lately = set(before.values_list("author", "organisation"))
    return [
        Writing(Author(people[key[0]], organisations[key[1]]), max(at), key in lately)
        for key, at in sorted(spells.items(), key=lambda spell: max(spell[1]))
        if key[0] in people and key[1] in organisations
    ]


def tell_of(text: DraftText, written: Sequence[Writing], *, changed: bool, suggested: bool) -> None:
    """Audit and activity, in the projection's transaction: one entry each while a person keeps writing."""
    fresh = [one for one in written if not one.goes_on]
    if not fresh or not (changed or suggested):
        return
    roles = {
        (person, organisation): role
        for person, organisation, role in Seat.objects.filter(
            workspace=text.draft.workspace, person__in=[one.author.person for one in fresh]
        )
        .order_by("pk")
        .values_list("person_id", "organisation_id", "role")
    }
    for one in fresh:
        role = roles.get((one.author.person.pk, one.author.organisation.pk), "")
        by = audit.By(one.author.person, one.author.organisation, role, text.draft.workspace)
        if changed:
            audit.record(
                thing=text.draft,
                access=by,
                action="text.saved",
                language=text.language,
                revision=text.revision,
                hash=text.content_hash,
            )
        kind = "text_saved" if changed else "text_suggested"
        audit.tell(thing=text.draft, access=by, kind=kind, language=text.language)
    if changed:
        text_changed(text, [one.author for one in fresh], writing={one.author.person.pk for one in written})


def tell_of_decisions(text: DraftText, found: Sequence[Decided], written: Sequence[Writing]) -> None:
    """Tell those who suggested what became of it: who decided is the last of the others who wrote."""
    for one in found:
        others = [row.author for row in written if row.author.person.uuid != one.suggestion.person]
        if others and one.suggestion.person is not None:
            suggestion_decided(text, one.suggestion.person, others[-1], accepted=one.accepted)
