"""Files for a hand-over, what follows from the hand-over, and when the names go."""

import csv
import datetime
import hashlib
from io import BytesIO, StringIO

import pytest
from django.utils.timezone import localdate
from pypdf import PdfReader

from coalition.audit.models import AuditEntry
from coalition.campaigns.appeals.actions import hand_over
from coalition.campaigns.appeals.actions.hand_over import (
    current_names_print,
    forget_hand_over_files,
    make_hand_over,
    note_download,
    publish_hand_over,
    record_answer,
    record_delivery,
    record_receipt,
    unpublish_hand_over,
)
from coalition.campaigns.appeals.desk_queries import public_hand_overs
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.models import Appeal, AppealVersion, HandOver, SupportTotal
from coalition.core.clock import as_if, now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.rules import NotAllowed
from documents.files.actions.upload import upload
from documents.files.models import private_storage
from events.spreadsheets.writer import csv_bytes

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


def text_of(row: HandOver) -> str:
    with row.pdf.open("rb") as file:
        pages = PdfReader(BytesIO(file.read())).pages
        assert all(page.mediabox.width > page.mediabox.height for page in pages)
        return "\n".join(page.extract_text() for page in pages)


def table_of(row: HandOver) -> list[list[str]]:
    with row.csv.open("rb") as file:
        return list(csv.reader(StringIO(file.read().decode("utf-8-sig"))))


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
    assert ["Supporters by region", "Almaty", "640", ""] in rows
    assert sorted(row[3] for row in rows if row[0] == "Name") == [
        '\'=HYPERLINK("x")',
        "Canary Aizhan",
        "Canary Zhanar",
    ]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert "tests.example" not in str(rows)
    assert [row[3] for row in rows if row[0].startswith("SHA-256")] == list(supported.version.hashes.values())


def test_small_regions_are_together_and_cannot_be_found_by_subtraction(supported):
    row = made(supported)
    shown = dict(row.regions)
    assert all(count >= 10 for count in shown.values())
    assert sum(shown.values()) == 1100
    assert not {"KZ-11", "KZ-15", "KZ-23", "KZ-62"} & shown.keys()


def test_regions_told_in_one_hand_over_are_told_in_the_next(supported):
    first = dict(made(supported).regions)
    SupportTotal.objects.filter(region="KZ-11").update(count=60)
    second = dict(made(supported).regions)
    assert first.keys() <= second.keys()
    assert all(count >= 10 for count in second.values())


def test_the_hashes_are_those_of_the_stored_bytes(supported):
    row = made(supported)
    for kind in ("pdf", "csv"):
        with getattr(row, kind).open("rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == getattr(row, f"{kind}_sha256")
    entry = AuditEntry.objects.get(action="appeal.hand_over_made")
    assert entry.detail["pdf"] == row.pdf_sha256
    assert "Canary" not in str(entry.detail)


def test_the_paper_speaks_the_language_that_was_chosen(supported):
    assert made(supported, "kk").language == "kk"
    assert text_of(made(supported, "ru")) != text_of(made(supported, "en"))


def test_words_whose_hash_differs_are_not_handed_over(supported):
    AppealVersion.objects.update(hashes={"kk": "0" * 64})
    with pytest.raises(Refused, match="not those that were published"):
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


def stored_files() -> list[str]:
    storage = private_storage()
    if not storage.exists("hand-overs"):
        return []
    folders = storage.listdir("hand-overs")[0]
    return [name for folder in folders for name in storage.listdir(f"hand-overs/{folder}")[1]]


def test_the_page_knows_that_somebody_withdrew_since(supported):
    row = made(supported)
    assert current_names_print(supported.version) == row.names_print
    supported.appeal.supports.filter(name__gt="", in_hand_over=True).update(state=SupportState.WITHDRAWN)
    assert current_names_print(supported.version) != row.names_print


def test_personal_data_end_six_months_after_the_hand_over_and_never_later_than_promised(supported):
    with as_if(datetime.datetime(2026, 2, 3, 9, tzinfo=datetime.UTC)):
        row = made(supported)
    Appeal.objects.update(personal_data_until=datetime.date(2027, 1, 10))
    for moment, delivered, until in (
        (2026, datetime.date(2026, 2, 28), datetime.date(2026, 8, 28)),
        (2026, datetime.date(2026, 2, 20), datetime.date(2026, 8, 20)),
        (2026, datetime.date(2026, 3, 30), datetime.date(2026, 8, 20)),
    ):
        with as_if(datetime.datetime(moment, 4, 1, 9, tzinfo=datetime.UTC)):
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
        lambda: note_download(**given, kind="pdf"),
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
    with pytest.raises(Refused, match="gone"):
        note_download(access=supported.access, hand_over=row, kind="pdf")


def test_a_published_receipt_is_read_by_everybody_and_no_other_file_is(supported, client):
    row = made(supported)
    scan = BytesIO(csv_bytes(["No."], [["12"]]))
    stored = upload(access=supported.access, content=scan, size=scan.getbuffer().nbytes, name="receipt.csv")
    record_delivery(access=supported.access, hand_over=row, delivered_on=today(), recipient={"en": "Akimat"})
    record_receipt(access=supported.access, hand_over=row, words={"en": "No. 12"}, file=stored)
    address = f"/en/support/{supported.appeal.slug}/hand-overs/{row.uuid}"
    assert client.get(f"{address}/receipt/").status_code == 404
    publish_hand_over(access=supported.access, hand_over=row)
    assert client.get(f"{address}/receipt/").status_code == 200
    assert client.get(f"{address}/answer/").status_code == 404
