"""The secretariat brings partners in; names that are not told stay untold to it too."""

import pytest
from django.urls import reverse
from django.utils import timezone

from coalition.accounts.actions.organisations import (
    change_listing,
    change_profile,
    create_organisation,
    initials_of,
)
from coalition.accounts.models import (
    Invitation,
    Language,
    Listing,
    MembershipRole,
    Office,
    OfficeKind,
    Organisation,
    OrganisationKind,
)
from coalition.accounts.permissions import NotAllowed
from coalition.audit.models import AuditEntry
from coalition.core.errors import Refused
from tests.factories import FreezeFactory, MembershipFactory, OfficeFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db

CANARY = "Canary Shelter"
PROFILE = {
    "kind": OrganisationKind.CRISIS_CENTRE,
    "name_kk": "«Қанат» орталығы",
    "name_ru": "Центр «Канат»",
    "name_en": "Qanat Centre",
    "regions": ["KZ-19"],
    "languages": ["kk", "ru"],
    "reads": ["kk"],
}


@pytest.fixture
def secretariat():
    return OfficeFactory(kind=OfficeKind.SECRETARIAT).person


@pytest.fixture
def browser(secretariat, client_of):
    return client_of(secretariat)


def withheld(listing=Listing.WITHHELD):
    return OrganisationFactory(listing=listing, name_kk=CANARY, name_ru=CANARY, name_en=CANARY)


def test_an_organisation_is_created_and_its_representative_invited(browser):
    typed = {**PROFILE, "listing": Listing.PUBLIC}
    answer = browser.post(reverse("secretariat:organisation_create"), typed)
    row = Organisation.objects.get()
    assert answer.url == reverse("secretariat:invite", args=[row.uuid])
    assert (row.slug, row.initials) == ("qanat-centre", "ҚО")
    assert row.name_kk == "«Қанат» орталығы"
    invited = {"email": "rep@tests.example", "name": "Rep", "role": "representative", "language": "kk"}
    assert browser.post(answer.url, invited).url == reverse("secretariat:invitations")
    assert Invitation.objects.get().role == MembershipRole.REPRESENTATIVE
    assert "rep@tests.example" in browser.get(reverse("secretariat:invitations")).content.decode()


def test_the_secretariat_invites_no_plain_members(browser):
    row = OrganisationFactory()
    invited = {"email": "m@tests.example", "name": "M", "role": "member", "language": "kk"}
    assert browser.post(reverse("secretariat:invite", args=[row.uuid]), invited).status_code == 422
    assert not Invitation.objects.exists()


def test_a_slug_is_for_the_public_only_and_two_never_share_one(secretariat):
    first = create_organisation(by=secretariat, listing=Listing.PUBLIC, **PROFILE)
    second = create_organisation(by=secretariat, listing=Listing.PUBLIC, **PROFILE)
    third = create_organisation(by=secretariat, listing=Listing.CONFIDENTIAL, **PROFILE)
    assert first.slug != second.slug
    assert third.slug is None
    assert len({first.code, second.code, third.code}) == 3
    assert len({first.hue, second.hue, third.hue}) == 3


def test_a_stricter_listing_takes_the_slug_away(secretariat):
    row = create_organisation(by=secretariat, listing=Listing.PUBLIC, **PROFILE)
    assert change_listing(by=secretariat, organisation=row, listing=Listing.WITHHELD).slug is None


def test_only_its_own_people_loosen_a_listing(secretariat):
    row = withheld()
    with pytest.raises(Refused, match="own representatives"):
        change_listing(by=secretariat, organisation=row, listing=Listing.PUBLIC)
    own = MembershipFactory(organisation=row, role=MembershipRole.REPRESENTATIVE).person
    assert change_listing(by=own, organisation=row, listing=Listing.PUBLIC).slug


@pytest.mark.parametrize("listing", [Listing.WITHHELD, Listing.CONFIDENTIAL])
def test_a_name_that_is_not_told_is_on_no_page_of_the_secretariat(browser, listing):
    row = withheld(listing)
    member = MembershipFactory(organisation=row, role=MembershipRole.REPRESENTATIVE)
    Invitation.objects.create(
        organisation=row,
        email="someone@canary-shelter.example",
        name="Someone",
        role=MembershipRole.REPRESENTATIVE,
        token_hash="x",
        invited_by=member.person,
        expires_at=timezone.now(),
    )
    for address in (
        reverse("secretariat:organisations"),
        reverse("secretariat:organisation", args=[row.uuid]),
        reverse("secretariat:invite", args=[row.uuid]),
        reverse("secretariat:invitations"),
        reverse("secretariat:offices"),
    ):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert "canary" not in answer.content.decode().lower(), address
        if "offices" not in address:
            assert row.code in answer.content.decode(), address


