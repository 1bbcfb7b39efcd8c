"""An address for corrections: left, confirmed, deleted, forgotten."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from coalition.applicants.views import new_stamp
from coalition.campaigns.media_package.actions.packages import publish_package, unpublish_package
from coalition.campaigns.media_package.enums import AddressState, AnswerWay, NoticeKind, OutletAnswer
from coalition.campaigns.media_package.models import CorrectionAddress, ItemNotice, NoticeAnswer, Rendition
from coalition.campaigns.media_package.notices.actions import record_answer, send_notice
from coalition.campaigns.media_package.notices.public_views import FORM
from coalition.campaigns.media_package.notices.retention import forget_addresses, forget_people
from coalition.core.clock import freeze_clock_at, now
from coalition.mail import outbox
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.notices.builders import correction_address, outlet_with

pytestmark = pytest.mark.django_db


def form_of(slug: str = "package") -> str:
    with override("en"):
        return reverse("media_corrections", args=[slug])


def posted(**given: str) -> dict[str, str]:
    return {"address": "blogger@tests.example", "stamp": new_stamp(FORM)} | given


def test_an_address_is_left_confirmed_and_deleted(open_package: Press, client: Client, mailoutbox) -> None:
    page = client.get(form_of())
    assert page.status_code == 200
    assert "csrftoken" not in page.cookies
    answer = client.post(form_of(), posted())
    assert client.get(answer["Location"]).status_code == 200
    outbox.deliver_due()
    own = re.search(r"/en/media/address/\S+/", mailoutbox[-1].body)
    assert own
    assert "Corrections: Package" in mailoutbox[-1].subject
    assert client.get(own[0]).status_code == 200
    assert CorrectionAddress.objects.get().state == AddressState.UNPROVED  # a GET proves nothing

    assert client.post(own[0], {"act": "confirm"}).status_code == 302
    assert CorrectionAddress.objects.get().state == AddressState.ACTIVE
    assert "Delete my address" in client.get(own[0]).content.decode()
    assert "is deleted" in client.post(own[0], {"act": "delete"}).content.decode()
    assert not CorrectionAddress.objects.exists()
    assert client.get(own[0]).status_code == 404


def test_a_known_address_gets_its_link_again_and_the_same_answer(open_package: Press, client: Client) -> None:
    first = client.post(form_of(), posted())
    again = client.post(form_of(), posted(address="Blogger@tests.example"))
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert CorrectionAddress.objects.count() == 1


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nBcc: c@d.kz", "а" * 300 + "@b.kz"])
def test_a_bad_address_is_shown_again_and_not_stored(
    open_package: Press, client: Client, address: str
) -> None:
    assert client.post(form_of(), posted(address=address)).status_code == 422
    assert not CorrectionAddress.objects.exists()


def test_the_form_is_guarded_as_other_public_forms_are(open_package: Press, client: Client) -> None:
    foreign = client.post(form_of(), posted(), headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert client.post(form_of(), posted(stamp="x")).status_code == 409
    assert client.post(form_of(), posted(leave_empty="bot")).status_code == 302
    assert not CorrectionAddress.objects.exists()


def test_there_is_no_form_without_a_public_page(open_package: Press, client: Client) -> None:
    unpublish_package(access=open_package.access, package=open_package.package)
    assert client.get(form_of()).status_code == 404
    assert client.get(form_of("other")).status_code == 404


def test_addresses_are_forgotten(open_package: Press) -> None:
    package = open_package.package
    with freeze_clock_at(now() - datetime.timedelta(days=8)):
        correction_address(package, "unproved@tests.example", state=AddressState.UNPROVED)
        correction_address(package)
    assert forget_addresses() == 1
    assert CorrectionAddress.objects.get().state == AddressState.ACTIVE


def test_addresses_are_forgotten_a_year_after_the_package_was_closed(open_package: Press) -> None:
    package, access = open_package.package, open_package.access
    correction_address(package)
    with freeze_clock_at(now() - datetime.timedelta(days=400)):
        unpublish_package(access=access, package=package)
        publish_package(access=access, package=package)
    assert forget_addresses() == 0
    with freeze_clock_at(now() - datetime.timedelta(days=364)):
        unpublish_package(access=access, package=package)
    assert forget_addresses() == 0
    with freeze_clock_at(now() + datetime.timedelta(days=2)):
        assert forget_addresses() == 1


def test_people_of_the_desk_are_forgotten(open_package: Press) -> None:
    outlet_with(Rendition.objects.get())
    access = open_package.access
    notice = send_notice(access=access, item=open_package.items[0], kind=NoticeKind.CORRECTION)
    record_answer(
        access=access,
        recipient=notice.recipients.get(),
        answer=OutletAnswer.REPLACED,
        way=AnswerWay.PHONE,
    )
    assert forget_people() == 0
    with freeze_clock_at(now() + datetime.timedelta(days=5 * 365)):
        assert forget_people() == 2
    assert (ItemNotice.objects.get().sent_by, NoticeAnswer.objects.get().answered_by) == (None, None)
