"""Files for a hand-over, what follows from the hand-over, and when the names go."""

import csv
import datetime
import hashlib
from io import BytesIO, StringIO

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import F
from django.urls import reverse
from django.utils.timezone import localdate
from pypdf import PdfReader

from coalition.audit.models import AuditEntry
from coalition.campaigns.appeals.actions import hand_over
from coalition.campaigns.appeals.actions.confirm import SupportChoices, change_choices, withdraw_support
from coalition.campaigns.appeals.actions.hand_over import (
    make_hand_over,
    publish_hand_over,
    record_answer,
    record_delivery,
    record_receipt,
    take_out_file,
    unpublish_hand_over,
)
from coalition.campaigns.appeals.desk_queries import public_hand_overs
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.appeals.hand_over_names import forget_hand_over_files
from coalition.campaigns.appeals.hand_over_storage import read_file
from coalition.campaigns.models import Appeal, AppealVersion, HandOver, Support, SupportTotal
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed
from documents.files.actions import upload_file
from documents.files.models import StoredFile, private_storage
from events.spreadsheets.columns import csv_bytes
from tests.campaigns.appeals.desk.stored import stored_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
# Eight regions, four of them small: together and with one larger one, as the rule of suppression says.
COUNTS = {
    "KZ-75": 640,
    "KZ-71": 310,
    "KZ-79": 95,
    "KZ-10": 41,
    "KZ-11": 4,
    "KZ-15": 3,
    "KZ-23": 2,
    "KZ-62": 5,
}


@pytest.fixture
def supported(desk):
    """An appeal with 1,100 supporters, of whom three gave their names."""
    SupportTotal.objects.bulk_create(
        SupportTotal(version=desk.version, region=region, language="kk", count=count)
        for region, count in COUNTS.items()
    )
    for name in ("Canary Zhanar", "Canary Aizhan", '=HYPERLINK("x")'):
        desk.support(name=name, in_hand_over=True, address="canary-address@tests.example")
    desk.support(name="Canary listed only", is_listed=True)
    desk.support(name="Canary held", in_hand_over=True, state=SupportState.HELD)
    desk.support(name="Canary withdrawn", in_hand_over=True, state=SupportState.WITHDRAWN)
    return desk


def made(desk, language: str = "en") -> HandOver:
    return make_hand_over(access=desk.access, appeal=desk.appeal, language=language)


def today() -> datetime.date:
    return localdate(now())


def taken(row: HandOver, kind: str) -> bytes:
    return read_file(HandOver.objects.get(pk=row.pk), kind)


def text_of(row: HandOver) -> str:
    pages = PdfReader(BytesIO(taken(row, "pdf"))).pages
    assert all(page.mediabox.width > page.mediabox.height for page in pages)
    return "\n".join(page.extract_text() for page in pages)


def table_of(row: HandOver) -> list[list[str]]:
    return list(csv.reader(StringIO(taken(row, "csv").decode("utf-8-sig"))))


def test_the_pdf_says_how_many_where_who_and_which_words(supported):
    row = made(supported)
    text = text_of(row)
    assert "This is not an official petition under the law." in text
    assert "1\u00a0100" in text
    for name in ("Canary Zhanar", "Canary Aizhan"):
        assert name in text
    for other in ("Canary listed only", "Canary held", "Canary withdrawn", "tests.example"):
        assert other not in text
    for digest in supported.version.hashes.values():
        assert digest in text.replace("\n", "")
    assert "640" in text
    assert (row.count, row.names) == (1100, 3)


def test_the_table_holds_the_same_and_no_formula(supported):
    rows = table_of(made(supported))
    assert rows[1] == ["Supporters in all", "", "1100", ""]
    assert ["Supporters by region", "Almaty", "640+", ""] in rows
    assert sorted(row[3] for row in rows if row[0] == "Name") == [
        '\'=HYPERLINK("x")',
        "Canary Aizhan",
        "Canary Zhanar",
    ]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert "tests.example" not in str(rows)
    assert [row[3] for row in rows if row[0].startswith("SHA-256")] == list(supported.version.hashes.values())


