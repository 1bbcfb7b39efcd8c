"""The pages of the board: at the desk, for everybody, and as files."""

import csv
import datetime
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from coalition.accounts.models import Listing
from coalition.accounts.naming import viewer_for
from coalition.campaigns.letters.board.actions import publish_entry, withdraw_entry
from coalition.campaigns.letters.board.dashboard import answers_overdue
from coalition.campaigns.letters.board.queries import board_records
from coalition.campaigns.models import Answer, AnswerTerm, LetterAction, OfficialLetter, ReferralCode, Stance
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.models import Workspace
from documents.drafts.models import PublicationState
from documents.files.models import StoredFile
from tests.campaigns.letters_board.builders import OPENED, board_desk
from tests.campaigns.letters_board.crowd import fill, scan
from tests.conftest import sign_in
from tests.desk import first_page_lacks_nothing
from tests.factories import seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_a_month")]
DAY = datetime.timedelta(days=1)
FIRST = OPENED.date()
PUBLIC = "/en/write/write-for-a-law/board/"


def url(desk, name: str = "letter_board", *more: object) -> str:
    return reverse(f"campaigns:{name}", args=[desk.action.uuid, *more])


def page_of(client, address: str, **given: str):
    answer = client.get(address, given)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return html.fromstring(answer.content.decode())


def names_on(page) -> list[str]:
    rows = page.xpath("//section[h2[@id='recipients'] or div/h2[@id='recipients']]//tbody/tr/th")
    return [row.xpath("string(.//a|.//span)").strip() for row in rows]


@pytest.fixture
def coordinator(client, desk):
    sign_in(client, desk.made.coordinator)
    return client


def test_the_desk_shows_everything_and_narrows_it(coordinator, desk):
    first, second, third = desk.targets
    desk.letters(first, 7)
    desk.letters(second, 12)
    desk.official(third)
    desk.answer(first, on=FIRST + 3 * DAY)
    desk.stance(second)
    address = url(desk)
    assert names_on(page_of(coordinator, address)) == ["Deputy 001", "Deputy 002", "Deputy 003"]
    for given, expected in (
        ({"state": "answered"}, ["Deputy 001"]),
        ({"state": "waiting"}, ["Deputy 002", "Deputy 003"]),
        ({"state": "agreed"}, ["Deputy 002"]),
        ({"state": "overdue"}, ["Deputy 003"]),
        ({"committee": "Committee 0"}, ["Deputy 003"]),
        ({"electoral_list": "List 1"}, ["Deputy 001", "Deputy 003"]),
        ({"q": "002"}, ["Deputy 002"]),
        ({"sort": "letters"}, ["Deputy 002", "Deputy 001", "Deputy 003"]),
        ({"sort": "days"}, ["Deputy 001", "Deputy 002", "Deputy 003"]),
        ({"sort": "committee"}, ["Deputy 003", "Deputy 001", "Deputy 002"]),
        (
            {"state": "nonsense", "committee": "Nothing", "sort": "x"},
            ["Deputy 001", "Deputy 002", "Deputy 003"],
        ),
        ({"q": "nobody"}, []),
    ):
        assert names_on(page_of(coordinator, address, **given)) == expected, given
    text = page_of(coordinator, address).text_content()
    assert "Median: 3 days" in " ".join(text.split())
    assert "15 working days (check with a lawyer: perhaps article 76" in " ".join(text.split())


def test_an_action_without_recipients_says_what_comes_first(client, no_pages):
    desk = board_desk(targets=0)
    sign_in(client, desk.made.coordinator)
    text = page_of(client, url(desk)).text_content()
    assert "There are no recipients yet" in text
    assert "Nobody has answered yet." in text
    assert "There are no recipients yet." in page_of(client, PUBLIC).text_content()
    for name in ("letter_board_answers", "letter_board_letters", "letter_board_stances"):
        assert page_of(client, url(desk, name)).xpath("//*[@class='empty']")


def test_a_withdrawn_entry_is_marked_withdrawn_and_nothing_else(coordinator, desk):
    first, *_more = desk.targets
    answer, stance, letter = desk.answer(first), desk.stance(first), desk.official(first)
    for entry in (answer, stance):
        publish_entry(access=desk.access, entry=entry)
    for entry in (answer, stance, letter):
        withdraw_entry(access=desk.access, entry=entry, reason="A mistake")
    for name in ("letter_board_answers", "letter_board_stances", "letter_board_letters"):
        badges = page_of(coordinator, url(desk, name)).xpath(
            "//ul[@class='rows']//*[contains(@class, 'badge')]"
        )
        assert [one.text_content().strip() for one in badges] == ["Withdrawn"], name


