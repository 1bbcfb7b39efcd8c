"""A press desk to test with: the people of `planning.stage`, a press officer, contacts, what may be told."""

import datetime

from coalition.accounts.actions.memberships import give_office
from coalition.accounts.models import Language, OfficeKind
from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from documents.contacts.actions import ContactData, add_contact
from documents.models import Contact
from events.core.enums import EventKind
from events.models import Event, MailOut
from events.press.mailings.actions import prepare_mail_out, queue_waiting_letters, send_mail_out
from tests.events.planning.builders import Stage, announced, stage
from tests.recording import recorded


@recorded
def desk() -> Stage:
    """One person for each role, and `officer`: a reviewer who is the press officer of the coordinator's
    organisation."""
    made = stage()
    made.take("reviewer", name="officer", organisation=made.organisation("coordinator"))
    make_officer(made, "officer")
    return made


@recorded
def make_officer(made: Stage, name: str) -> None:
    give_office(
        by=None, person=made.user(name), kind=OfficeKind.PRESS_OFFICER, organisation=made.organisation(name)
    )


def person(number: int = 0, **given: object) -> ContactData:
    said: dict[str, object] = {
        "outlet": f"Qala TV {number}",
        "name": f"Aigerim {number}",
        "address": f"press{number}@outlet.example",
        "language": Language.EN,
    }
    return ContactData(**{**said, **given})


@recorded
def known(access: Access, number: int = 0, **given: object) -> Contact:
    return add_contact(access=access, person=person(number, **given))


@recorded
def public_event(access: Access, **given: object) -> Event:
    """A press conference in ten days, announced to everyone."""
    day = (now() + datetime.timedelta(days=10)).date()
    told = {"kind": EventKind.PRESS_CONFERENCE, "title": "Article 123", "starts": f"{day} 11:00", **given}
    return announced(access, **told)


@recorded
def sent(access: Access, event: Event, contacts: list[Contact]) -> MailOut:
    """A mail-out whose letters are in the outbox."""
    made = prepare_mail_out(access=access, event=event, contacts=[one.uuid for one in contacts])
    send_mail_out(access=access, mail_out=made)
    queue_waiting_letters(str(made.uuid), {})
    return made
