"""Notifications about facts: to maintainers when a check is due, to authors whose texts use a changed one."""

from collections.abc import Iterable

from coalition.accounts.models import User
from coalition.workspaces.models import Seat, Workspace
from coalition.workspaces.notifications.notify import notify
from documents.drafts.models import Draft
from documents.drafts.queries import coordinators_of, people_involved_in, reader_limits
from documents.facts import queries
from documents.facts.models import Fact


def request_fact_check(fact: Fact, seat: Seat) -> None:
    """Ask its maintainers, except the author, to check the new words."""
    number = fact.current.number if fact.current else 0
    _notify_fact_editors(fact, kind="fact_to_check", once=f"{fact.uuid}:{number}", by=seat)


def remind_of_fact_checks() -> None:
    """Remind the maintainers of every fact whose check is due: once per date set."""
    for fact in queries.facts_due():
        _notify_fact_editors(fact, kind="fact_check_due", once=f"{fact.uuid}:{fact.next_check.isoformat()}")


def notify_fact_users(fact: Fact, seat: Seat) -> None:
    """Notify the people working on each draft that uses the fact; if it is public or in approval,
    its coordinators, who make corrections. Nobody is notified of a draft that they may not read."""
    # The first kind of a draft counts.
    kinds: dict[Draft, str] = {}
    for published in queries.published_using(fact).select_related("publication__draft__workspace"):
        kinds[published.publication.draft] = "fact_older_public"
    for in_round in queries.round_texts_using(fact).select_related("round__draft__workspace"):
        kinds.setdefault(in_round.round.draft, "fact_older_put")
    for use in queries.uses_in_texts(fact):
        if use.text is not None:
            kinds.setdefault(use.text.draft, "fact_older")
    state = "out" if fact.retired_at else str(fact.current.number if fact.current else 0)
    for draft, kind in kinds.items():
        people: Iterable[User] = coordinators_of(draft)
        if kind == "fact_older":
            people = [*people, *people_involved_in(draft)]
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


def _notify_fact_editors(fact: Fact, *, kind: str, once: str, by: Seat | None = None) -> None:
    """Notify each maintainer once, in the first workspace where they maintain the owner's facts."""
    first_seats: dict[int, Seat] = {}
    people_in: dict[Workspace, list[User]] = {}
    for seat in queries.fact_editor_seats(fact.owner):
        if first_seats.setdefault(seat.person_id, seat) is seat:
            people_in.setdefault(seat.workspace, []).append(seat.person)
    for workspace, people in people_in.items():
        notify(
            people=people,
            kind=kind,
            workspace=workspace,
            actor=by.person if by else None,
            organisation=by.organisation if by else None,
            subject_kind=queries.SUBJECT,
            subject=fact.uuid,
            needs_drafts=False,
            once=f"{kind}:{once}",
        )