def test_who_may_not_see_drafts_gets_no_page(client, desk):
    pages = [
        url(desk, name)
        for name in (
            "letter_board",
            "letter_board_answers",
            "letter_board_letters",
            "letter_board_stances",
            "letter_board_recipients_csv",
            "letter_board_organisations_csv",
        )
    ]
    for person in (
        seat(workspace=desk.made.workspace, role=SeatRole.OBSERVER).person,
        seat(role=SeatRole.COORDINATOR).person,
    ):
        sign_in(client, person)
        assert {client.get(page).status_code for page in pages} <= {403, 404}
    sign_in(client, desk.seated(SeatRole.REVIEWER).user)
    assert {client.get(page).status_code for page in pages} == {200}
    assert client.post(url(desk, "letter_board_answers"), {}).status_code == 403
    assert client.post(url(desk, "letter_board_term"), {}).status_code == 403
    assert "Record an answer" not in client.get(url(desk, "letter_board_answers")).content.decode()


def test_tables_hold_no_formula(coordinator, desk):
    desk.target(name={"en": '=HYPERLINK("x")'}, position={"en": "@SUM(1)"}, committee={"en": "-1"})
    hidden = desk.made.organisation(listing=Listing.PUBLIC, name_en="=1+1", name_ru="", name_kk="")
    desk.letters(desk.targets[0], 23, hidden)
    for name in ("letter_board_recipients_csv", "letter_board_organisations_csv"):
        answer = coordinator.get(url(desk, name))
        assert answer["Content-Type"].startswith("text/csv")
        rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
        assert "'=" in str(rows)
    rows = list(
        csv.reader(
            StringIO(
                coordinator.get(url(desk, "letter_board_recipients_csv"), {"q": "001"}).content.decode(
                    "utf-8-sig"
                )
            )
        )
    )
    assert [row[0] for row in rows] == ["Name", "Deputy 001"]
    assert dict(zip(*rows, strict=True))["Letters (declared)"] == "23"


def test_everybody_reads_what_is_published_and_nothing_else(client, desk):
    first, second, third = desk.targets
    hidden = desk.made.organisation(
        listing=Listing.WITHHELD, name_en="Canary organisation", name_ru="Canary", name_kk="Canary"
    )
    desk.letters(first, 37, hidden)
    desk.letters(second, 8, desk.made.organisations[0])
    desk.official(first, note="Canary note", number="canary-number", file=scan(desk, "canary-file.csv"))
    desk.answer(first, words="Canary unpublished")
    shown = desk.answer(first, words="Shown words", publish=True, url="https://parlam.example/1")
    withdrawn = desk.answer(second, words="Canary withdrawn", publish=True)
    withdraw_entry(access=desk.access, entry=withdrawn, reason="Canary reason")
    desk.stance(third, words="Canary stance", publish=False)
    desk.stance(second, words="Shown stance")
    text = client.get(PUBLIC).content.decode()
    assert "anary" not in text
    assert "Shown words" in text
    assert "Shown stance" in text
    assert "overdue" not in text  # an answer that is not published may have come
    page = html.fromstring(text)
    cells = page.xpath("//td[@data-label='Letters (declared)']")
    assert [" ".join(cell.text_content().split()) for cell in cells[:3]] == ["30", "0", "0"]
    assert names_on(page_of(client, PUBLIC, state="waiting")) == ["Deputy 002", "Deputy 003"]
    assert names_on(page_of(client, PUBLIC, state="overdue")) == ["Deputy 001", "Deputy 002", "Deputy 003"]
    assert "no-store" not in client.get(PUBLIC).get("Cache-Control", "")
    assert desk.made.coordinator.name not in text
    assert str(shown.uuid) not in text  # it has no file


def test_order_by_letters_tells_nothing_below_ten(client, desk):
    first, second, third = desk.targets
    for target, number in ((first, 11), (second, 19), (third, 12)):
        desk.letters(target, number)
    assert names_on(page_of(client, PUBLIC, sort="letters")) == ["Deputy 001", "Deputy 002", "Deputy 003"]