def test_regions_are_told_in_full_tens_so_that_two_hand_overs_tell_nobody(supported):
    first = dict(made(supported).regions)
    assert first == {"KZ-75": 640, "KZ-71": 310, "KZ-79": 90, "KZ-10": 40}
    for region, more in (("KZ-71", 3), ("KZ-11", 1), ("KZ-10", 9)):
        SupportTotal.objects.filter(region=region).update(count=F("count") + more)
    second = dict(made(supported).regions)
    assert second == {"KZ-75": 640, "KZ-71": 310, "KZ-79": 90, "KZ-10": 50}


def test_nobody_can_find_a_name_by_trying_names_until_the_public_hash_fits(supported):
    """Everything else in the table is public, so it holds something that is not."""
    first, second = made(supported), made(supported)
    rows = [[row for row in table_of(one) if row[0] != "Reference of this table"] for one in (first, second)]
    assert rows[0] == rows[1]
    assert first.csv_sha256 != second.csv_sha256
    assert first.pdf_sha256 != second.pdf_sha256


def test_the_hashes_are_those_of_the_files_that_leave(supported):
    row = made(supported)
    for kind in ("pdf", "csv"):
        content = take_out_file(access=supported.access, hand_over=row, kind=kind)
        assert hashlib.sha256(content).hexdigest() == getattr(row, f"{kind}_sha256")
    entry = AuditEntry.objects.get(action="appeal.hand_over_made")
    assert entry.detail["pdf"] == row.pdf_sha256
    assert "Canary" not in str(entry.detail)


def test_the_paper_speaks_the_language_that_was_chosen(supported):
    assert made(supported, "kk").language == "kk"
    assert text_of(made(supported, "ru")) != text_of(made(supported, "en"))


def test_words_whose_hash_differs_are_not_handed_over(supported):
    AppealVersion.objects.update(hashes={"kk": "0" * 64})
    with pytest.raises(Refused, match="not the one that was published"):
        made(supported)


def test_nothing_is_made_without_supporters(desk):
    with pytest.raises(Refused, match="Nobody supports"):
        made(desk)
    assert not HandOver.objects.exists()


def test_a_name_that_goes_while_the_files_are_made_stops_them_and_leaves_no_file(supported, monkeypatch):
    row = supported.appeal.supports.filter(in_hand_over=True, state=SupportState.COUNTED).first()
    real = hand_over.hand_over_pdf

    def slowly(*given: object) -> bytes:
        row.state = SupportState.WITHDRAWN
        row.save()
        return real(*given)

    monkeypatch.setattr(hand_over, "hand_over_pdf", slowly)
    with pytest.raises(Refused, match="came or went"):
        made(supported)
    assert not HandOver.objects.exists()
    assert not stored_files()


def test_files_and_key_are_no_plain_text_at_rest(supported):
    row = made(supported)
    assert b"Canary" in taken(row, "csv")
    assert len(stored_files()) == 2
    for name in stored_files():
        with private_storage().open(name) as file:
            content = file.read()
        assert not [plain for plain in (b"Canary", b"%PDF", b"Supporters") if plain in content]
    with connection.cursor() as cursor:
        cursor.execute("SELECT file_key FROM campaigns_handover")
        assert row.file_key not in cursor.fetchone()[0]


def withdraw(row: Support) -> None:
    withdraw_support(token=SUPPORT.token(row))


def untick(row: Support) -> None:
    change_choices(token=SUPPORT.token(row), choices=SupportChoices(name=row.name, is_listed=True))


def rename(row: Support) -> None:
    change_choices(token=SUPPORT.token(row), choices=SupportChoices(name="Canary Another", in_hand_over=True))


