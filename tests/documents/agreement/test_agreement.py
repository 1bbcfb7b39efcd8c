"""The coalition's agreement: named, accepted, asked for at the door."""

import datetime

import pytest

from coalition.accounts.models import MembershipRole
from coalition.audit.models import AuditEntry
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.mail.models import OutboxMail
from coalition.roles import SeatRole
from coalition.workspaces.actions.seats import sync_grants
from coalition.workspaces.models import Activity
from coalition.workspaces.permissions import NotAllowed
from coalition.workspaces.queries import workspaces_for
from documents.agreement.actions import accept_agreement, end_agreement, set_agreement
from documents.approval.queries.rounds import asked_of
from documents.models import Acceptance, Agreement, Publication
from documents.publication.actions import publish_approved
from tests.documents.approval.builders import Stage, stage
from tests.factories import MembershipFactory, OfficeFactory, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
LANGUAGES = ("kk", "ru", "en")


@pytest.fixture
def made() -> Stage:
    """Two organisations; the second has a representative and a member, both with a seat."""
    made = stage()
    organisation = made.organisations[1]
    seat(made.representatives[organisation.pk], made.workspace, SeatRole.EDITOR, organisation)
    return made


@pytest.fixture
def secretary():
    return OfficeFactory().person


def published(made: Stage, words: str) -> Publication:
    """The next publication of the same text, with other words."""
    round_ = made.put(versions=[made.version(f"{words} In {code}.", code) for code in LANGUAGES])
    made.approve_all(round_)
    return publish_approved(access=made.access, round_=round_)


def gets_in(made: Stage, person) -> bool:
    return workspaces_for(person).filter(pk=made.workspace.pk).exists()


def accept(made: Stage, number: int = 1, *, edition: Agreement | None = None, person=None) -> Acceptance:
    organisation = made.organisations[number]
    return accept_agreement(
        agreement=edition or Agreement.objects.latest("number"),
        organisation=organisation,
        person=person or made.representatives[organisation.pk],
    )


def test_nothing_is_asked_before_an_agreement_is_named(made):
    assert gets_in(made, made.coordinator)


def test_people_get_in_when_their_representative_has_accepted(made, secretary):
    member = seat(workspace=made.workspace, organisation=made.organisations[1]).person
    publication = made.publish(*LANGUAGES)
    edition = set_agreement(by=secretary, publication=publication)
    everyone = [made.coordinator, member, made.representatives[made.organisations[1].pk]]
    assert [gets_in(made, one) for one in everyone] == [False, False, False]
    with pytest.raises(NotAllowed):
        accept(made, person=member)
    with pytest.raises(NotAllowed):
        accept(made, person=made.coordinator)  # represents another organisation
    acceptance = accept(made)
    assert [gets_in(made, one) for one in everyone] == [False, True, True]
    assert acceptance.hashes == {text.language: text.hash for text in publication.texts.all()}
    assert not sync_grants(made.workspace, fix=False)
    with pytest.raises(Refused, match="accepted this edition already"):
        accept(made)
    entry = AuditEntry.objects.get(action="agreement.accepted")
    assert (entry.organisation, entry.target) == (made.organisations[1].uuid, edition.uuid)
    assert Activity.objects.filter(kind="agreement_accepted").count() == 1


def test_who_represents_without_getting_in_still_decides_on_texts(made, secretary):
    set_agreement(by=secretary, publication=made.publish(*LANGUAGES))
    assert asked_of(made.representatives[made.organisations[1].pk]).exists()


def test_a_change_asks_again_only_if_it_says_so(made, secretary):
    set_agreement(by=secretary, publication=made.publish(*LANGUAGES))
    accept(made)
    member = made.representatives[made.organisations[1].pk]
    accept(made, 0)
    set_agreement(by=secretary, publication=published(made, "A comma."), asks=False)
    assert gets_in(made, member)
    edition = set_agreement(by=secretary, publication=published(made, "A new duty."), words="A new duty.")
    assert not gets_in(made, member)
    with pytest.raises(Refused, match="Another edition"):
        accept(made, edition=Agreement.objects.get(number=2))
    accept(made, edition=edition)
    assert gets_in(made, member)


def test_who_comes_later_accepts_the_newest_edition_also_where_it_asked_nobody(made, secretary):
    set_agreement(by=secretary, publication=made.publish(*LANGUAGES))
    accept(made, 0)
    set_agreement(by=secretary, publication=published(made, "A comma."), asks=False)
    accept(made)
    assert gets_in(made, made.representatives[made.organisations[1].pk])


def test_an_edition_can_be_asked_for_later(made, secretary):
    later = now() + datetime.timedelta(days=7)
    set_agreement(by=secretary, publication=made.publish(*LANGUAGES), asks_from=later)
    told = OutboxMail.objects.filter(template="documents/agreement").values_list("person", flat=True)
    assert set(told) == {person.uuid for person in made.representatives.values()}
    accept(made)
    scheduler.run_due(worker="tests")
    assert gets_in(made, made.coordinator)
    with freeze_clock_at(later):
        scheduler.run_due(worker="tests")
    assert not gets_in(made, made.coordinator)
    assert gets_in(made, made.representatives[made.organisations[1].pk])
    assert not sync_grants(made.workspace, fix=False)


def test_ended_it_is_asked_of_nobody_and_can_begin_again(made, secretary):
    publication = made.publish(*LANGUAGES)
    set_agreement(by=secretary, publication=publication)
    accept(made)
    end_agreement(by=secretary)
    assert gets_in(made, made.coordinator)
    assert not sync_grants(made.workspace, fix=False)
    with pytest.raises(Refused):
        end_agreement(by=secretary)
    set_agreement(by=secretary, publication=publication)
    assert not gets_in(made, made.representatives[made.organisations[1].pk])  # begun anew


def test_only_the_secretariat_names_it_and_only_a_public_text_in_three_languages(made, secretary):
    publication = made.publish("kk", "ru")
    for by, error in ((made.coordinator, NotAllowed), (secretary, Refused)):
        with pytest.raises(error):
            set_agreement(by=by, publication=publication)
    with pytest.raises(NotAllowed):
        end_agreement(by=made.coordinator)


def test_a_seat_for_another_organisation_that_accepted_counts(made, secretary):
    person = made.representatives[made.organisations[1].pk]
    other = made.organisation()
    MembershipFactory(person=person, organisation=other, role=MembershipRole.REPRESENTATIVE)
    seat(person, made.workspace, SeatRole.REVIEWER, other)
    set_agreement(by=secretary, publication=made.publish(*LANGUAGES))
    accept_agreement(agreement=Agreement.objects.get(), organisation=other, person=person)
    assert gets_in(made, person)