def test_a_board_is_public_once_the_action_was_opened(client, desk):
    assert client.get(PUBLIC).status_code == 200
    LetterAction.objects.update(closed_at=now())
    assert client.get(PUBLIC).status_code == 200
    publication = desk.action.publication
    assert publication.title in client.get(PUBLIC).content.decode()
    type(publication).objects.filter(pk=publication.pk).update(state=PublicationState.WITHDRAWN)
    assert publication.title not in client.get(PUBLIC).content.decode()
    LetterAction.objects.update(opened_at=None, closed_at=None)
    assert client.get(PUBLIC).status_code == 404
    assert client.get("/en/write/nothing/board/").status_code == 404


def test_the_public_board_offers_to_write_only_while_letters_are_taken(client, desk):
    assert "Write a letter" in client.get(PUBLIC).content.decode()
    Workspace.objects.update(archived_at=now())
    assert "Write a letter" not in client.get(PUBLIC).content.decode()


def test_the_public_board_has_the_search_of_the_site(client, desk):
    assert 'href="/en/search/"' in client.get(PUBLIC).content.decode()


def test_a_file_is_public_as_long_as_its_entry_is(client, desk):
    row = desk.answer(desk.targets[0], file=scan(desk), words="")
    stance = desk.stance(desk.targets[0], file=scan(desk, "proof.csv"), words="", publish=False)
    files = [f"{PUBLIC}answers/{row.uuid}/file/", f"{PUBLIC}stances/{stance.uuid}/file/"]
    assert {client.get(one).status_code for one in files} == {404}
    for entry in (row, stance):
        publish_entry(access=desk.access, entry=entry)
    page = client.get(PUBLIC).content.decode()
    assert all(one in page for one in files)
    for one in files:
        answer = client.get(one)
        assert answer.status_code == 200
        assert (
            "answer-write-for-a-law.csv" in answer["Content-Disposition"]
            or "stance-" in answer["Content-Disposition"]
        )
    withdraw_entry(access=desk.access, entry=row, reason="Wrong deputy")
    stance.file.deleted_at = now()
    stance.file.save()
    assert {client.get(one).status_code for one in files} == {404}
    assert not any(one in client.get(PUBLIC).content.decode() for one in files)


@pytest.mark.parametrize("given", [{"restricted": True}, {"handling": "red"}])
def test_a_file_that_only_a_few_may_read_since_is_not_public_any_more(client, desk, given):
    row = desk.answer(desk.targets[0], file=scan(desk), words="")
    publish_entry(access=desk.access, entry=row)
    address = f"{PUBLIC}answers/{row.uuid}/file/"
    assert client.get(address).status_code == 200
    type(row.file).objects.filter(pk=row.file.pk).update(**given)
    assert client.get(address).status_code == 404
    assert address not in client.get(PUBLIC).content.decode()


@pytest.mark.parametrize("given", [{"restricted": True}, {"handling": "red"}])
def test_a_file_of_a_few_people_cannot_become_public(desk, given):
    with pytest.raises(Refused, match="Only some people"):
        desk.answer(desk.targets[0], file=scan(desk, **given))
    other = board_desk(slug="other")
    with pytest.raises(Refused, match="cannot be used here"):
        desk.answer(desk.targets[0], file=scan(other))


def test_forms_record_publish_and_withdraw(coordinator, desk):
    first = desk.targets[0]
    letters, answers = url(desk, "letter_board_letters"), url(desk, "letter_board_answers")
    sent = {"recipient": str(first.uuid), "outgoing_number": "7", "sent_on": FIRST.isoformat()}
    assert coordinator.post(letters, sent).status_code == 302
    letter = OfficialLetter.objects.get()
    page = page_of(coordinator, letters)
    assert "Overdue" in page.text_content()
    # Without a recipient the answer is from whom the letter went to.
    given = {"kind": "answer", "on": TODAY, "letter": str(letter.uuid), "words_en": "Yes", "publish": "1"}
    assert coordinator.post(answers, given).status_code == 302
    answer = Answer.objects.get()
    assert (answer.target, answer.published_at is not None) == (first, True)
    assert "Overdue" not in page_of(coordinator, letters).text_content()
    assert (
        coordinator.post(url(desk, "letter_board_answers_publish", answer.uuid), {"act": "end"}).status_code
        == 302
    )
    assert Answer.objects.get().published_at is None
    withdraw = url(desk, "letter_board_answers_withdraw", answer.uuid)
    refused = coordinator.post(withdraw, {"reason": ""})
    assert refused.status_code == 422
    assert coordinator.post(withdraw, {"reason": "Of somebody else"}).status_code == 302
    assert "Withdrawn: Of somebody else" in page_of(coordinator, answers).text_content()
    stance = {"recipient": str(first.uuid), "agrees": "yes", "on": TODAY, "url": "parlam.example/speech"}
    assert coordinator.post(url(desk, "letter_board_stances"), stance).status_code == 302
    assert Stance.objects.get().url == "https://parlam.example/speech"
    term = {"term-working_days": "5", "term-source": "The law on deputies"}
    assert coordinator.post(url(desk, "letter_board_term"), term).status_code == 302
    assert desk.action.official_letters.get().due_on < letter.due_on


