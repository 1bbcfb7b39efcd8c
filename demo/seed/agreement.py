"""The coalition agreement: named by the secretariat, accepted by the organisations, asked for at the door."""

import datetime
from dataclasses import dataclass
from functools import partial

from coalition.accounts.models import Organisation
from coalition.jobs import scheduler
from demo.load import Demo, Record
from demo.seed.accounts import Cast
from demo.seed.drafts import Desk
from demo.seed.history import History
from documents.agreement.actions.accept import accept_agreement
from documents.agreement.actions.publish import REQUIRE, require_agreement, set_agreement
from documents.models import Agreement
from documents.publication.queries.publications import newest_public_of

MORNING = datetime.time(9)


@dataclass
class Edition:
    """One edition while its history is told. `made` stays None where other organisations are here too."""

    record: Record
    demo: Demo
    cast: Cast
    desk: Desk
    made: Agreement | None = None


def plan_agreement(demo: Demo, cast: Cast, desks: dict[str, Desk], history: History) -> None:
    """Add the editions and who accepted them to the history. After the publications they are of."""
    desk = desks[demo.agreement["draft"]]
    for record in demo.agreement["editions"]:
        edition = Edition(record, demo, cast, desk)
        history.add(record["set_days_ago"], partial(_name, edition, history))
        for organisation in demo.organisations:
            if organisation["id"] not in record.get("not_by", ()):
                history.add(record["accepted_days_ago"], partial(_accept, edition, organisation["id"]))
        if record["asks_days_ago"] < record["set_days_ago"]:
            history.add(record["asks_days_ago"], partial(_require, edition))


def others_are_here(cast: Cast) -> bool:
    """Whether there are organisations that are not the demo's: their people would be kept out by an invented
    agreement, so none is named then."""
    own = [organisation.pk for organisation in cast.organisations.values()]
    return Organisation.objects.filter(left_at=None).exclude(pk__in=own).exists()


def _name(edition: Edition, history: History) -> None:
    publication = newest_public_of(edition.desk.begun)
    if publication is None or others_are_here(edition.cast):
        return
    asks, named = edition.record["asks_days_ago"], edition.record["set_days_ago"]
    edition.made = set_agreement(
        by=edition.cast.people[edition.demo.agreement["by"]],
        publication=publication,
        asks_from=history.day(asks, MORNING) if asks < named else None,
        words=edition.record["words"],
    )


def _accept(edition: Edition, organisation: str) -> None:
    if edition.made is not None:
        representative = edition.demo.representative_of(organisation)
        accept_agreement(
            agreement=edition.made,
            organisation=edition.cast.organisations[organisation],
            person=edition.cast.people[representative["email"]],
        )


def _require(edition: Edition) -> None:
    """Its moment has come: what the worker does then."""
    if edition.made is not None:
        require_agreement(str(edition.made.uuid), {})
        scheduler.cancel(kind=REQUIRE, key=str(edition.made.uuid))
