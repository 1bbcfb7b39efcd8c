"""The logo of an organisation: shown by permission, gone in the moment in which it is taken back."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from coalition.accounts.actions.organisations import change_listing, end_organisation
from coalition.accounts.models import Listing, MembershipRole
from coalition.audit.models import AuditEntry
from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from documents.models import OrganisationLogo
from documents.publication.actions import upload_organisation_logo, withdraw_organisation_logo
from home.mirror import write_mirror
from tests.conftest import sign_in
from tests.events.planning.builders import representative_of
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def drawn(kind="PNG"):
    content = BytesIO()
    Image.new("RGB", (600, 200), "#b30a4e").save(content, kind)
    return content.getvalue()


@pytest.fixture
def named(site):
    return OrganisationFactory(name_en="Named", slug="named")


def permit(organisation, content=b"", name="logo.png"):
    content = content or drawn()
    person = representative_of(organisation)
    return upload_organisation_logo(
        person=person, organisation=organisation, content=BytesIO(content), size=len(content), name=name
    )


def at(logo, slug="named", language="en"):
    return f"/{language}/partners/{slug}/logo/{logo.uuid}.png"


def is_kept(logo):
    return logo.file.storage.exists(logo.file.name)


def test_without_permission_there_is_no_logo(named, client):
    page = client.get("/en/partners/named/").content.decode()
    assert "/logo/" not in page
    assert "mark--l" in page


def test_a_permitted_logo_stands_on_the_page_in_every_language(named, client):
    logo = permit(named)
    for language in ("kk", "ru", "en"):
        assert at(logo, language=language) in client.get(f"/{language}/partners/named/").content.decode()
        answer = client.get(at(logo, language=language))
        assert answer["Content-Type"] == "image/png"
        assert Image.open(BytesIO(answer.content)).size == (480, 160)
    assert client.get(at(logo), headers={"if-none-match": answer["ETag"]}).status_code == 304
    entry = AuditEntry.objects.get(action="organisation.logo_permitted")
    assert str(entry.organisation) == str(named.uuid)


def test_taken_back_it_is_gone_at_once_from_page_mirror_and_storage(
    named, client, tmp_path, django_capture_on_commit_callbacks
):
    logo = permit(named)
    write_mirror(tmp_path / "with")
    assert any(path.name == f"{logo.uuid}.png" for path in (tmp_path / "with").rglob("*"))
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_organisation_logo(person=logo.permitted_by, organisation=named)
    assert client.get(at(logo)).status_code == 404
    assert "/logo/" not in client.get("/en/partners/named/").content.decode()
    assert not is_kept(logo)
    write_mirror(tmp_path / "without")
    assert not any(path.suffix == ".png" for path in (tmp_path / "without").rglob("*"))
    withdraw_organisation_logo(person=representative_of(named), organisation=named)  # twice is one


@pytest.mark.parametrize("way", ["withheld", "confidential", "left", "newer"])
def test_nothing_keeps_a_logo_that_is_not_permitted_any_more(
    named, client, way, django_capture_on_commit_callbacks
):
    logo = permit(named)
    with django_capture_on_commit_callbacks(execute=True):
        if way == "left":
            end_organisation(by=representative_of(named), organisation=named)
        elif way == "newer":
            permit(named)
        else:
            change_listing(by=representative_of(named), organisation=named, listing=Listing(way))
    assert client.get(at(logo)).status_code == 404
    assert not is_kept(logo)
    assert OrganisationLogo.objects.count() == (way == "newer")


def test_a_logo_is_asked_for_by_its_own_organisation_alone(named, client):
    logo = permit(named)
    OrganisationFactory(slug="other")
    assert client.get(at(logo, "other")).status_code == 404
    assert client.get(at(logo, "nobody")).status_code == 404


def test_only_representatives_of_a_named_organisation_permit_one(named):
    member = MembershipFactory(organisation=named, role=MembershipRole.MEMBER).person
    stranger = representative_of(OrganisationFactory())
    content = drawn()
    for person in (member, stranger, UserFactory(is_superuser=True)):
        with pytest.raises(NotAllowed):
            upload_organisation_logo(
                person=person,
                organisation=named,
                content=BytesIO(content),
                size=len(content),
                name="logo.png",
            )
        with pytest.raises(NotAllowed):
            withdraw_organisation_logo(person=person, organisation=named)
    hidden = OrganisationFactory(listing=Listing.WITHHELD)
    with pytest.raises(Refused):
        permit(hidden)
    for broken in (b"no picture", drawn()[:60]):
        with pytest.raises(Refused):
            permit(named, broken)
    assert not OrganisationLogo.objects.exists()


def test_the_desk_sends_shows_and_takes_back(named, client, client_of):
    person = representative_of(named)
    desk = sign_in(client, person)
    address = reverse("documents:logo", args=[named.uuid])
    assert address in desk.get(reverse("partners:organisation", args=[named.uuid])).content.decode()
    without = desk.post(address, {"file": SimpleUploadedFile("logo.png", drawn())})
    assert without.status_code == 422
    assert not OrganisationLogo.objects.exists()
    desk.post(address, {"file": SimpleUploadedFile("logo.png", drawn()), "permitted": "on"})
    logo = OrganisationLogo.objects.get()
    assert logo.permitted_by == person
    assert person.name in desk.get(address).content.decode()
    assert desk.get(reverse("documents:logo_image", args=[named.uuid]))["Content-Type"] == "image/png"
    for other in (MembershipFactory(organisation=named).person, representative_of(OrganisationFactory())):
        assert client_of(other).get(address).status_code == 404
        assert client_of(other).post(address, {"act": "back"}).status_code == 404
    desk.post(address, {"act": "back"})
    assert not OrganisationLogo.objects.exists()
