"""How many queries a publication costs: they are most of its processor time, and of that of the tests.

Counted are all statements of the actions themselves, savepoints among them, with their effects within the
transaction: audit, activity, notifications and their mails, due work, history, search, and the pages of the
public site. Not counted are who the person is (`access_to`, once a request) and what follows the commit.

The stage: organisations that are listed, each with a representative; one text in one language; no round, no
publication of it before. One publication of another text came before it, so that the chain has begun and
Django knows its content types, as in any process that has worked a minute.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.core.clock import now
from documents.approval.actions.decide import approve
from documents.approval.actions.open_round import submit_for_approval
from documents.drafts.actions.manage import name_version
from documents.drafts.models import ApprovalRule
from documents.publication.actions import publish_approved
from home.models import NewsPage
from tests.documents.approval.builders import Stage, stage
from tests.home.conftest import site_of_three_languages

PUT = 40  # naming the version, and putting it to approval
APPROVAL = 20  # one organisation's decision; the last one tells the coordinators
PUBLICATION = 151  # all of it with two organisations: naming, putting, both approvals, publishing, consent

pytestmark = pytest.mark.django_db


@dataclass
class Counted:
    """Queries of each action of one publication."""

    name: int = 0
    put: int = 0
    approvals: list[int] = field(default_factory=list)
    publish: int = 0

    @property
    def all(self) -> int:
        return self.name + self.put + sum(self.approvals) + self.publish


def counted[T](action: Callable[[], T]) -> tuple[T, int]:
    with CaptureQueriesContext(connection) as asked:
        done = action()
    return done, len(asked)


def publication_with(made: Stage) -> Counted:
    """Publish the text of the stage, action by action."""
    found, access, text = Counted(), made.access, made.write("We ask for a law.")
    version, found.name = counted(lambda: name_version(access=access, text=text, name="As agreed"))
    round_, found.put = counted(
        lambda: submit_for_approval(
            access=access,
            draft=made.draft,
            versions=[version],
            organisations=made.organisations,
            deadline=now() + datetime.timedelta(days=3),
            rule=ApprovalRule.ALL,
            acknowledged=True,
        )
    )
    for organisation in made.organisations:
        person = made.representatives[organisation.pk]
        _given, queries = counted(
            lambda organisation=organisation, person=person: approve(
                round_=round_, organisation=organisation, hashes={"kk": version.hash}, person=person
            )
        )
        found.approvals.append(queries)
    made_public, found.publish = counted(lambda: publish_approved(access=access, round_=round_))
    assert NewsPage.objects.live().filter(publication=made_public).exists()
    assert made_public.names.count() == len(made.organisations)
    return found


@pytest.fixture
def begun(db: None) -> None:
    """The public site is there, and the chain has begun."""
    site_of_three_languages()
    stage(2).publish("kk")


def test_a_publication_of_two_organisations(begun):
    found = publication_with(stage(2))
    assert found.name + found.put <= PUT
    assert max(found.approvals) <= APPROVAL
    assert found.all <= PUBLICATION


def test_more_organisations_cost_their_own_approvals_alone(begun):
    """Putting and publishing ask for all organisations together. Where others are asked, somebody hears of it
    at all: who may be told, their notifications and their mails are three queries."""
    one, three = publication_with(stage(1)), publication_with(stage(3))
    assert three.put - one.put <= 3
    assert three.publish - one.publish <= 3
    assert max(three.approvals) <= one.approvals[0]
    six = publication_with(stage(6))
    assert (six.put, six.publish) == (three.put, three.publish)
