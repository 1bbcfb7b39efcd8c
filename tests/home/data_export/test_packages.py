"""Media packages: what leaves with their organisation, and what is left of who asks to be forgotten."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils.timezone import localdate

from coalition.accounts.models import MembershipRole, User
from coalition.campaigns.media_package.actions.items import create_item
from coalition.campaigns.media_package.actions.packages import create_package
from coalition.campaigns.media_package.enums import AnswerWay, ItemKind, NoticeKind, OutletAnswer
from coalition.campaigns.media_package.models import (
    CorrectionAddress,
    FileUpload,
    ItemNotice,
    MediaItem,
    MediaPackage,
    NoticeAnswer,
    NoticeRecipient,
    PackageLink,
    Rendition,
    TakenFile,
)
from coalition.campaigns.media_package.notices.actions import record_answer, send_notice
from coalition.campaigns.media_package.outlets.actions import link_path
from coalition.campaigns.media_package.outlets.coverage import log_airing
from coalition.campaigns.media_package.uploads.actions import begin_upload
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.permissions import access_to
from events.press.coverage.models import CoverageKind
from home.data_export.write import forget_person
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.conftest import open_package
from tests.campaigns.media_package.notices.builders import correction_address, take
from tests.campaigns.media_package.outlets.builders import given
from tests.factories import MembershipFactory, OrganisationFactory, seat
from tests.home.data_export.test_person import everything

__all__ = ["open_package"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
OUTLET, BLOGGER, OWN = "oral-tv@tests.example", "blogger@tests.example", "kanarienvogel@tests.example"


@pytest.fixture
def made(open_package: Press) -> Press:
    """A package whose coordinator gave links and sent a notice; an airing, an answer, an upload."""
    person = open_package.made.coordinator
    User.objects.filter(pk=person.pk).update(name="Kanarenvogel Testova", email=OWN)
    person.refresh_from_db()
    access, item = open_package.access, open_package.items[0]
    link = given(open_package)
    take(link, Rendition.objects.get())
    correction_address(open_package.package, BLOGGER)
    notice = send_notice(access=access, item=item, kind=NoticeKind.CORRECTION)
    row = notice.recipients.get(link=link)
    record_answer(access=access, recipient=row, answer=OutletAnswer.REPLACED, way=AnswerWay.PHONE)
    log_airing(
        source=link,
        item=item,
        title="The film",
        kind=CoverageKind.TELEVISION,
        on=localdate(now()),
        aired_at=None,
        programme="Evening",
        link="",
    )
    begin_upload(
        access=access,
        item=item,
        name="kanarienvogel.mp4",
        size=1000,
        rendition_format="1080p25",
        language="kk",
    )
    return open_package


def test_a_package_leaves_with_its_organisation(made: Press, tmp_path: Path) -> None:
    other = seat(workspace=made.made.workspace, role=SeatRole.EDITOR).person
    access = access_to(other, made.made.workspace.uuid)
    package = create_package(
        access=access, title=dict.fromkeys(("kk", "ru", "en"), "Fremdvogel"), slug="fremdvogel"
    )
    create_item(access=access, package=package, title="Fremdvogel", kind=ItemKind.TEXT, name="fremdvogel")
    given(Press(made.made, package), "Fremdvogel TV")
    call_command("export_organisation", str(made.access.organisation.uuid), str(tmp_path / "out"))
    content = (tmp_path / "out" / "media_packages.json").read_text(encoding="utf-8")
    found = json.loads(content)
    assert [one["file_name"] for one in found["Rendition"]] == ["film_document_v1.txt"]
    assert [(one["outlet"], one["address"]) for one in found["PackageLink"]] == [("Oral TV", OUTLET)]
    assert [one["answer"] for one in found["NoticeRecipient"]] == ["replaced", ""]
    counts = {name: len(rows) for name, rows in found.items()}
    expected = {"MediaPackage": 1, "MediaItem": 1, "ItemNotice": 1, "ItemCoverage": 1, "TakenFile": 1}
    expected |= {"Rendition": 1, "PackageLink": 1, "NoticeRecipient": 2, "NoticeAnswer": 1}
    assert counts == expected
    whole = "\n".join(one.read_text(encoding="utf-8", errors="replace") for one in tmp_path.rglob("*.json"))
    for word in ("fremdvogel", BLOGGER, "kanarienvogel.mp4", link_path(PackageLink.objects.first())):
        assert word.casefold() not in whole.casefold()


def test_an_outlet_that_asks_is_forgotten_and_what_it_took_stays_as_a_number(made: Press) -> None:
    forget_person(OUTLET.upper())
    link = PackageLink.objects.get()
    assert (link.outlet, link.address, link.contact) == ("", "", None)
    assert link.ended_at is not None
    assert OUTLET not in everything()
    assert TakenFile.objects.filter(link=link).count() == 1
    assert link.notices.get().answer == OutletAnswer.REPLACED


def test_of_an_address_for_corrections_nothing_is_left(made: Press) -> None:
    assert BLOGGER in everything()
    forget_person(BLOGGER)
    assert BLOGGER not in everything()
    assert not CorrectionAddress.objects.exists()
    assert NoticeRecipient.objects.filter(link=None).count() == 0
    assert NoticeRecipient.objects.count() == 1


def test_a_press_contact_of_a_package_is_forgotten(made: Press) -> None:
    own = {
        "contact_name": "Aru Press",
        "contact_phone": "+7 701 736 17 36",
        "contact_mail": "aru@tests.example",
    }
    MediaPackage.objects.update(**own)
    forget_person("aru@tests.example")
    package = MediaPackage.objects.get()
    assert (package.contact_name, package.contact_phone, package.contact_mail) == ("", "", "")


def test_who_worked_at_the_desk_is_forgotten_and_the_package_stays(made: Press) -> None:
    person = made.made.coordinator
    organisation = made.access.organisation
    MembershipFactory(organisation=organisation, role=MembershipRole.REPRESENTATIVE)
    seat(workspace=made.made.workspace, role=SeatRole.COORDINATOR, organisation=OrganisationFactory())
    number = person.pk
    assert "kanarienvogel.mp4" in everything()
    forget_person(OWN)
    left = everything()
    for word in (OWN, "Kanarenvogel", "kanarienvogel.mp4"):
        assert word.casefold() not in left
    assert not User.objects.filter(pk=number).exists()
    assert not FileUpload.objects.exists()
    assert MediaPackage.objects.get().created_by is None
    assert PackageLink.objects.get().made_by is None
    assert ItemNotice.objects.get().sent_by is None
    answered = NoticeAnswer.objects.get(recipient__answer=OutletAnswer.REPLACED)
    assert (answered.answered_by, answered.answer, answered.way) == (None, "replaced", AnswerWay.PHONE)
    assert MediaItem.objects.count() == Rendition.objects.count() == TakenFile.objects.count() == 1
