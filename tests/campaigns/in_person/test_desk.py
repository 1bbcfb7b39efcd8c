"""Tables at the desk."""

import datetime
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from lxml import html

from coalition.accounts.models import Listing
from coalition.campaigns.core.double_count import CountState
from coalition.campaigns.in_person.counting.actions import close_table
from coalition.campaigns.in_person.counting.models import Tally
from coalition.campaigns.in_person.links import table_token
from coalition.campaigns.in_person.models import Table, TableGuidance
from coalition.core.clock import now
from coalition.roles import SeatRole
from documents.drafts.models import Handling
from documents.models import StoredFile
from tests.campaigns.in_person.builders import TELEPHONE, opened, permission_file, prepared, table_stage, tap
from tests.conftest import new_client
from tests.documents.approval.builders import stage
from tests.factories import seat

pytestmark = pytest.mark.django_db


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def desk(made) -> str:
    return f"/workspaces/{made.workspace.uuid}/tables/"


def sent(made, version, **changed: object) -> dict[str, object]:
    return {
        "appeal": str(version.appeal.uuid),
        "organisation": str(made.organisations[0].uuid),
        "region": "KZ-75",
        "place": "Library, Abai 14",
        "day": localdate(now()).isoformat(),
        "permission_by": "City library",
        "permission_on": "2026-03-01",
        "permission_words": "Letter No. 12",
        "permission_file": "",
        **changed,
    }


def test_a_coordinator_prepares_a_table_and_passes_its_link_on() -> None:
    made, version = table_stage()
    browser = new_client(made.coordinator)
    answer = browser.post(f"{desk(made)}new/", sent(made, version), follow=True)
    table = Table.objects.get()
    token, text = table_token(table), answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/workspaces/tables/{table.uuid}/"
    assert f"/table/{token}/" in text
    assert "data:image/png;base64," in text
    assert "https://wa.me/?text=" in text
    assert "Copy for WhatsApp" in text
    assert table.referral.code in text
    renewed = browser.post(f"/workspaces/tables/{table.uuid}/link/", follow=True).content.decode()
    assert token not in renewed
    browser.post(f"/workspaces/tables/{table.uuid}/cancel/")
    table.refresh_from_db()
    assert table.cancelled_at
    assert (
        f"/table/{table_token(table)}/"
        not in browser.get(f"/workspaces/tables/{table.uuid}/").content.decode()
    )


def test_the_permission_is_uploaded_and_stays_when_the_form_is_refused() -> None:
    made, version = table_stage()
    browser = new_client(made.coordinator)
    yesterday = localdate(now()) - datetime.timedelta(days=1)
    upload = SimpleUploadedFile("letter.txt", b"Allowed.", "text/plain")
    answer = browser.post(
        f"{desk(made)}new/", sent(made, version, day=yesterday.isoformat(), permission_upload=upload)
    )
    assert answer.status_code == 422
    file = StoredFile.objects.get()
    tree = html.document_fromstring(answer.content)
    assert tree.xpath("//select[@name='permission_file']/option[@selected]/@value") == [str(file.uuid)]
    assert tree.xpath("//input[@name='place']/@value") == ["Library, Abai 14"]
    assert "This day is past." in text_of(answer)
    browser.post(f"{desk(made)}new/", sent(made, version, permission_file=str(file.uuid)))
    assert Table.objects.get().permission_file == file


