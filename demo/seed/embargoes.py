"""Scheduled publications, offered to people of outlets under embargo."""

from dataclasses import dataclass
from functools import partial

from coalition.accounts.models import Language
from demo.load import Record
from demo.seed.dates import clock
from demo.seed.drafts import DraftPlan
from demo.seed.history import History
from demo.seed.mail_tokens import token_in_mail
from demo.seed.workspaces import access_of
from documents.contacts.actions import ContactData, add_contact
from documents.drafts.models import EmbargoAct
from documents.models import Publication
from documents.publication.embargo.actions import (
    agree_to_embargo,
    offer_embargo,
    schedule_publication,
    use_embargo,
)
from documents.publication.embargo.audit import embargo_mail_key


@dataclass
class EmbargoPlan:
    """One scheduled text of the data with the publication seeded for it."""

    draft: DraftPlan
    record: Record
    publication: Publication | None = None

    @property
    def scheduled(self) -> Publication:
        if self.publication is None:
            raise LookupError(self.draft.record["id"])
        return self.publication


def plan_embargo(draft: DraftPlan, history: History) -> None:
    """Plan the draft's schedule and its offers to the media. Call after its round is planned."""
    if record := draft.record.get("embargo"):
        embargo = EmbargoPlan(draft, record)
        history.add(record["scheduled_days_ago"], partial(_schedule, embargo, history))
        for person in record["people"]:
            tokens: list[str] = []
            history.add(person["days_ago"], partial(_offer, embargo, person, tokens))
            if "agreed_days_ago" in person:
                history.add(person["agreed_days_ago"], partial(_agree, person, tokens))


def _schedule(embargo: EmbargoPlan, history: History) -> None:
    draft, record = embargo.draft, embargo.record
    embargo.publication = schedule_publication(
        access=access_of(draft.accounts.people[record["by"]], draft.workspace),
        round_=draft.row.rounds.get(),
        at=history.day(-record["in_days"], clock(record["at"])),
    )


def _offer(embargo: EmbargoPlan, record: Record, tokens: list[str]) -> None:
    """Add the contact and offer the text as the press officer. No mail is sent."""
    draft = embargo.draft
    access = access_of(draft.accounts.people[embargo.record["offered_by"]], draft.workspace)
    contact = add_contact(
        access=access,
        person=ContactData(
            outlet=record["outlet"],
            name=record["name"],
            address=record["email"],
            language=Language(record["language"]),
            phone=record["phone"],
        ),
    )
    asked = offer_embargo(access=access, publication=embargo.scheduled, contact=contact)
    tokens.append(token_in_mail(embargo_mail_key(asked)))


def _agree(record: Record, tokens: list[str]) -> None:
    """Follow the link in the mail, agree and read."""
    for token in tokens:
        use_embargo(token=token, act=EmbargoAct.FOLLOWED)
        agree_to_embargo(token=token)
        use_embargo(token=token, act=EmbargoAct.READ, language=record["language"])