def test_its_words_are_not_changed_by_who_may_not_read_them(browser):
    row = withheld()
    address = reverse("secretariat:organisation", args=[row.uuid])
    assert browser.post(address, {**PROFILE, "kind": OrganisationKind.NGO}).status_code == 302
    row.refresh_from_db()
    assert row.name_en == CANARY


def test_the_log_keeps_which_fields_changed_and_no_words(secretariat):
    row = OrganisationFactory()
    change_profile(by=secretariat, organisation=row, name_en=CANARY)
    entry = AuditEntry.objects.get(action="organisation.profile_changed")
    assert entry.detail == {"fields": ["name_en"]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name_en": "x" * 10_000}, "At most 200"),
        ({"regions": ["KZ-99"]}, "valid choice"),
        ({"reads": []}, "is required"),
        ({"website": "javascript:alert(1)"}, "valid URL"),
    ],
)
def test_bad_profiles_are_refused_in_words(browser, change, words):
    typed = {**PROFILE, "listing": Listing.PUBLIC, **change}
    page = browser.post(reverse("secretariat:organisation_create"), typed).content.decode()
    assert words in page
    assert not Organisation.objects.exists()


def test_a_frozen_organisation_is_shown_as_such(browser):
    row = FreezeFactory(frozen_at=timezone.now()).organisation
    assert "Frozen" in browser.get(reverse("secretariat:organisations")).content.decode()
    page = browser.get(reverse("secretariat:organisation", args=[row.uuid])).content.decode()
    assert "is frozen" in page


def test_offices_are_given_and_taken_away(browser, secretariat):
    person = MembershipFactory().person
    page = reverse("secretariat:offices")
    assert (
        "Nobody with this address"
        in browser.post(page, {"email": "nobody@tests.example", "kind": "newsroom"}).content.decode()
    )
    browser.post(page, {"email": person.email, "kind": "newsroom"})
    assert person.name in browser.get(page).content.decode()
    browser.post(reverse("secretariat:office_end", args=[person.uuid, "newsroom"]))
    assert Office.objects.get(person=person).ended_at
    own = browser.post(reverse("secretariat:office_end", args=[secretariat.uuid, "secretariat"]), follow=True)
    assert "at least one person" in own.content.decode()


def outsiders():
    return {
        "member": MembershipFactory().person,
        "representative": MembershipFactory(role=MembershipRole.REPRESENTATIVE).person,
        "newsroom": OfficeFactory(kind=OfficeKind.NEWSROOM).person,
        "superuser": UserFactory(is_superuser=True),
        "former secretariat": MembershipFactory(
            person=OfficeFactory(kind=OfficeKind.SECRETARIAT, ended_at=timezone.now()).person
        ).person,
    }


def test_to_everyone_else_the_pages_are_not_there(client_of, client):
    row = OrganisationFactory()
    addresses = [
        reverse(f"secretariat:{name}", args=args)
        for name, args in (
            ("organisations", []),
            ("organisation_create", []),
            ("invitations", []),
            ("offices", []),
            ("organisation", [row.uuid]),
            ("organisation_listing", [row.uuid]),
            ("invite", [row.uuid]),
        )
    ]
    for address in addresses:
        assert "/accounts/login/" in client.get(address).url
    for who, person in outsiders().items():
        for address in addresses:
            for method in ("get", "post"):
                assert getattr(client_of(person), method)(address).status_code == 404, (who, address)
    with pytest.raises(NotAllowed):
        create_organisation(by=row_of_superuser(), listing=Listing.PUBLIC, **PROFILE)


def row_of_superuser():
    return UserFactory(is_superuser=True)


@pytest.mark.parametrize("many", [1, 3])
def test_the_lists_cost_the_same_for_one_and_for_three(browser, many, django_assert_max_num_queries):
    for _ in range(many):
        withheld()
    for name in ("organisations", "invitations", "offices"):
        browser.get(reverse(f"secretariat:{name}"))
        with django_assert_max_num_queries(12):
            browser.get(reverse(f"secretariat:{name}"))


@pytest.mark.parametrize(
    ("name", "initials"), [("«Қанат» орталығы", "ҚО"), ("Ана", "А"), ("8 наурыз — қозғалыс", "8Н"), ("—", "")]
)
def test_initials_come_from_the_first_two_words(name, initials):
    assert initials_of(name) == initials


def test_every_language_has_a_name_field(browser):
    page = browser.get(reverse("secretariat:organisation_create")).content.decode()
    for code in Language.values:
        assert f'name="name_{code}"' in page
