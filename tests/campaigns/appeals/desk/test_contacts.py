"""Each organisation offers itself for contact, and takes out those contacts that are its own."""

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from coalition.accounts import registry
from coalition.accounts.actions.organisations import end_organisation
from coalition.accounts.models import Listing, MembershipRole
from coalition.audit.models import AuditEntry
from coalition.campaigns.appeals.actions.contacts import (
    ContactRow,
    end_contact_offer,
    end_groundless_contacts,
    end_groundless_offers,
    export_contacts,
    offer_contact,
)
from coalition.campaigns.appeals.desk_queries import contact_offers_of
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.models import ContactConsent, ContactOffer, Support
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.actions.workspaces import end_participation
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.appeals.factories import AppealVersionFactory, SupportFactory, open_appeal
from tests.factories import FreezeFactory, OrganisationFactory, ParticipationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def representative(desk, **given):
    """Access of a representative of another organisation."""
    person = desk.seated(
        SeatRole.REVIEWER,
        membership=MembershipRole.REPRESENTATIVE,
        organisation=OrganisationFactory(**given),
    )
    return desk.access_of(person)


def agreed(desk, organisation, number=0, **given) -> Support:
    row = desk.support(address=f"canary{number}@tests.example", **given)
    ContactConsent.objects.create(
        support=row, organisation=organisation, words="Write.", day=localdate(now())
    )
    return row


def test_a_representative_switches_the_own_organisation_on_and_off(desk):
    access = representative(desk)
    offer_contact(access=access, appeal=desk.appeal)
    offer_contact(access=access, appeal=desk.appeal)
    assert [one.organisation for one in contact_offers_of(desk.appeal)] == [access.organisation]
    end_contact_offer(access=access, appeal=desk.appeal)
    assert not contact_offers_of(desk.appeal).exists()
    offer_contact(access=access, appeal=desk.appeal)
    assert ContactOffer.objects.count() == 2


def test_only_representatives_of_organisations_that_may_be_named_offer_it(desk):
    member = desk.other(SeatRole.COORDINATOR)
    for access in (member, *(representative(desk, listing=one) for one in Listing if one != Listing.PUBLIC)):
        with pytest.raises(NotAllowed):
            offer_contact(access=access, appeal=desk.appeal)
    assert not ContactOffer.objects.exists()


def test_an_organisation_takes_out_its_own_contacts_and_no_others(desk):
    access, other = representative(desk), representative(desk)
    agreed(desk, access.organisation, 2, language="kk")
    agreed(desk, access.organisation, 1, language="ru")
    agreed(desk, other.organisation, 3)
    assert export_contacts(access=access, appeal=desk.appeal) == [
        ContactRow("canary1@tests.example", "ru"),
        ContactRow("canary2@tests.example", "kk"),
    ]
    entry = AuditEntry.objects.get(action="appeal.contacts_exported")
    assert (entry.organisation, entry.detail) == (access.organisation.uuid, {"count": 2})


def test_ended_consents_and_rows_that_do_not_count_are_left_out(desk):
    access = representative(desk)
    agreed(desk, access.organisation, 1)
    for number, state in enumerate((SupportState.HELD, SupportState.SET_ASIDE, SupportState.WITHDRAWN), 2):
        agreed(desk, access.organisation, number, state=state)
    ended = agreed(desk, access.organisation, 9)
    ended.contact_consents.update(ended_on=localdate(now()))
    rows = export_contacts(access=access, appeal=desk.appeal)
    assert [one.address for one in rows] == ["canary1@tests.example"]


def test_a_member_and_a_coordinator_take_out_nothing(desk):
    access = representative(desk)
    agreed(desk, access.organisation)
    colleague = desk.other(SeatRole.COORDINATOR, organisation=access.organisation)
    for one in (colleague, desk.other(SeatRole.COORDINATOR)):
        with pytest.raises(NotAllowed):
            export_contacts(access=one, appeal=desk.appeal)
    assert not AuditEntry.objects.filter(action="appeal.contacts_exported").exists()


def test_nobody_to_take_out_is_said_in_words(desk):
    access = representative(desk)
    with pytest.raises(Refused, match="Nobody lets"):
        export_contacts(access=access, appeal=desk.appeal)


