"""The desk of referral codes."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html
from PIL import Image
from pypdf import PdfReader

from coalition.accounts.models import Listing
from coalition.campaigns.referrals.actions import end_referral_code
from coalition.campaigns.referrals.files import card_pdf, qr_png, qr_svg
from coalition.campaigns.referrals.models import ReferralCode
from coalition.core.clock import now
from tests.campaigns.referrals.actions_to_lead_to import APPEAL, OTHER, TITLE
from tests.campaigns.referrals.test_referral_codes import make
from tests.conftest import new_client
from tests.events.planning.builders import stage

pytestmark = pytest.mark.django_db


def desk(here):
    return f"/workspaces/{here.workspace.uuid}/codes/"


def test_a_code_is_made_by_one_press_since_all_is_chosen_beforehand(action) -> None:
    here = stage()
    browser = new_client(here.user("contributor"))
    tree = html.document_fromstring(browser.get(desk(here)).content)
    form = tree.xpath("//form[.//input[@name='medium']]")[0]
    sent = {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
    assert sent == {"target": f"appeal:{APPEAL}", "medium": "link"}
    answer = browser.post(desk(here), sent | {"for": "own"}, follow=True)
    code = ReferralCode.objects.get()
    assert answer.redirect_chain[-1][0] == f"{desk(here)}{code.uuid}/"
    text = answer.content.decode()
    assert f"/q/{code.code}" in text
    assert f"{TITLE['kk']}\n\nhttp" in text
    assert "https://wa.me/?text=" in text


def test_only_coordinators_are_offered_to_make_codes_for_all(action) -> None:
    here = stage()
    for role, offered in (("editor", False), ("coordinator", True)):
        text = new_client(here.user(role)).get(desk(here)).content.decode()
        assert ('value="all"' in text) is offered
    sent = {"target": f"appeal:{APPEAL}", "medium": "poster", "label": "", "for": "all"}
    assert new_client(here.user("editor")).post(desk(here), sent).status_code == 403
    assert new_client(here.user("coordinator")).post(desk(here), sent).status_code == 302
    assert ReferralCode.objects.count() == 5


@pytest.mark.parametrize("role", ["observer"])
def test_who_does_not_work_in_the_workspace_reads_why_not(action, role) -> None:
    here = stage()
    code = make(here.access("contributor"))
    browser = new_client(here.user(role))
    for path in ("", f"{code.uuid}/", f"{code.uuid}/code.png"):
        assert browser.get(desk(here) + path).status_code == 403


def test_another_organisations_code_is_as_one_that_never_was(action) -> None:
    here, elsewhere = stage(), stage()
    code = make(here.access("contributor"))
    for path in (f"{code.uuid}/", f"{code.uuid}/code.pdf", f"{code.uuid}/code.svg"):
        assert new_client(here.user("editor")).get(desk(here) + path).status_code == 404
        assert new_client(elsewhere.user("coordinator")).get(desk(elsewhere) + path).status_code == 404
    assert new_client(here.user("editor")).post(f"{desk(here)}{code.uuid}/end/").status_code == 404
    code.refresh_from_db()
    assert code.ended_at is None
    end_referral_code(access=here.access("contributor"), code=code)
    for browser, at in ((here.user("editor"), here), (elsewhere.user("coordinator"), elsewhere)):
        assert new_client(browser).post(f"{desk(at)}{code.uuid}/resume/").status_code == 404
    assert new_client(here.user("observer")).post(f"{desk(here)}{code.uuid}/resume/").status_code == 403
    code.refresh_from_db()
    assert code.ended_at is not None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("target", "appeal:0190c0de-0000-7000-8000-00000000ffff"),
        ("target", "nothing"),
        ("medium", "leaflet"),
        ("label", "x" * 81),
        ("label", "See https://example.org"),
        ("label", "a\r\nBcc: b"),
    ],
)
def test_bad_input_is_refused_beside_the_field_and_stays_in_it(action, field, value) -> None:
    here = stage()
    sent = {"target": f"appeal:{APPEAL}", "medium": "table", "label": "Library", "for": "own", field: value}
    answer = new_client(here.user("contributor")).post(desk(here), sent)
    assert answer.status_code == 422
    tree = html.document_fromstring(answer.content)
    assert tree.xpath(f"//*[contains(@class, 'field--error')][.//*[@name='{field}']]")
    if field != "label":
        assert tree.xpath("//input[@name='label']/@value") == ["Library"]
    assert not ReferralCode.objects.exists()


def test_what_was_closed_meanwhile_is_said_in_words(action) -> None:
    here = stage()
    browser = new_client(here.user("contributor"))
    action.is_public = False
    text = browser.get(desk(here)).content.decode()
    assert "Nothing is public yet that a code could lead to." in text


def test_the_table_costs_the_same_with_one_code_and_with_three(action) -> None:
    here = stage()
    browser = new_client(here.user("coordinator"))
    make(here.access("contributor"))
    browser.get(desk(here))

    def queries():
        with CaptureQueriesContext(connection) as counted:
            assert browser.get(desk(here)).status_code == 200
        return len(counted)

    with_one = queries()
    make(here.access("editor"), target=OTHER)
    make(here.access("coordinator"), label="Library")
    assert queries() == with_one


@pytest.mark.parametrize("role", ["contributor", "coordinator"])
@pytest.mark.parametrize(("count", "told"), [(1, "0"), (9, "0"), (10, "10"), (39, "30")])
def test_supports_are_told_in_full_tens_so_that_a_code_for_one_person_tells_nothing(
    action, role, count, told
) -> None:
    here = stage()
    code = make(here.access("contributor"))
    action.credited = {code.pk: count}
    browser = new_client(here.user(role))
    assert html.document_fromstring(browser.get(desk(here)).content).xpath(
        "//tbody/tr/td[last()]/text()"
    ) == [told]
    one = html.document_fromstring(browser.get(f"{desk(here)}{code.uuid}/").content)
    assert one.xpath("//dt[text()='Supports']/following-sibling::dd/text()") == [told]


def test_the_table_offers_the_link_the_card_and_the_end_of_each_code(action) -> None:
    here = stage()
    code = make(here.access("contributor"))
    tree = html.document_fromstring(new_client(here.user("contributor")).get(desk(here)).content)
    assert tree.xpath("//tbody//input[@readonly]/@value")[0].endswith(f"/q/{code.code}")
    assert tree.xpath("//tbody//a[@download]/@href") == [f"{desk(here)}{code.uuid}/code.pdf"]
    assert tree.xpath("//tbody//form/@action") == [f"{desk(here)}{code.uuid}/end/"]


def test_ending_a_code_keeps_it_in_the_table(action) -> None:
    here = stage()
    code = make(here.access("contributor"))
    browser = new_client(here.user("contributor"))
    answer = browser.post(f"{desk(here)}{code.uuid}/end/", follow=True)
    text = answer.content.decode()
    assert "What it is printed on leads on and credits nobody." in text
    assert code.code in browser.get(desk(here)).content.decode()
    page = browser.get(f"{desk(here)}{code.uuid}/").content.decode()
    assert "End this code" not in page


def test_who_ended_the_wrong_code_reads_at_once_how_to_bring_it_back(action) -> None:
    here = stage()
    code = make(here.access("contributor"))
    browser, resume = new_client(here.user("contributor")), f"{desk(here)}{code.uuid}/resume/"
    answer = browser.post(f"{desk(here)}{code.uuid}/end/", follow=True)
    assert "You can bring it back." in answer.content.decode()
    assert html.document_fromstring(answer.content).xpath(f"//form[@action='{resume}']//button")
    table = html.document_fromstring(browser.get(desk(here)).content)
    assert table.xpath("//tbody//form/@action") == [resume]
    [button] = table.xpath("//tbody//form//button")
    assert button.text_content().strip() == f"Bring it back: {code.code}"
    assert browser.get(resume).status_code == 405
    answer = browser.post(resume, follow=True)
    assert "The code credits its organisation again." in answer.content.decode()
    table = html.document_fromstring(browser.get(desk(here)).content)
    assert table.xpath("//tbody//form/@action") == [f"{desk(here)}{code.uuid}/end/"]


def test_who_cannot_bring_a_code_back_is_told_why(action) -> None:
    here = stage()
    code = make(here.access("contributor"))
    end_referral_code(access=here.access("contributor"), code=code)
    other = make(here.access("contributor"))
    browser = new_client(here.user("contributor"))
    answer = browser.post(f"{desk(here)}{code.uuid}/resume/", follow=True)
    assert f"There is an open code for the same already: {other.code}." in answer.content.decode()


def test_in_an_archived_workspace_no_code_is_offered_to_be_brought_back(action) -> None:
    here = stage()
    code = make(here.access("contributor"))
    end_referral_code(access=here.access("contributor"), code=code)
    here.workspace.archived_at = now()
    here.workspace.save()
    browser = new_client(here.user("coordinator"))
    for path in (desk(here), f"{desk(here)}{code.uuid}/"):
        assert "Bring it back" not in browser.get(path).content.decode()
    assert browser.post(f"{desk(here)}{code.uuid}/resume/").status_code == 403


def test_pictures_are_large_enough_and_named_after_nothing_but_the_code(action) -> None:
    here = stage()
    code = make(here.access("contributor"))
    browser = new_client(here.user("contributor"))
    answer = browser.get(f"{desk(here)}{code.uuid}/code.png")
    assert answer["Content-Disposition"] == f'attachment; filename="code-{code.code}.png"'
    picture = Image.open(io.BytesIO(answer.content))
    assert min(picture.size) >= 1000
    assert picture.size[0] == picture.size[1]
    assert browser.get(f"{desk(here)}{code.uuid}/code.svg").content.startswith(b"<?xml")
    assert qr_png(code.code) == answer.content
    assert b"<svg" in qr_svg(code.code)


def words_of(code) -> str:
    return PdfReader(io.BytesIO(card_pdf(code))).pages[0].extract_text()


def test_the_card_says_it_in_every_language_and_names_the_organisation_if_it_may_be_named(action) -> None:
    here = stage()
    code = make(here.access("contributor"))
    words = words_of(code)
    assert [words.index(TITLE[one]) for one in ("kk", "ru", "en")] == sorted(
        words.index(TITLE[one]) for one in ("kk", "ru", "en")
    )
    assert f"/q/{code.code}" in words
    assert code.organisation.name_kk in words
    page = PdfReader(io.BytesIO(card_pdf(code))).pages
    assert len(page) == 1
    size = page[0].mediabox
    assert (round(size.width), round(size.height)) == (298, 420)  # A6 in points
    code.organisation.listing = Listing.WITHHELD
    hidden = words_of(code)
    assert TITLE["kk"] in hidden
    for name in (code.organisation.name_kk, code.organisation.name_ru, code.organisation.name_en):
        assert name not in hidden


def test_the_longest_title_still_fits_on_one_card(action, monkeypatch) -> None:
    here = stage()
    code = make(here.access("contributor"))
    long = "Әйелдер мен балаларды зорлық-зомбылықтан қорғау туралы заң жобасына ұсыныс " * 3
    monkeypatch.setitem(TITLE, "kk", long)
    monkeypatch.setitem(TITLE, "ru", long)
    assert len(PdfReader(io.BytesIO(card_pdf(code))).pages) == 1