@pytest.mark.parametrize("take_back", [withdraw, untick, rename])
@pytest.mark.parametrize("is_delivered", [False, True])
def test_a_name_that_is_taken_back_takes_the_files_with_it(
    supported, take_back, is_delivered, django_capture_on_commit_callbacks, client_of
):
    row = made(supported)
    if is_delivered:
        record_delivery(access=supported.access, hand_over=row, delivered_on=today(), recipient={"en": "X"})
    person = next(one for one in supported.appeal.supports.all() if one.name == "Canary Zhanar")
    with django_capture_on_commit_callbacks(execute=True):
        take_back(person)
    assert stored_files() == []
    row.refresh_from_db()
    assert (row.file_key, row.count, len(row.csv_sha256), row.supports.count()) == ("", 1100, 64, 0)
    with pytest.raises(Refused, match="deleted"):
        take_out_file(access=supported.access, hand_over=row, kind="csv")
    page = client_of(supported.made.coordinator).get(
        reverse("campaigns:appeal_hand_over", args=[supported.appeal.uuid, row.uuid])
    )
    assert "took their name back" in page.content.decode()
    if not is_delivered:
        with pytest.raises(Refused, match="deleted"):
            record_delivery(
                access=supported.access, hand_over=row, delivered_on=today(), recipient={"en": "X"}
            )
    assert b"Canary Zhanar" not in taken(made(supported), "csv")


def test_a_name_that_is_held_neither_leaves_nor_is_handed_over_until_it_counts_again(supported, client_of):
    row = made(supported)
    named = supported.appeal.supports.filter(in_hand_over=True, state=SupportState.COUNTED)
    keys = list(named.values_list("pk", flat=True))
    Support.objects.filter(pk=keys[0]).update(state=SupportState.HELD)
    for act in (
        lambda: take_out_file(access=supported.access, hand_over=row, kind="pdf"),
        lambda: record_delivery(
            access=supported.access, hand_over=row, delivered_on=today(), recipient={"en": "X"}
        ),
    ):
        with pytest.raises(Refused, match="may not be handed over now"):
            act()
    page = reverse("campaigns:appeal_hand_over", args=[supported.appeal.uuid, row.uuid])
    assert "may not be handed over now" in client_of(supported.made.coordinator).get(page).content.decode()
    assert not AuditEntry.objects.filter(action="appeal.hand_over_taken").exists()
    Support.objects.filter(pk=keys[0]).update(state=SupportState.COUNTED)
    assert take_out_file(access=supported.access, hand_over=row, kind="pdf").startswith(b"%PDF")


def test_names_that_come_later_do_not_stop_the_hand_over(supported):
    row = made(supported)
    supported.support(name="Canary Later", in_hand_over=True)
    assert b"Canary Later" not in take_out_file(access=supported.access, hand_over=row, kind="csv")
    record_delivery(access=supported.access, hand_over=row, delivered_on=today(), recipient={"en": "X"})


def test_what_was_noted_of_a_hand_over_is_corrected_after_a_name_went(supported):
    row = made(supported)
    record_delivery(access=supported.access, hand_over=row, delivered_on=today(), recipient={"en": "Akimt"})
    withdraw(supported.appeal.supports.filter(in_hand_over=True, state=SupportState.COUNTED).first())
    record_delivery(access=supported.access, hand_over=row, delivered_on=today(), recipient={"en": "Akimat"})
    assert str(HandOver.objects.get(pk=row.pk).recipient) == "Akimat"


def test_a_file_that_a_killed_process_left_is_deleted_after_a_day_and_no_other(supported):
    made(supported)
    orphan = private_storage().save("hand-overs/ab/left.csv.sealed", ContentFile(b"x"))
    assert forget_hand_over_files() == 0
    with freeze_clock_at(now() + datetime.timedelta(days=2)):
        assert forget_hand_over_files() == 1
    assert orphan not in stored_files()
    assert len(stored_files()) == 2


def test_files_with_a_name_that_was_taken_back_unseen_go_with_the_nights_work(supported):
    """A process that was killed between the two, or a row that was emptied by hand."""
    row = made(supported)
    row.supports.filter(name__gt="").update(in_hand_over=False)
    assert forget_hand_over_files() == 1
    assert HandOver.objects.get().files_deleted_at is not None


