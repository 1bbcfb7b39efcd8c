"""Who hears of a fact: its keepers when it is to be checked, those whose texts use it when it changed."""

from collections.abc import Iterable

from coalition.accounts.models import User
from coalition.workspaces.actions.notify import notify
from coalition.workspaces.models import Seat, Workspace
from documents.drafts.models import Draft
from documents.drafts.queries import coordinators_of, limits_of, people_around
from documents.facts.models import Fact
from documents.facts.queries import SUBJECT, facts_due, keepers_of, published_using, put_using, uses_in_texts


def tell_of_check(fact: Fact, seat: Seat) -> None:
    """Ask its keepers but who wrote it to check what it says now."""
    number = fact.current.number if fact.current else 0
    _tell_keepers(
        fact, kind="fact_to_check", once=f"{fact.uuid}:{number}", actor=seat.person, organisation=seat
    )


def remind_of_checks() -> None:
    """Remind the keepers of every fact whose day has come: once for each day that was set."""
    for fact in facts_due():
        _tell_keepers(fact, kind="fact_check_due", once=f"{fact.uuid}:{fact.next_check.isoformat()}")


def tell_users(fact: Fact, seat: Seat) -> None:
    """Tell of each draft that holds the fact those who work on it: where it is public or put to approval, its
    coordinators, whose the correction is. Nobody hears of a draft that they may not read."""
    published = published_using(fact).select_related("publication__draft__workspace")
    public = {row.publication.draft for row in published}
    put = {row.round.draft for row in put_using(fact).select_related("round__draft__workspace")} - public
    written = {use.text.draft for use in uses_in_texts(fact) if use.text} - public - put
    for drafts, kind in ((public, "fact_older_public"), (put, "fact_older_put"), (written, "fact_older")):
        for draft in sorted(drafts, key=lambda one: one.pk):
            people: Iterable[User] = coordinators_of(draft)
            if kind == "fact_older":
                people = [*people, *people_around(draft)]
            _tell_of_draft(draft, people, kind, fact, seat)


def _tell_of_draft(draft: Draft, people: Iterable[User], kind: str, fact: Fact, seat: Seat) -> None:
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
        restricted_to=limits_of(draft).organisations,
        once=f"{kind}:{draft.uuid}:{fact.uuid}:{state}",
    )


def _tell_keepers(
    fact: Fact, *, kind: str, once: str, actor: User | None = None, organisation: Seat | None = None
) -> None:
    """Each keeper once, in the first workspace in which they keep the owner's facts."""
    rooms: dict[Workspace, list[User]] = {}
    told: set[int] = set()
    for seat in keepers_of(fact.owner):
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
