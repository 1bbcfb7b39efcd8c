"""Words of an item under consent: off its approval sheet once she takes it back, and the record verifies."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from coalition.campaigns.media_package.gate import MEDIA_ITEM
from coalition.campaigns.media_package.models import MediaItem
from coalition.consent.actions.withdraw import withdraw_consent
from coalition.consent.enums import Place
from coalition.consent.models import ConsentRecord
from coalition.core.errors import Refused
from documents.approval.queries.approved_texts import approved_versions_for
from documents.drafts.actions.manage import create_draft
from documents.files.withheld import WithheldContent
from documents.models import Publication, TakenOff
from documents.publication.certificate import wordless_sentence
from documents.publication.queries import publications_for_sheets
from documents.publication.verification.record import findings_of, verify
from documents.publication.verification.withheld import local_record
from events.press.mailings.actions import prepare_mail_out
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.outlets.builders import scheduled as schedule
from tests.consent.builders import caseworker_of, consent_asked, shown_under_consent
from tests.documents.publication.certificates import in_browser, whole
from tests.documents.publication.embargo.builders import reader
from tests.home.conftest import site_of_three_languages

pytestmark = pytest.mark.django_db
WORDS = "Every third woman."


def under_consent(item: MediaItem, **fields: object) -> ConsentRecord:
    consent = consent_asked()
    shown_under_consent(consent, MEDIA_ITEM, str(item.uuid), **fields)
    return consent


def public_pages(publication: Publication) -> dict[str, str]:
    """What everybody reads of it beside the package."""
    arguments = [publication.uuid]
    addresses = {
        "list": reverse("documents_public:sheets"),
        "sheet": reverse("documents_public:sheet", args=arguments),
        "json": reverse("documents_public:sheet_json", args=arguments),
    }
    found = {name: Client().get(address) for name, address in addresses.items()}
    assert {name: answer.status_code for name, answer in found.items()} == dict.fromkeys(found, 200)
    return {name: answer.content.decode() for name, answer in found.items()}


def test_words_leave_every_page_with_the_consent_and_the_record_verifies(here: Press, tmp_path: Path) -> None:
    site_of_three_languages()
    item = here.item()
    publication = here.approve(item, WORDS)
    consent = under_consent(item)
    assert all(WORDS in words for words in public_pages(publication).values())
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    with override("en"):
        pages = public_pages(publication)
    assert [name for name, words in pages.items() if WORDS in words] == []
    sheet = whole(publication)
    assert [(one["document"], one["words_withheld"]) for one in sheet["documents"]] == [(None, True)] * 3
    assert {"words-kk", "words-ru", "words-en"}.isdisjoint(in_browser(sheet))
    assert all(in_browser(sheet).values())
    outside = verify(sheet)
    assert all(check.ok for check in outside)
    open_checks = [check.words for check in outside if check.is_open]
    assert open_checks == [wordless_sentence(one["language"], one["hash"]) for one in sheet["documents"]]
    assert findings_of([publication.pk]) == {publication.pk: []}
    (tmp_path / "sheet.json").write_text(json.dumps(sheet))
    call_command("verify_publication", str(tmp_path / "sheet.json"))
    call_command("verify_publication", "--all")
    call_command("verify_publication", "--due")
    assert not TakenOff.objects.exists()


def test_words_stay_in_the_languages_she_agrees_to(here: Press) -> None:
    item = here.item()
    publication = here.approve(item, WORDS)
    under_consent(item, places=[Place.PACKAGE], languages=["kk"])
    pages = public_pages(publication)
    assert f"{WORDS} (kk)" in pages["json"]
    for code in ("ru", "en"):
        assert [name for name, words in pages.items() if f"{WORDS} ({code})" in words] == []
    sheet = whole(publication)
    assert {one["language"] for one in sheet["documents"] if "words_withheld" in one} == {"ru", "en"}
    assert findings_of([publication.pk]) == {publication.pk: []}
    assert all(in_browser(sheet).values())
    assert "words-kk" in in_browser(sheet)


def test_an_item_waiting_for_her_answer_shows_nothing_of_what_was_corrected(here: Press) -> None:
    item = here.item()
    first = here.approve(item, "Every fourth woman.")
    under_consent(item)
    assert "Every fourth woman." in public_pages(first)["sheet"]
    second = here.approve(item, WORDS)  # she agreed to other words
    found = public_pages(second)
    assert [name for name, words in found.items() if WORDS in words] == []
    assert "Every fourth woman." not in public_pages(second)["sheet"]
    assert findings_of([first.pk, second.pk]) == {first.pk: [], second.pk: []}


@pytest.mark.parametrize("changed", ["nothing said", "no consent", "words beside the mark", "both marks"])
def test_a_sheet_that_withholds_something_else_does_not_verify(here: Press, changed: str) -> None:
    item = here.item()
    publication = here.approve(item, WORDS)
    complete = whole(publication)
    consent = under_consent(item)
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    sheet = whole(publication)
    one = sheet["documents"][0]
    if changed == "no consent":  # by whoever wants words off a sheet that nobody took back
        other = here.approve(here.item("poster"), "Call the helpline.")
        sheet = whole(other)
        sheet["documents"][0] |= {"document": None, "words_withheld": True}
        publication = other
    elif changed == "words beside the mark":
        one["document"] = complete["documents"][0]["document"]
    elif changed == "both marks":
        one["withheld"] = ["0" * 64]
    else:
        del one["words_withheld"]
    local = local_record(publications_for_sheets().get(pk=publication.pk), WithheldContent())
    assert not all(check.ok for check in verify(sheet, local=local))
    if changed != "no consent":  # outside nobody knows
        assert not all(check.ok for check in verify(sheet))


def test_the_press_is_told_no_words_that_are_withheld(here: Press) -> None:
    item = here.item()
    publication = here.approve(item, WORDS)
    consent = under_consent(item)

    def refusal() -> str:
        with override("en"), pytest.raises(Refused) as refused:
            prepare_mail_out(access=here.access, contacts=[], publication=publication)
        return refused.value.message

    assert "Choose at least one contact" in refusal()
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    assert "This is not one of them now" in refusal()


def test_a_link_under_embargo_opens_no_words_that_are_withheld(here: Press) -> None:
    item = here.item()
    publication = schedule(here, item, WORDS)
    consent = under_consent(item)
    _access, token = reader(here.made, publication)
    client, start = Client(), reverse("embargo", args=[token])
    address = reverse("embargo_text", args=[token, "kk"])
    client.post(start)
    assert WORDS in client.get(address).content.decode()
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    assert client.get(address).status_code == 404
    assert client.get(start).status_code == 404
    file = reverse("embargo_file", args=[token, "kk"])
    assert client.post(file, {"format": "txt"}).status_code == 404


def test_no_other_text_takes_over_words_under_consent(here: Press) -> None:
    item = here.item()
    here.approve(item, WORDS)
    target = create_draft(access=here.access, title="A letter")
    assert approved_versions_for(here.made.coordinator, target, "kk").exists()
    under_consent(item)
    assert not approved_versions_for(here.made.coordinator, target, "kk").exists()