def test_a_limited_permission_is_refused_beside_its_field_and_the_desk_asks_for_another_one() -> None:
    made, version = table_stage()
    file = permission_file(made)
    table = prepared(made, version, permission_file=file)
    StoredFile.objects.update(handling=Handling.ORGANISATION)
    browser = new_client(made.coordinator)
    text = text_of(browser.get(f"/workspaces/tables/{table.uuid}/"))
    assert "not shown to volunteers any more" in text
    assert f"/workspaces/tables/{table.uuid}/settings/" in text
    answer = browser.post(f"{desk(made)}new/", sent(made, version, permission_file=str(file.uuid)))
    assert answer.status_code == 422
    assert "Only some people" in "".join(answer.context["form"].errors["permission_file"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("place", ""),
        ("place", "x" * 161),
        ("place", "a\r\nb"),
        ("region", "KZ-99"),
        ("day", "soon"),
        ("appeal", "nothing"),
        ("organisation", "01a229dd-8cd6-7001-989d-1a32f67ac3ce"),
        ("permission_file", "01a229dd-8cd6-7001-989d-1a32f67ac3ce"),
        ("permission_upload", SimpleUploadedFile("letter.exe", b"MZ", "application/x-msdownload")),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_nothing_typed_is_lost(field, value) -> None:
    made, version = table_stage()
    answer = new_client(made.coordinator).post(f"{desk(made)}new/", sent(made, version, **{field: value}))
    assert answer.status_code == 422
    tree = html.document_fromstring(answer.content)
    assert tree.xpath(f"//*[contains(@class, 'field--error')][.//*[@name='{field}']]")
    assert tree.xpath("//input[@name='permission_by']/@value") == ["City library"]
    assert not Table.objects.exists()


def test_contributors_prepare_their_own_tables_and_see_no_link_of_others() -> None:
    made, version = table_stage()
    others = opened(made, version)
    contributor = seat(workspace=made.workspace, role=SeatRole.CONTRIBUTOR)
    browser = new_client(contributor.person)
    tree = html.document_fromstring(browser.get(f"{desk(made)}new/").content)
    options = tree.xpath("//select[@name='organisation']/option/@value")
    assert options == [str(contributor.organisation.uuid)]
    text = browser.get(f"/workspaces/tables/{others.uuid}/").content.decode()
    assert table_token(others) not in text
    assert others.referral.code not in text
    for part in ("settings", "cancel", "link"):
        assert (
            browser.post(f"/workspaces/tables/{others.uuid}/{part}/", sent(made, version)).status_code == 403
        )
    assert browser.get(f"{desk(made)}guidance/").status_code == 403
    own = sent(made, version, organisation=str(contributor.organisation.uuid))
    assert browser.post(f"{desk(made)}new/", own).status_code == 302


def test_observers_see_nothing_and_strangers_find_nothing() -> None:
    made, version = table_stage()
    table = opened(made, version)
    observer = seat(workspace=made.workspace, role=SeatRole.OBSERVER)
    elsewhere = stage()
    for path in (desk(made), f"{desk(made)}new/", f"{desk(made)}guidance/"):
        assert new_client(observer.person).get(path).status_code == 403
        assert new_client(elsewhere.coordinator).get(path).status_code == 404
    for person in (observer.person, elsewhere.coordinator):
        assert new_client(person).get(f"/workspaces/tables/{table.uuid}/").status_code == 404


def test_a_withheld_name_is_not_shown_to_who_has_not_met_the_organisation() -> None:
    made, version = table_stage()
    confidential = made.organisation(
        listing=Listing.CONFIDENTIAL, name_en="Canary hidden", name_kk="Canary kk"
    )
    table = prepared(made, version, organisation=confidential)
    reviewer = seat(workspace=made.workspace, role=SeatRole.REVIEWER)
    for path in (desk(made), f"/workspaces/tables/{table.uuid}/"):
        assert "Canary" not in new_client(reviewer.person).get(path).content.decode()


def test_the_guidance_is_written_by_a_coordinator_with_careful_words_to_begin_with() -> None:
    made, version = table_stage()
    TableGuidance.objects.all().delete()
    browser = new_client(made.coordinator)
    page = browser.get(f"{desk(made)}guidance/").content.decode()
    assert "Stay calm and polite." in page
    words = {"legal_note_en": "No assembly.", "lawyer_name": "Aigul", "lawyer_role": "Advocate"}
    bad = words | {"noted_on": "2026-03-01", "duty_telephone": "call us"}
    answer = browser.post(f"{desk(made)}guidance/", bad)
    assert answer.status_code == 422
    assert "as it is dialled" in text_of(answer)
    assert 'value="Aigul"' in answer.content.decode()
    ahead = localdate(now()) + datetime.timedelta(days=2)
    late = bad | {"duty_telephone": TELEPHONE, "noted_on": ahead.isoformat()}
    assert "cannot be of a day to come" in text_of(browser.post(f"{desk(made)}guidance/", late))
    answer = browser.post(f"{desk(made)}guidance/", bad | {"duty_telephone": TELEPHONE}, follow=True)
    assert "Aigul, Advocate" in text_of(answer)
    assert "This is missing" not in text_of(
        browser.get(f"/workspaces/tables/{prepared(made, version).uuid}/")
    )


def test_the_list_says_what_is_missing_with_a_link_to_fill_it_in() -> None:
    made, version = table_stage()
    TableGuidance.objects.all().delete()
    table = prepared(made, version, permission_by="")
    browser = new_client(made.coordinator)
    page = html.document_fromstring(browser.get(f"/workspaces/tables/{table.uuid}/").content)
    links = {one.text: one.get("href") for one in page.xpath("//div[contains(@class,'notice')]//li/a")}
    assert links["the duty telephone"] == f"{desk(made)}guidance/"
    assert links["who owns the place and allowed the table"] == f"/workspaces/tables/{table.uuid}/settings/"
    assert "No table of this workspace can open." in text_of(browser.get(desk(made)))


def test_the_list_costs_the_same_with_one_table_and_with_three() -> None:
    made, version = table_stage()
    browser = new_client(made.coordinator)
    tap(opened(made, version), 3, 3)
    browser.get(desk(made))

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert browser.get(desk(made)).status_code == 200
        return len(counted)

    one = queries()
    for number in range(2):
        other = made.organisation()
        prepared(made, version, organisation=other, place=f"Place {number}")
    assert queries() == one


def test_an_open_table_changes_its_permission_alone() -> None:
    made, version = table_stage()
    table = opened(made, version)
    browser = new_client(made.coordinator)
    settings = f"/workspaces/tables/{table.uuid}/settings/"
    tree = html.document_fromstring(browser.get(settings).content)
    assert len(tree.xpath("//*[@disabled][@name='place' or @name='day' or @name='appeal']")) == 3
    browser.post(settings, sent(made, version, place="Elsewhere", permission_words="Letter No. 13"))
    table.refresh_from_db()
    assert (table.place, table.permission_words) == ("Library, Abai 14", "Letter No. 13")


def test_the_desk_shows_no_taps_before_two_have_counted() -> None:
    made, version = table_stage()
    table, phone = opened(made, version), uuid4()
    tap(table, 4711, 4711, phone)
    browser = new_client(made.coordinator)
    paths = (desk(made), f"/workspaces/tables/{table.uuid}/")

    def page_texts() -> list[str]:
        return [text_of(browser.get(path)) for path in paths]

    for text in page_texts():
        assert "4711" not in text
        assert "hown once two people have counted and agree" in text
    tally = close_table(access=made.access, table=table, count=4800)
    tap(table, 4712, 4712, phone)
    for text in page_texts():
        assert "4712" not in text
        assert "arrived after the closing" not in text
    Tally.objects.filter(pk=tally.pk).update(
        state=CountState.SETTLED, count=4800, by_telephone=False, settled_at=now()
    )
    listed, page = page_texts()
    assert "Tapped: 4712. By code: 0." in listed
    assert "4712" in page
    assert "arrived after the closing" in page


def test_the_page_of_a_table_offers_what_its_count_needs() -> None:
    made, version = table_stage()
    table = opened(made, version)
    writer = seat(workspace=made.workspace, role=SeatRole.CONTRIBUTOR)
    page = f"/workspaces/tables/{table.uuid}/"

    def offered(person) -> list[str]:
        tree = html.document_fromstring(new_client(person).get(page).content)
        return [one.text_content().strip() for one in tree.xpath("//section[@aria-labelledby='numbers']//a")]

    assert offered(made.coordinator) == ["Close and count"]
    assert offered(writer.person) == [], "another organisation closes it"
    tally = close_table(access=made.access, table=table, count=5)
    assert offered(made.coordinator) == ["See the count"]
    assert offered(writer.person) == ["Count"]
    Tally.objects.filter(pk=tally.pk).update(
        state=CountState.SETTLED, count=5, by_telephone=False, settled_at=now()
    )
    assert offered(writer.person) == ["See the count"]


@pytest.mark.parametrize(
    ("permission", "words"),
    [
        ("Letter No. 12", "The table is prepared. Pass its link on to the volunteers."),
        ("", "The table is prepared. It cannot open before what is missing is added."),
    ],
)
def test_a_prepared_table_is_said_to_be_ready_only_if_it_is(permission: str, words: str) -> None:
    made, version = table_stage()
    values = sent(made, version, permission_words=permission)
    answer = new_client(made.coordinator).post(f"{desk(made)}new/", values, follow=True)
    assert [str(one) for one in answer.context["messages"]] == [words]


def test_a_table_that_nobody_closed_is_pointed_out() -> None:
    made, version = table_stage()
    table = opened(made, version)
    Table.objects.filter(pk=table.pk).update(day=localdate(now()) - datetime.timedelta(days=1))
    browser = new_client(made.coordinator)
    assert "To be closed" in text_of(browser.get(desk(made)))
    campaign = browser.get(f"/workspaces/{made.workspace.uuid}/campaign/")
    assert "Something waits" in text_of(campaign)


def test_the_campaign_page_has_the_section() -> None:
    made, version = table_stage()
    browser = new_client(made.coordinator)
    campaign = f"/workspaces/{made.workspace.uuid}/campaign/"
    assert "There is no table yet." in text_of(browser.get(campaign))
    opened(made, version)
    assert "1 table is open, 0 prepared." in text_of(browser.get(campaign))