def test_a_frozen_organisation_is_offered_no_more(desk):
    access = representative(desk)
    offer_contact(access=access, appeal=desk.appeal)
    FreezeFactory(organisation=access.organisation, frozen_at=now())
    assert not contact_offers_of(desk.appeal).exists()
    registry.notify_access_changed([access.user])
    assert ContactOffer.objects.get().ended_at is not None


def test_an_organisation_whose_name_is_withheld_from_now_on_is_offered_no_more(desk):
    access = representative(desk)
    offer_contact(access=access, appeal=desk.appeal)
    access.organisation.listing = Listing.WITHHELD
    access.organisation.save()
    assert not contact_offers_of(desk.appeal).exists()
    registry.notify_organisation_changed(access.organisation)
    assert ContactOffer.objects.get().ended_at is not None


def test_an_organisation_that_takes_part_no_more_is_offered_no_more(desk):
    access = representative(desk)
    offer_contact(access=access, appeal=desk.appeal)
    access.organisation.participations.update(ended_at=now())
    assert not contact_offers_of(desk.appeal).exists()
    assert [end_groundless_offers() for _time in range(2)] == [1, 0]


def test_who_supports_two_versions_is_taken_out_once_as_written_last(desk, client_of):
    access = representative(desk)
    agreed(desk, access.organisation, 1, language="ru")
    second = AppealVersionFactory(appeal=desk.appeal, publication=desk.version.publication, number=2)
    row = SupportFactory(version=second, address="Canary1+new@tests.example", language="kk")
    ContactConsent.objects.create(
        support=row, organisation=access.organisation, words="x", day=localdate(now())
    )
    assert export_contacts(access=access, appeal=desk.appeal) == [
        ContactRow("Canary1+new@tests.example", "kk")
    ]
    assert AuditEntry.objects.get(action="appeal.contacts_exported").detail == {"count": 1}
    page = client_of(access.user).get(reverse("campaigns:appeal_contacts", args=[desk.appeal.uuid]))
    assert page.context["own_count"] == 1


def test_an_organisation_that_leaves_the_workspace_loses_its_consents_and_addresses_there(desk):
    access, other = representative(desk), representative(desk)
    only, both = agreed(desk, access.organisation, 1), agreed(desk, access.organisation, 2)
    ContactConsent.objects.create(
        support=both, organisation=other.organisation, words="x", day=localdate(now())
    )
    elsewhere = open_appeal(slug="elsewhere")
    ParticipationFactory(workspace=elsewhere.appeal.workspace, organisation=access.organisation)
    kept = SupportFactory(version=elsewhere, address="canary3@tests.example")
    ContactConsent.objects.create(
        support=kept, organisation=access.organisation, words="x", day=localdate(now())
    )
    assert end_groundless_contacts() == 0
    end_participation(access=desk.access, organisation=access.organisation)
    assert end_groundless_contacts() == 2
    for row in (only, both, kept):
        row.refresh_from_db()
    assert (only.address, both.address, kept.address) == (
        "",
        "canary2@tests.example",
        "canary3@tests.example",
    )
    still = ContactConsent.objects.filter(ended_on=None).values_list("organisation", "support")
    assert set(still) == {(other.organisation.pk, both.pk), (access.organisation.pk, kept.pk)}
    assert end_groundless_contacts() == 0


def test_who_leaves_the_coalition_loses_offers_consents_and_addresses(desk):
    access, other = representative(desk), representative(desk)
    offer_contact(access=access, appeal=desk.appeal)
    only = agreed(desk, access.organisation, 1)
    both = agreed(desk, access.organisation, 2)
    ContactConsent.objects.create(
        support=both, organisation=other.organisation, words="x", day=localdate(now())
    )
    end_organisation(by=access.user, organisation=access.organisation)
    only.refresh_from_db()
    both.refresh_from_db()
    assert (only.address, both.address) == ("", "canary2@tests.example")
    assert not ContactConsent.objects.filter(organisation=access.organisation, ended_on=None).exists()
    assert ContactOffer.objects.get().ended_at is not None
    assert len(export_contacts(access=other, appeal=desk.appeal)) == 1