def test_the_words_of_the_default_do_not_become_the_law(coordinator, desk):
    page = page_of(coordinator, url(desk, "letter_board_letters"))
    field = page.xpath("//input[@name='term-source']")[0]
    assert field.get("value") is None
    assert "perhaps article 76" in field.get("placeholder")
    days = {"term-working_days": "5", "term-source": ""}
    assert coordinator.post(url(desk, "letter_board_term"), days).status_code == 302
    assert AnswerTerm.objects.get().source == ""
    assert "5 working days (check with a lawyer" in " ".join(
        page_of(coordinator, url(desk)).text_content().split()
    )
    days = {"term-working_days": "5", "term-source": "The law on deputies"}
    assert coordinator.post(url(desk, "letter_board_term"), days).status_code == 302
    page = page_of(coordinator, url(desk, "letter_board_letters"))
    assert page.xpath("//input[@name='term-source']/@value") == ["The law on deputies"]


def test_a_file_is_linked_for_those_who_may_read_it(coordinator, desk):
    first = desk.targets[0]
    answer = desk.answer(first, file=scan(desk), words="")
    stance = desk.stance(first, file=scan(desk, "proof.csv"), words="", publish=False)
    letter = desk.official(first, file=scan(desk, "letter.csv"))
    pages = {
        "letter_board": [answer, stance],
        "letter_board_answers": [answer],
        "letter_board_letters": [letter],
        "letter_board_stances": [stance],
    }

    def linked(name: str) -> list[str]:
        return page_of(coordinator, url(desk, name)).xpath("//main//a[text()='File']/@href")

    for name, entries in pages.items():
        assert linked(name) == [one.file.get_absolute_url() for one in entries]
    for name in ("answers", "stances"):
        withdraw = url(
            desk, f"letter_board_{name}_withdraw", {"answers": answer, "stances": stance}[name].uuid
        )
        assert coordinator.get(withdraw).status_code == 200
    StoredFile.objects.update(restricted=True)
    assert not any(linked(name) for name in pages)


