"""The coalition agreement: named by the secretariat, accepted by the organisations, required for access."""

import datetime
from dataclasses import dataclass
from functools import partial

from coalition.accounts.models import Organisation
from coalition.jobs import scheduler
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.drafts import DraftPlan
from demo.seed.history import History
from documents.agreement.actions import REQUIRE, accept_agreement, require_agreement, set_agreement
from documents.models import Agreement

MORNING = datetime.time(9)


@dataclass
class Edition:
    """One edition with what was seeded of it. `made` stays None if there are other organisations too."""

    record: Record
    demo: Demo
    accounts: Accounts
    draft: DraftPlan
    made: Agreement | None = None


def plan_agreement(demo: Demo, accounts: Accounts, drafts: dict[str, DraftPlan], history: History) -> None:
    """Plan the editions and their acceptances. Call after the publications are planned."""
    draft = drafts[demo.agreement["draft"]]
    for record in demo.agreement["editions"]:
        edition = Edition(record, demo, accounts, draft)
        history.add(record["set_days_ago"], partial(_name, edition, history))
        for organisation in demo.organisations:
            if organisation["id"] not in record.get("not_by", ()):
                history.add(record["accepted_days_ago"], partial(_accept, edition, organisation["id"]))
        if record["asks_days_ago"] < record["set_days_ago"]:
            history.add(record["asks_days_ago"], partial(_require, edition))


def others_are_here(accounts: Accounts) -> bool:
    """Return whether there are organisations that are not the demo's. An invented agreement would shut their
    people out, so none is named then."""
    own = [organisation.pk for organisation in accounts.organisations.values()]
    return Organisation.objects.filter(left_at=None).exclude(pk__in=own).exists()


def _name(edition: Edition, history: History) -> None:
    publication = edition.draft.row.publications.newest_public()
    if publication is None or others_are_here(edition.accounts):
        return
    asks, named = edition.record["asks_days_ago"], edition.record["set_days_ago"]
    edition.made = set_agreement(
        by=edition.accounts.people[edition.demo.agreement["by"]],
        publication=publication,
        asks_from=history.day(asks, MORNING) if asks < named else None,
        words=edition.record["words"],
    )


def _accept(edition: Edition, organisation: str) -> None:
    if edition.made is not None:
        representative = edition.demo.representative_of(organisation)
        accept_agreement(
            agreement=edition.made,
            organisation=edition.accounts.organisations[organisation],
            person=edition.accounts.people[representative["email"]],
        )


def _require(edition: Edition) -> None:
    """Do what the worker does when the edition becomes required."""
    if edition.made is not None:
        require_agreement(str(edition.made.uuid), {})
        scheduler.cancel(kind=REQUIRE, key=str(edition.made.uuid))
