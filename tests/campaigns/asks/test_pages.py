"""Asks at the desk and in public."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from coalition.accounts.models import Listing
from coalition.campaigns.asks.actions.manage import remove_ask
from coalition.campaigns.asks.actions.steps import undo_step
from coalition.campaigns.asks.enums import AskStatus
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.sections import section_cards
from coalition.campaigns.models import Appeal, Ask, AskStep
from coalition.roles import SeatRole
from documents.drafts.models import Handling
from documents.publication.actions import withdraw_publication
from documents.publication.models import TakenOff
from tests.campaigns.asks.conftest import EVIDENCE, FILE
from tests.conftest import new_client
from tests.events.planning.builders import stage as event_stage
from tests.filled import filled

pytestmark = pytest.mark.django_db
PUBLIC = "/en/asks/for-a-law/"
DAY = datetime.timedelta(days=1)


def at(desk) -> str:
    return f"/workspaces/{desk.made.workspace.uuid}/asks/"


def words(answer) -> str:
    return " ".join(html.document_fromstring(answer.content).text_content().split())


def sent(**given: str) -> dict[str, str]:
    return {"status": "taken_up", "on": site_today().isoformat(), "evidence_url": EVIDENCE, **given}


@pytest.fixture
def browser(desk):
    return new_client(desk.access.user)


def test_an_ask_is_added_and_a_step_recorded(desk, browser) -> None:
    fields = {
        "words_en": "Raise the penalty",
        "appeal": str(desk.appeal.uuid),
        "proposed_on": site_today().isoformat(),
    }
    answer = browser.post(f"{at(desk)}new/", fields, follow=True)
    ask = Ask.objects.get()
    assert (ask.appeal, answer.redirect_chain[-1][0]) == (desk.appeal, f"{at(desk)}{ask.uuid}/")
    answer = browser.post(f"{at(desk)}{ask.uuid}/", sent(words_en="Committee 2"), follow=True)
    text = words(answer)
    for part in ("Taken up", "Committee 2", "Evidence on parliament.example", "You can undo it today."):
        assert part in text
    browser.post(f"{at(desk)}{ask.uuid}/undo/")
    assert AskStep.objects.filter(undone_at=None).count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("evidence_url", ""),
        ("evidence_url", "javascript:alert(1)"),
        ("status", "proposed"),
        ("status", ""),
        ("on", (site_today() + 2 * DAY).isoformat()),
        ("on", (site_today() - 2 * DAY).isoformat()),
        ("on", "yesterday"),
        ("evidence_file", "0190c0de-0000-7000-8000-00000000ffff"),
    ],
)
def test_a_mistake_stands_beside_its_field_and_nothing_typed_is_lost(desk, browser, field, value) -> None:
    ask = desk.ask()
    answer = browser.post(f"{at(desk)}{ask.uuid}/", sent(words_ru="Номер 7", **{field: value}))
    assert answer.status_code == 422
    tree = html.document_fromstring(answer.content)
    assert tree.xpath(f"//*[contains(@class, 'field--error')][.//*[@name='{field}']]")
    assert tree.xpath("//textarea[@name='words_ru']")[0].text.strip() == "Номер 7"
    assert AskStep.objects.count() == 1


def test_an_ask_is_changed_moved_removed_and_brought_back(desk, browser) -> None:
    first, second = desk.ask(), desk.ask()
    answer = browser.post(f"{at(desk)}{first.uuid}/edit/", {"words_en": "Changed", "appeal": ""})
    assert answer.status_code == 302
    first.refresh_from_db()
    assert (str(first.words), first.appeal) == ("Changed", None)
    third = desk.ask()
    browser.post(f"{at(desk)}{third.uuid}/move/", {"to": "up"})
    third.refresh_from_db()
    assert third.position == second.position
    browser.post(f"{at(desk)}{second.uuid}/remove/")
    assert "Ask 2" not in words(browser.get(at(desk)))
    assert "Ask 2" in words(browser.get(f"{at(desk)}?removed=1"))
    browser.post(f"{at(desk)}{second.uuid}/restore/")
    assert "Ask 2" in words(browser.get(at(desk)))


def test_other_words_are_refused_once_it_went_further(desk, browser) -> None:
    ask = desk.ask()
    desk.step(ask)
    page = f"{at(desk)}{ask.uuid}/edit/"
    assert "words and clause stay" in words(browser.get(page))
    answer = browser.post(page, {"words_en": "Others", "appeal": str(desk.appeal.uuid)})
    assert answer.status_code == 422
    assert "Add another ask for other words." in words(answer)


def test_who_does_not_publish_reads_only(desk) -> None:
    ask = desk.ask()
    for role, status in ((SeatRole.OBSERVER, 403), (SeatRole.EDITOR, 200)):
        browser = new_client(desk.other(role).user)
        for path in ("", f"{ask.uuid}/"):
            answer = browser.get(at(desk) + path)
            assert answer.status_code == status
            assert not html.document_fromstring(answer.content).xpath("//main//form[@method='post']")
        for path in ("new/", f"{ask.uuid}/", f"{ask.uuid}/edit/", f"{ask.uuid}/remove/", f"{ask.uuid}/undo/"):
            assert browser.post(at(desk) + path, sent()).status_code == 403
    assert AskStep.objects.count() == 1


def test_another_workspace_finds_nothing(desk) -> None:
    ask, elsewhere = desk.ask(), event_stage()
    browser = new_client(elsewhere.user("coordinator"))
    for workspace in (desk.made.workspace, elsewhere.workspace):
        page = f"/workspaces/{workspace.uuid}/asks/{ask.uuid}/"
        assert browser.get(page).status_code == 404
        assert browser.post(f"{page}remove/").status_code == 404


def test_an_organisation_that_is_not_named_is_not_named_beside_its_step(desk) -> None:
    ask = desk.ask()
    desk.step(ask)
    organisation = desk.access.organisation
    organisation.listing = Listing.CONFIDENTIAL
    organisation.save()
    reader = new_client(desk.other(SeatRole.REVIEWER).user)
    for text in (words(reader.get(f"{at(desk)}{ask.uuid}/")), words(reader.get(PUBLIC))):
        for name in (organisation.name_kk, organisation.name_ru, organisation.name_en):
            assert name not in text


def test_everybody_reads_the_asks_of_an_open_appeal(desk, client) -> None:
    ask = desk.ask(proposed_on=site_today() - 4 * DAY)
    desk.step(ask, AskStatus.TAKEN_UP, words={"en": "Committee 2 has it"})
    answer = client.get(PUBLIC)
    assert answer.status_code == 200
    assert not answer.cookies
    text = words(answer)
    for part in (
        "Criminal Code, art. 123, part 1",
        "Raise the penalty",
        "Taken up",
        "Committee 2 has it",
        "Proposed",
        "Evidence on parliament.example",
    ):
        assert part in text
    link = html.document_fromstring(answer.content).xpath(f"//a[@href='{EVIDENCE}']")[0]
    assert link.get("rel") == "noopener noreferrer nofollow"
    appeal = words(client.get("/en/support/for-a-law/"))
    assert "1 demand, clause by clause, with its status and evidence" in appeal


def test_undone_steps_and_removed_asks_are_not_public(desk, client) -> None:
    ask, removed = desk.ask(), desk.ask(words={"en": "Canary removed"})
    desk.step(ask, AskStatus.ADOPTED, words={"en": "Canary undone"})
    undo_step(access=desk.access, ask=ask)
    remove_ask(access=desk.access, ask=removed)
    desk.ask(words={"en": "Canary internal"}, appeal=None)
    text = words(client.get(PUBLIC))
    assert "Raise the penalty" in text
    assert "Canary" not in text
    assert "Adopted" not in text


def test_nothing_is_public_of_an_appeal_that_is_not(desk, client) -> None:
    desk.step(desk.ask())
    assert client.get("/en/asks/another/").status_code == 404
    Appeal.objects.update(opened_at=None)
    assert client.get(PUBLIC).status_code == 404


def test_nothing_is_public_once_the_text_of_the_appeal_is_withdrawn(desk, client) -> None:
    desk.step(desk.ask())
    withdraw_publication(access=desk.access, publication=desk.version.publication, note="Wrong.")
    assert client.get(PUBLIC).status_code == 404
    assert "What became of the demands" not in words(client.get("/en/support/for-a-law/"))


def test_while_the_text_is_checked_the_page_is_away_for_a_while(desk, client) -> None:
    step = desk.step(desk.ask(), evidence_file=desk.file())
    filled(TakenOff, publication=desk.version.publication)
    answer = client.get(PUBLIC)
    assert answer.status_code == 503
    assert "Raise the penalty" not in words(answer)
    assert client.get(f"{PUBLIC}evidence/{step.uuid}/").status_code == 404


def test_an_appeal_without_asks_has_no_page_of_them_and_no_link(desk, client) -> None:
    assert client.get(PUBLIC).status_code == 404
    assert "/asks/" not in client.get("/en/support/for-a-law/").content.decode()


def test_a_file_of_evidence_is_read_by_everybody_and_no_other_file_is(desk, client) -> None:
    ask = desk.ask()
    step = desk.step(ask, evidence_url="", evidence_file=desk.file())
    address = f"{PUBLIC}evidence/{step.uuid}/"
    assert address in client.get(PUBLIC).content.decode()
    answer = client.get(address)
    assert answer.status_code == 200
    assert int(answer["Content-Length"]) == len(FILE)
    assert answer["Content-Disposition"] == 'attachment; filename="evidence-for-a-law.csv"'
    first = ask.steps.earliest("pk")
    assert client.get(f"{PUBLIC}evidence/{first.uuid}/").status_code == 404
    undo_step(access=desk.access, ask=ask)
    assert client.get(address).status_code == 404


def test_a_file_without_a_copy_for_everybody_is_not_linked(desk, client) -> None:
    file = desk.file()
    step = desk.step(desk.ask(), evidence_file=file)
    file.content_type, file.clean_sha256 = "application/pdf", ""
    file.save()
    address = f"{PUBLIC}evidence/{step.uuid}/"
    assert address not in client.get(PUBLIC).content.decode()
    assert client.get(address).status_code == 404


def test_pages_cost_the_same_with_one_ask_and_with_three(desk, browser, client) -> None:
    desk.step(desk.ask(), evidence_file=desk.file())

    def queries() -> list[int]:
        counts = []
        for reader, path in ((browser, at(desk)), (client, PUBLIC)):
            with CaptureQueriesContext(connection) as counted:
                assert reader.get(path).status_code == 200
            counts.append(len(counted))
        return counts

    queries()  # fills caches
    with_one = queries()
    for _number in range(2):
        ask = desk.ask(publication=desk.version.publication)
        desk.step(ask, evidence_file=desk.file())
        desk.step(ask, AskStatus.DRAFT_LAW)
    assert queries() == with_one


def test_the_section_counts_by_status(desk) -> None:
    def summary():
        return next(card for card in section_cards(desk.access) if card.name == "asks").summary

    assert summary().next_step
    desk.step(desk.ask(), AskStatus.ADOPTED)
    desk.ask()
    assert summary().text == "2 asks. Proposed: 1, Adopted: 1."


@pytest.mark.parametrize("given", [{"restricted": True}, {"handling": "red"}])
def test_evidence_that_only_a_few_may_read_since_is_not_public_any_more(desk, client, given) -> None:
    step = desk.step(desk.ask(), evidence_file=desk.file())
    address = f"{PUBLIC}evidence/{step.uuid}/"
    assert client.get(address).status_code == 200
    type(step.evidence_file).objects.filter(pk=step.evidence_file.pk).update(**given)
    assert client.get(address).status_code == 404
    assert address not in client.get(PUBLIC).content.decode()


def test_the_name_of_evidence_is_read_by_those_who_may_read_the_file(desk, browser) -> None:
    ask = desk.ask()
    file = desk.file()
    desk.step(ask, evidence_file=file)
    other = new_client(desk.other(SeatRole.REVIEWER).user)
    assert file.name in words(other.get(f"{at(desk)}{ask.uuid}/"))
    type(file).objects.filter(pk=file.pk).update(handling=Handling.ORGANISATION)
    assert file.name in words(browser.get(f"{at(desk)}{ask.uuid}/"))
    text = words(other.get(f"{at(desk)}{ask.uuid}/"))
    assert file.name not in text
    assert "Evidence: a file" in text


def test_the_desk_reads_undone_steps_too(desk, browser) -> None:
    ask = desk.ask()
    desk.step(ask, words={"en": "A mistake"})
    undo_step(access=desk.access, ask=ask)
    text = words(browser.get(f"{at(desk)}{ask.uuid}/"))
    assert "A mistake" in text
    assert "undone" in text
