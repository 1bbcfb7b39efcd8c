"""Texts with a moment: scheduled, and offered to people of outlets until then."""

from dataclasses import dataclass
from functools import partial

from coalition.accounts.enums import Language
from demo.load import Record
from demo.seed.dates import clock
from demo.seed.drafts import Desk
from demo.seed.history import History
from demo.seed.mail_tokens import token_in_mail
from demo.seed.workspaces import acting
from documents.contacts.actions import Person, add_contact
from documents.drafts.enums import EmbargoAct
from documents.models import Publication
from documents.publication.embargo.actions.access import agree, offer, use_embargo
from documents.publication.embargo.actions.schedule import schedule
from documents.publication.embargo.audit import mail_key


@dataclass
class Embargo:
    """One scheduled text while its history is told."""

    desk: Desk
    record: Record
    publication: Publication | None = None

    @property
    def scheduled(self) -> Publication:
        if self.publication is None:
            raise LookupError(self.desk.record["id"])
        return self.publication


def plan_embargo(desk: Desk, history: History) -> None:
    """Add the draft's moment, and who of the media is asked, to the history. After its round."""
    if record := desk.record.get("embargo"):
        embargo = Embargo(desk, record)
        history.add(record["scheduled_days_ago"], partial(_schedule, embargo, history))
        for person in record["people"]:
            tokens: list[str] = []
            history.add(person["days_ago"], partial(_offer, embargo, person, tokens))
            if "agreed_days_ago" in person:
                history.add(person["agreed_days_ago"], partial(_agree, person, tokens))


def _schedule(embargo: Embargo, history: History) -> None:
    desk, record = embargo.desk, embargo.record
    embargo.publication = schedule(
        access=acting(desk.cast.people[record["by"]], desk.workspace),
        round_=desk.begun.rounds.get(),
        at=history.day(-record["in_days"], clock(record["at"])),
    )


def _offer(embargo: Embargo, record: Record, tokens: list[str]) -> None:
    """The press officer adds the contact and asks. Nobody is written to."""
    desk = embargo.desk
    access = acting(desk.cast.people[embargo.record["offered_by"]], desk.workspace)
    contact = add_contact(
        access=access,
        person=Person(
            outlet=record["outlet"],
            name=record["name"],
            address=record["email"],
            language=Language(record["language"]),
            phone=record["phone"],
        ),
    )
    asked = offer(access=access, publication=embargo.scheduled, contact=contact)
    tokens.append(token_in_mail(mail_key(asked)))


def _agree(record: Record, tokens: list[str]) -> None:
    """Open the mail, agree, read."""
    for token in tokens:
        use_embargo(token=token, act=EmbargoAct.FOLLOWED)
        agree(token=token)
        use_embargo(token=token, act=EmbargoAct.READ, language=record["language"])