def test_personal_data_end_six_months_after_the_hand_over_and_never_later_than_promised(supported):
    with freeze_clock_at(datetime.datetime(2026, 2, 3, 9, tzinfo=datetime.UTC)):
        row = made(supported)
    Appeal.objects.update(personal_data_until=datetime.date(2027, 1, 10))
    for moment, delivered, until in (
        (2026, datetime.date(2026, 2, 28), datetime.date(2026, 8, 28)),
        (2026, datetime.date(2026, 2, 20), datetime.date(2026, 8, 20)),
        (2026, datetime.date(2026, 3, 30), datetime.date(2026, 8, 20)),
    ):
        with freeze_clock_at(datetime.datetime(moment, 4, 1, 9, tzinfo=datetime.UTC)):
            record_delivery(
                access=supported.access, hand_over=row, delivered_on=delivered, recipient={"kk": "Құрылтай"}
            )
        supported.appeal.refresh_from_db()
        assert supported.appeal.personal_data_until == until


def test_a_hand_over_late_in_the_year_changes_nothing_of_the_promise(supported):
    Appeal.objects.update(personal_data_until=today() + datetime.timedelta(days=20))
    row = made(supported)
    record_delivery(access=supported.access, hand_over=row, delivered_on=today(), recipient={"en": "Akimat"})
    supported.appeal.refresh_from_db()
    assert supported.appeal.personal_data_until == today() + datetime.timedelta(days=20)


def test_days_that_cannot_be_are_refused(supported):
    row = made(supported)
    for day in (today() + datetime.timedelta(days=1), today() - datetime.timedelta(days=1)):
        with pytest.raises(Refused, match="between the day"):
            record_delivery(access=supported.access, hand_over=row, delivered_on=day, recipient={"en": "X"})
    with pytest.raises(Refused, match="to whom"):
        record_delivery(access=supported.access, hand_over=row, delivered_on=today(), recipient={"en": " "})
    for act in (
        lambda: record_receipt(access=supported.access, hand_over=row, words={"en": "No. 1"}),
        lambda: publish_hand_over(access=supported.access, hand_over=row),
        lambda: record_answer(
            access=supported.access, hand_over=row, words={"en": "Yes"}, answered_on=today()
        ),
    ):
        with pytest.raises(Refused, match="Say first"):
            act()


def test_everybody_reads_what_was_published_and_nothing_else(supported):
    row = made(supported)
    record_delivery(access=supported.access, hand_over=row, delivered_on=today(), recipient={"en": "Akimat"})
    assert not public_hand_overs(supported.appeal).exists()
    publish_hand_over(access=supported.access, hand_over=row)
    publish_hand_over(access=supported.access, hand_over=row)
    assert [str(one.recipient) for one in public_hand_overs(supported.appeal)] == ["Akimat"]
    unpublish_hand_over(access=supported.access, hand_over=row)
    assert not public_hand_overs(supported.appeal).exists()


