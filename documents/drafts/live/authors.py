"""Authors who wrote in a live text since its row was last updated, and the notices about it."""

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
from documents.drafts.live.suggestions import DecidedSuggestion
from documents.drafts.models import DraftText
from documents.drafts.notifications import notify_suggestion_decided, notify_text_changed

# Keeps the workspace's activity short: one line while a person keeps writing.
WRITING_SESSION_GAP = datetime.timedelta(minutes=20)


class Author(NamedTuple):
    """A person, and the organisation on whose behalf they wrote."""

    person: User
    organisation: Organisation


@dataclass(frozen=True)
class Writing:
    """Writing of one person on behalf of one organisation: last time, and whether it continues
    earlier writing."""

    author: Author
    at: datetime.datetime
    goes_on: bool


def writings_since(text: DraftText) -> list[Writing]:
    """Return the authors since the position the row was read from, the last one last.
    The server itself does not count."""
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
    before = read.filter(author__isnull=False, at__gte=min(map(min, spells.values())) - WRITING_SESSION_GAP)
    lately = set(before.values_list("author", "organisation"))
    return [
        Writing(Author(people[key[0]], organisations[key[1]]), max(at), key in lately)
        for key, at in sorted(spells.items(), key=lambda spell: max(spell[1]))
        if key[0] in people and key[1] in organisations
    ]


def record_writing(text: DraftText, written: Sequence[Writing], *, changed: bool, suggested: bool) -> None:
    """Write audit and activity in the projection's transaction: one entry while a person keeps
    writing."""
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
        by = audit.Actor(one.author.person, one.author.organisation, role, text.draft.workspace)
        if changed:
            audit.record_document_audit(
                thing=text.draft,
                access=by,
                action="text.saved",
                language=text.language,
                revision=text.revision,
                hash=text.content_hash,
            )
        kind = "text_saved" if changed else "text_suggested"
        audit.record_document_activity(thing=text.draft, access=by, kind=kind, language=text.language)
    if changed:
        notify_text_changed(
            text, [one.author for one in fresh], writing={one.author.person.pk for one in written}
        )


def notify_of_decisions(
    text: DraftText, found: Sequence[DecidedSuggestion], written: Sequence[Writing]
) -> None:
    """Notify authors of decided suggestions; the last of the other authors counts as decider."""
    for one in found:
        others = [row.author for row in written if row.author.person.uuid != one.suggestion.person]
        if others and one.suggestion.person is not None:
            notify_suggestion_decided(text, one.suggestion.person, others[-1], accepted=one.accepted)
