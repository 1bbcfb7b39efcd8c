"""A text that is scheduled, and people of outlets who read it until then."""

import datetime

from django.db.models import F

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.mail.models import OutboxMail
from documents.contacts.actions import ContactData, add_contact
from documents.models import ApprovalRound, Contact, EmbargoAccess, EmbargoFeed, Publication
from documents.publication.embargo.actions import (
    agree_to_embargo,
    lift_due_embargo,
    offer_embargo,
    schedule_publication,
)
from tests.documents.approval.builders import Stage
from tests.recording import recorded

HOUR = datetime.timedelta(hours=1)


@recorded
def approved(made: Stage, *languages: str) -> ApprovalRound:
    """A round whose rule holds, not published."""
    round_ = made.put(*languages)
    made.approve_all(round_)
    return round_


@recorded
def scheduled(made: Stage, *languages: str) -> Publication:
    return schedule_publication(access=made.access, round_=approved(made, *languages), at=now() + HOUR)


@recorded
def contact(made: Stage, name: str = "Aigerim Press", outlet: str = "Qala TV", **given: object) -> Contact:
    number = Contact.objects.count()
    return add_contact(
        access=made.access,
        person=ContactData(
            **{
                "outlet": outlet,
                "name": name,
                "address": f"press{number}@outlet.example",
                "phone": "+7 700 000 00 00",
                "language": Language.EN,
                **given,
            }
        ),
    )


@recorded
def offered(made: Stage, publication: Publication, who: Contact | None = None) -> tuple[EmbargoAccess, str]:
    """An access with the token that its mail holds."""
    access = offer_embargo(access=made.access, publication=publication, contact=who or contact(made))
    return access, token_in_mail(access)


def token_in_mail(access: EmbargoAccess) -> str:
    mail = OutboxMail.objects.filter(key__startswith=f"embargo:{access.uuid}:").order_by("pk").last()
    return mail.context["button_url"].rstrip("/").rpartition("/")[2]


def token_in_mail_of_feed(feed: EmbargoFeed) -> str:
    """The secret of a contact's calendar, which stands in their mail alone."""
    mail = OutboxMail.objects.filter(key__startswith=f"embargo-feed:{feed.contact}:").order_by("pk").last()
    return mail.context["button_url"].rpartition("/")[2].removesuffix(".ics")


@recorded
def reader(made: Stage, publication: Publication) -> tuple[EmbargoAccess, str]:
    """Somebody who agreed."""
    access, token = offered(made, publication)
    agree_to_embargo(token=token)
    access.refresh_from_db()
    return access, token


@recorded
def let_the_moment_come(publication: Publication) -> None:
    """The database's clock cannot be moved, so the moment is."""
    Publication.objects.filter(pk=publication.pk).update(scheduled_at=F("scheduled_at") - 2 * HOUR)
    lift_due_embargo(str(publication.uuid), {})
    publication.refresh_from_db()


def mails(template: str) -> int:
    return OutboxMail.objects.filter(template=f"documents/{template}").count()
