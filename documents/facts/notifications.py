"""Notifications about facts: to maintainers when a check is due, to authors whose texts use a
changed one."""

from collections.abc import Iterable

from coalition.accounts.models import User
from coalition.workspaces.actions.notify import notify
from coalition.workspaces.models import Seat, Workspace
from documents.drafts.models import Draft
from documents.drafts.queries import coordinators_of, people_involved_in, reader_limits
from documents.facts.models import Fact
from documents.facts.queries import (
    SUBJECT,
    fact_editor_seats,
    facts_due,
    published_using,
    round_texts_using,
    uses_in_texts,
)


def request_fact_check(fact: Fact, seat: Seat) -> None:
    """Ask its maintainers, except the author, to check the new words."""
    number = fact.current.number if fact.current else 0
    _notify_fact_editors(
        fact, kind="fact_to_check", once=f"{fact.uuid}:{number}", actor=seat.person, organisation=seat
    )


def remind_of_fact_checks() -> None:
    """Remind the maintainers of every fact whose check is due: once per date set."""
    for fact in facts_due():
        _notify_fact_editors(fact, kind="fact_check_due", once=f"{fact.uuid}:{fact.next_check.isoformat()}")


def notify_fact_users(fact: Fact, seat: Seat) -> None:
    """Notify the people working on each draft that uses the fact; if it is public or in approval,
    its coordinators, who make corrections. Nobody is notified of a draft that they may not read."""
    published = published_using(fact).select_related("publication__draft__workspace")
    public = {row.publication.draft for row in published}
    put = {
        row.round.draft for row in round_texts_using(fact).select_related("round__draft__workspace")
    } - public
    written = {use.text.draft for use in uses_in_texts(fact) if use.text} - public - put
    for drafts, kind in ((public, "fact_older_public"), (put, "fact_older_put"), (written, "fact_older")):
        for draft in sorted(drafts, key=lambda one: one.pk):
            people: Iterable[User] = coordinators_of(draft)
            if kind == "fact_older":
                people = [*people, *people_involved_in(draft)]
            _notify_about_draft(draft, people, kind, fact, seat)


def _notify_about_draft(draft: Draft, people: Iterable[User], kind: str, fact: Fact, seat: Seat) -> None:
    number = fact.current.number if fact.current else 0
    state = "out" if fact.retired_at else str(number)
    notify(
        people=people,
        kind=kind,
        workspace=draft.workspace,
        actor=seat.person,
        organisation=seat.organisation,
        subject_kind="draft",
        subject=draft.uuid,
        restricted_to=reader_limits(draft).organisations,
        once=f"{kind}:{draft.uuid}:{fact.uuid}:{state}",
    )


def _notify_fact_editors(
    fact: Fact, *, kind: str, once: str, actor: User | None = None, organisation: Seat | None = None
) -> None:
    """Notify each maintainer once, in the first workspace where they maintain the owner's facts."""
    rooms: dict[Workspace, list[User]] = {}
    told: set[int] = set()
    for seat in fact_editor_seats(fact.owner):
        if seat.person_id not in told:
            told.add(seat.person_id)
            rooms.setdefault(seat.workspace, []).append(seat.person)
    for workspace, people in rooms.items():
        notify(
            people=people,
            kind=kind,
            workspace=workspace,
            actor=actor,
            organisation=organisation.organisation if organisation else None,
            subject_kind=SUBJECT,
            subject=fact.uuid,
            needs_drafts=False,
            once=f"{kind}:{once}",
        )