TODAY = (FIRST + 30 * DAY).isoformat()


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("letter_board_answers", {"kind": "answer", "on": "2026-12-31", "words_en": "x"}, "has not come yet"),
        ("letter_board_answers", {"kind": "answer", "on": "2026-02-01", "words_en": "x"}, "not before"),
        ("letter_board_answers", {"kind": "answer", "on": TODAY}, "Say what was answered"),
        ("letter_board_answers", {"kind": "x", "on": "yesterday", "recipient": ""}, "Choose a recipient"),
        ("letter_board_letters", {"sent_on": "2026-12-31", "outgoing_number": "x"}, "has not come yet"),
        ("letter_board_stances", {"agrees": "yes", "on": TODAY}, "Say what shows it"),
        ("letter_board_term", {"term-working_days": "0", "term-source": "x"}, "greater than or equal"),
    ],
)
def test_what_cannot_be_is_answered_in_words_and_nothing_typed_is_lost(coordinator, desk, name, given, words):
    given = {"recipient": str(desk.targets[1].uuid), "incoming_number": "typed-before", **given}
    answer = coordinator.post(url(desk, name), given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    if name == "letter_board_answers":
        assert "typed-before" in page
    assert not Answer.objects.exists()


def test_a_link_of_the_board_leads_to_one_recipient(coordinator, desk):
    for target in desk.targets[:2]:
        desk.answer(target)
    desk.official()
    desk.answer(words="Of the body")
    address = url(desk, "letter_board_answers")
    for recipient, expected in (
        (desk.targets[0].uuid, ["Deputy 001"]),
        (desk.body.uuid, ["The Parliament"]),
        ("nonsense", []),
    ):
        page = page_of(coordinator, address, recipient=str(recipient))
        assert page.xpath("//ul[@class='rows']//b[@lang]/text()") == expected
        assert page.xpath("//select[@name='recipient']")


def test_overdue_answers_wait_for_those_who_record_them(desk):
    for target in desk.targets:
        desk.official(target)
    desk.answer(desk.targets[0], letter=OfficialLetter.objects.get(target=desk.targets[0]))
    editor, reviewer = desk.seated(SeatRole.EDITOR).user, desk.seated(SeatRole.REVIEWER).user
    found = list(answers_overdue(editor, viewer_for(editor)))
    assert [(one.detail, one.url) for one in found] == [
        ("2 official letters were not answered in time.", url(desk, "letter_board_letters"))
    ]
    assert not list(answers_overdue(reviewer, viewer_for(reviewer)))
    assert first_page_lacks_nothing(editor)
    with freeze_clock_at(OPENED + DAY):
        assert not list(answers_overdue(editor, viewer_for(editor)))


def counted_queries(client, address: str) -> int:
    client.get(address)  # what a process reads once is read
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def test_a_large_board_needs_as_many_queries_as_a_small_one(client, no_pages):
    small, large = board_desk(targets=0, slug="small"), board_desk(targets=0, slug="large")
    fill(small, 3, 3)
    fill(large, 145, 60)
    numbers = {}
    for size, desk in (("small", small), ("large", large)):
        with CaptureQueriesContext(connection) as counted:
            board_records(LetterAction.objects.get(pk=desk.action.pk), for_everybody=True)
        numbers[size] = [len(counted) - 1]
        numbers[size].append(counted_queries(client, f"/en/write/{size}/board/"))
    for size, desk in (("small", small), ("large", large)):
        sign_in(client, desk.made.coordinator)
        numbers[size] += [
            counted_queries(client, url(desk, name))
            for name in (
                "letter_board",
                "letter_board_answers",
                "letter_board_letters",
                "letter_board_stances",
                "letter_board_recipients_csv",
                "letter_board_organisations_csv",
            )
        ]
    assert numbers["small"] == numbers["large"]
    print(numbers)  # noqa: T201  the figures that the documents give
    assert max(numbers["large"]) <= 15
    assert numbers["large"][:3] == [8, 10, 12]  # what the board reads, the public page, the page of the desk


def test_a_month_later_the_answer_is_on_the_board(client, no_pages):
    """Journey: letters, an official letter, the dashboard reminds, the answer is recorded and published."""
    desk = board_desk(slug="journey")
    deputy = desk.targets[0]
    address = "/en/write/journey/board/"
    with freeze_clock_at(OPENED + DAY):
        desk.letters(deputy, 12, day=FIRST + DAY)
        editor = desk.seated(SeatRole.EDITOR)
        desk.official(deputy, access=editor, sent_on=FIRST + DAY)
        page = page_of(client, address)
        assert "None yet" in page.text_content()
        assert "Nobody has answered yet." in page.text_content()
    a_month_later = OPENED + 31 * DAY
    with freeze_clock_at(a_month_later):
        assert list(answers_overdue(editor.user, viewer_for(editor.user)))
        sign_in(client, editor.user)
        letter = OfficialLetter.objects.get()
        given = {
            "letter": str(letter.uuid),
            "kind": "answer",
            "on": (FIRST + 30 * DAY).isoformat(),
            "incoming_number": "",
            "words_en": "The committee will take it up in April.",
        }
        assert client.post(url(desk, "letter_board_answers"), given).status_code == 302
        assert not list(answers_overdue(editor.user, viewer_for(editor.user)))
        assert "take it up in April" not in client.get(address).content.decode()
        sign_in(client, desk.made.coordinator)
        client.post(url(desk, "letter_board_answers_publish", Answer.objects.get().uuid))
        client.logout()
        text = " ".join(page_of(client, address).text_content().split())
        assert "take it up in April" in text
        assert "Median: 29 days" in text
        assert names_on(page_of(client, address, state="answered")) == ["Deputy 001"]


def test_codes_of_the_board_are_not_confused_with_other_actions(desk):
    """Letters of another action with the same people do not count here."""
    other = board_desk(slug="another", made=None)
    other.action.bodies.set([desk.body])
    other.body = desk.body
    other.letters(desk.targets[0], 40)
    assert board_records(desk.action, for_everybody=False).letters == []
    assert ReferralCode.objects.count() == 0
