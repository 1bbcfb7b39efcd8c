"""Links that decide, and those that object."""

import re

from coalition.accounts.models import Language, Organisation, User
from coalition.mail.models import OutboxMail
from documents.approval.actions.one_time_links import LinkCreator, make_one_time_link
from documents.drafts.access import GuestData
from documents.models import ApprovalRound, OneTimeLink
from tests.documents.approval.builders import Stage
from tests.recording import recorded

NAME = "Canary Oneguest"


@recorded
def link_for(
    made: Stage,
    round_: ApprovalRound,
    organisation: Organisation,
    *languages: str,
    by: User | None = None,
    email: str | None = None,
) -> tuple[OneTimeLink, str]:
    """Made by the coordinator, or `by` a representative; to the organisation's, or another `email`."""
    email = email or made.representatives[organisation.pk].email
    coordinator = LinkCreator(made.coordinator, made.access.organisation, made.access)
    return make_one_time_link(
        maker=coordinator if by is None else LinkCreator(by, organisation),
        round_=round_,
        organisation=organisation,
        guest=GuestData(NAME, email, Language.EN),
        languages=languages or list(made.hashes(round_)),
    )


def objection_token(person: User) -> str:
    """From the last mail that told the person of a decision."""
    mail = OutboxMail.objects.filter(template="documents/decided_otherwise", person=person.uuid).last()
    assert mail is not None
    found = re.search(r"/objection/([^/]+)/", mail.context["button_url"])
    assert found is not None
    return found[1]