@pytest.mark.parametrize("role", [role for role in SeatRole if role != SeatRole.COORDINATOR])
def test_only_coordinators_hand_over(supported, role):
    row = made(supported)
    access = supported.other(role)
    given = {"access": access, "hand_over": row}
    for act in (
        lambda: make_hand_over(access=access, appeal=supported.appeal, language="kk"),
        lambda: record_delivery(**given, delivered_on=today(), recipient={"en": "X"}),
        lambda: record_receipt(**given, words={"en": "X"}),
        lambda: record_answer(**given, words={"en": "X"}, answered_on=today()),
        lambda: publish_hand_over(**given),
        lambda: unpublish_hand_over(**given),
        lambda: take_out_file(**given, kind="pdf"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert HandOver.objects.count() == 1


def test_files_with_names_go_with_the_personal_data_and_counts_stay(
    supported, django_capture_on_commit_callbacks
):
    row = made(supported)
    assert len(stored_files()) == 2
    Appeal.objects.update(personal_data_until=today())
    assert forget_hand_over_files() == 0
    Appeal.objects.update(personal_data_until=today() - datetime.timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_hand_over_files() == 1
    assert (forget_hand_over_files(), stored_files()) == (0, [])
    row.refresh_from_db()
    assert (row.count, row.pdf.name, len(row.pdf_sha256)) == (1100, "", 64)
    with pytest.raises(Refused, match="deleted"):
        take_out_file(access=supported.access, hand_over=row, kind="pdf")


def scan(supported, name: str) -> StoredFile:
    content = BytesIO(csv_bytes(["No."], [["12"]]))
    return upload_file(access=supported.access, content=content, size=content.getbuffer().nbytes, name=name)


def test_receipt_answer_count_and_hashes_are_on_the_public_page_and_no_name_is(supported, client):
    row = made(supported)
    given = {"access": supported.access, "hand_over": row}
    record_delivery(**given, delivered_on=today(), recipient={"en": "Akimat of Abai"})
    record_receipt(**given, words={"en": "No. 12"}, file=scan(supported, "receipt.csv"))
    page = f"/en/support/{supported.appeal.slug}/"
    hashes = (row.pdf_sha256, row.csv_sha256)
    files = [f"{page}hand-overs/{row.uuid}/{part}/" for part in ("receipt", "answer")]
    said = ("Akimat of Abai", "Support of 1\u00a0100 people", "No. 12", *hashes, files[0])
    before = client.get(page).content.decode()
    assert not [one for one in said if one in before]
    publish_hand_over(**given)
    shown = client.get(page).content.decode()
    assert [one for one in said if one not in shown] == []
    assert files[1] not in shown
    assert "There is no answer yet." in shown
    answer = scan(supported, "answer.csv")
    record_answer(**given, words={"en": "We read it."}, answered_on=today(), file=answer)
    shown = client.get(page).content.decode()
    assert "We read it." in shown
    assert files[1] in shown
    assert [client.get(one).status_code for one in files] == [200, 200]
    answer.deleted_at = now()
    answer.save()
    assert files[1] not in client.get(page).content.decode()
    for name in ("Canary Zhanar", "Canary Aizhan", "Canary withdrawn"):
        assert name not in shown


def test_a_published_receipt_is_read_by_everybody_and_no_other_file_is(supported, client):
    row = made(supported)
    stored = scan(supported, "receipt.csv")
    record_delivery(access=supported.access, hand_over=row, delivered_on=today(), recipient={"en": "Akimat"})
    record_receipt(access=supported.access, hand_over=row, words={"en": "No. 12"}, file=stored)
    address = f"/en/support/{supported.appeal.slug}/hand-overs/{row.uuid}"
    assert client.get(f"{address}/receipt/").status_code == 404
    publish_hand_over(access=supported.access, hand_over=row)
    assert client.get(f"{address}/receipt/").status_code == 200
    assert client.get(f"{address}/answer/").status_code == 404


@pytest.mark.parametrize("given", [{"restricted": True}, {"handling": "red"}])
def test_a_receipt_that_only_a_few_may_read_since_is_not_public_any_more(supported, client, given):
    row = made(supported)
    stored = scan(supported, "receipt.csv")
    record_delivery(access=supported.access, hand_over=row, delivered_on=today(), recipient={"en": "Akimat"})
    receipt = {"access": supported.access, "hand_over": row, "words": {"en": "No. 12"}}
    record_receipt(**receipt, file=stored)
    publish_hand_over(access=supported.access, hand_over=row)
    page = f"/en/support/{supported.appeal.slug}/"
    address = f"{page}hand-overs/{row.uuid}/receipt/"
    assert client.get(address).status_code == 200
    type(stored).objects.filter(pk=stored.pk).update(**given)
    assert client.get(address).status_code == 404
    assert address not in client.get(page).content.decode()
    stored.refresh_from_db()
    with pytest.raises(Refused, match="Only some people"):
        record_receipt(**receipt, file=stored)
