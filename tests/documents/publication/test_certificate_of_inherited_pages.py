"""Texts made of approved words on the public sheet, and checking them from outside and in a browser."""

import copy
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from coalition.accounts.models import Listing
from documents.canonical.form import canonical_hash
from documents.canonical.passages import approved_block_refs
from documents.drafts.actions.manage import name_version, save_text
from documents.management.commands import verify_publication
from documents.models import Approval
from documents.publication.actions import publish_approved, withdraw_publication
from documents.publication.record import record_text, text_hash
from documents.publication.verification.record import sources_of, verify
from tests.documents.approval.builders import stage
from tests.documents.approval.inherited_builders import another, framed, put_framed, versions_put
from tests.documents.publication.certificates import in_browser, whole

UUID_OF_PICTURE = "018f0000-0000-7000-8000-000000000001"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


@pytest.fixture
def public():
    """A public text, and a letter of the same words under which all were carried over."""
    made = stage()
    first = made.publish("kk", "ru")
    letter, again = put_framed(made, first.round)
    return made, first, publish_approved(access=letter.access, round_=again)


def all_hold(sheet, before, sources):
    checks = verify(sheet, before, sources)
    return all(one.ok for one in checks)


def test_the_record_names_each_block_by_its_hashes_and_where_it_was_published(public):
    _made, first, publication = public
    sheet = whole(publication)
    hashes = {text.language: text.hash for text in first.texts.all()}
    assert [(one["language"], one["source"], one["publication"]) for one in sheet["blocks"]] == [
        (code, hashes[code], str(first.uuid)) for code in ("kk", "ru")
    ]
    assert sheet["blocks"] == json.loads(publication.record)["blocks"]
    for name in sheet["approvals"]["named"]:
        assert name["way"] == "carried_over"
        for one in name["decisions"]:
            (source,) = one["carried"]
            assert source["source"] == hashes[one["language"]]
            assert source["way"] == "members_area"
    assert "blocks" not in json.loads(first.record), "other records stay as they were"


def test_the_page_says_so_and_leads_to_the_words_that_were_approved(public, client):
    _made, first, publication = public
    page = client.get(reverse("documents_public:sheet", args=[publication.uuid])).content.decode()
    assert "only whole texts that organisations had approved before" in page
    assert "Carried over from approved words" in page
    assert reverse("documents_public:sheet", args=[first.uuid]) in page
    assert 'data-check="blocks-kk"' in page
    before = client.get(reverse("documents_public:sheet", args=[first.uuid])).content.decode()
    assert "only whole texts" not in before
    assert 'data-check="blocks' not in before


def _words(sheet):
    (block,) = sheet["documents"][0]["document"]["blocks"]
    block["blocks"][0]["content"][0]["text"] += "!"


def _beside(sheet):
    document = sheet["documents"][0]["document"]
    document["blocks"].append(document["blocks"][0]["blocks"][0])


def _left_out(sheet):
    sheet["blocks"] = []


def _other_source(sheet):
    record = json.loads(sheet["record"])
    record["blocks"][0]["source"] = sheet["blocks"][0]["source"] = "0" * 64
    sheet["record"] = record_text(record)
    sheet["hash"] = text_hash(sheet["record"])


def _hangs_on_nothing(sheet):
    sheet["approvals"]["named"][0]["decisions"][0]["carried"] = []


@pytest.mark.parametrize("spoil", [_words, _beside, _left_out, _other_source, _hangs_on_nothing])
def test_what_was_changed_silently_shows_outside_and_in_the_browser(public, spoil):
    _made, first, publication = public
    sheet, before = whole(publication), whole(first)
    assert sources_of(sheet) == [str(first.uuid)]
    sources = {str(first.uuid): before}
    assert all_hold(sheet, before, sources)
    found = in_browser(sheet, before, sources)
    assert {"blocks-kk", "blocks-ru"} <= set(found)
    assert all(found.values())
    spoiled = copy.deepcopy(sheet)
    spoil(spoiled)
    assert not all_hold(spoiled, before, sources)
    assert not in_browser(spoiled, before, sources)["blocks-kk"]


def test_another_title_over_the_same_blocks_shows_though_everything_was_counted_anew(public):
    """Somebody who changes the title, its hash, the record and its hash."""
    _made, first, publication = public
    sheet, before = whole(publication), whole(first)
    record = json.loads(sheet["record"])
    document = sheet["documents"][0]
    document["document"]["title"] = "Another title"
    document["hash"] = record["documents"][0]["hash"] = canonical_hash(document["document"])
    sheet["record"] = record_text(record)
    sheet["hash"] = text_hash(sheet["record"])
    sources = {str(first.uuid): before}
    assert [one.words for one in verify(sheet, before, sources) if not one.ok] == [
        "kk: title and lead are theirs."
    ]
    found = in_browser(sheet, before, sources)
    assert [name for name, holds in found.items() if not holds] == ["blocks-kk"]


def put_picture(sheet):
    """Put a picture into a block of words that were never public, and count everything anew."""
    record, one = json.loads(sheet["record"]), sheet["documents"][0]
    document = one["document"]
    (block,) = document["blocks"]
    block["blocks"].append({"type": "picture", "id": UUID_OF_PICTURE})
    document["pictures"] = {
        UUID_OF_PICTURE: {"sha256": "0" * 64, "alt": "Other", "caption": "", "credit": ""}
    }
    one["hash"] = record["documents"][0]["hash"] = canonical_hash(document)
    for blocks in (record["blocks"], sheet["blocks"]):
        blocks[0] |= {"words": approved_block_refs(document)[0].words, "publication": None}
    sheet["record"] = record_text(record)
    sheet["hash"] = text_hash(sheet["record"])


def test_a_picture_in_an_approved_block_shows_though_everything_was_counted_anew(public):
    """The hash of a block's words holds neither the bytes of a picture nor its description."""
    _made, first, publication = public
    sheet, before = whole(publication), whole(first)
    put_picture(sheet)
    sources = {str(first.uuid): before}
    assert [one.words for one in verify(sheet, before, sources) if not one.ok] == [
        "kk: it says the words of 1 approved blocks, and nothing else."
    ]
    found = in_browser(sheet, before, sources)
    assert [name for name, holds in found.items() if not holds] == ["blocks-kk"]


def test_words_that_were_published_otherwise_show(public):
    _made, first, publication = public
    sheet, before = whole(publication), whole(first)
    other = copy.deepcopy(before)
    other["documents"][0]["document"]["blocks"][0]["content"][0]["text"] = "Other words."
    assert not all_hold(sheet, before, {str(first.uuid): other})
    assert not in_browser(sheet, before, {str(first.uuid): other})["blocks-kk"]


def with_note(made, words, note):
    said = [{"type": "text", "text": words}, {"type": "footnote", "attrs": {"text": note}}]
    body = {"type": "doc", "content": [{"type": "paragraph", "content": said}]}
    save_text(access=made.access, text=made.text(), title="With a note", lead="", body=body)
    return name_version(access=made.access, text=made.text(), name="As agreed")


def test_footnotes_are_compared_by_their_words_whatever_their_numbers():
    made = stage()
    letter, sources, versions = another(made), {}, []
    for number in (1, 2):
        other = another(made)
        version = with_note(other, f"We ask for {number}.", f"Source {number}")
        round_ = other.put(versions=[version])
        other.approve_all(round_)
        first = publish_approved(access=other.access, round_=round_)
        sources[str(first.uuid)] = before = whole(first)
        versions.append(version)
    again = letter.put(versions=[framed(letter, versions)])
    assert Approval.objects.filter(round=again).count() == 2
    sheet = whole(publish_approved(access=letter.access, round_=again))
    assert '"number":2' in json.dumps(sheet["documents"], separators=(",", ":"))
    assert all_hold(sheet, before, sources)
    assert all(in_browser(sheet, before, sources).values())
    sheet["documents"][0]["document"]["blocks"][-1]["words"] = "Another source"
    assert not in_browser(sheet, before, sources)["blocks-kk"]


def test_of_withdrawn_sources_the_hashes_are_enough(public):
    made, first, publication = public
    withdraw_publication(access=made.access, publication=first, note="A wrong figure.")
    sheet, before = whole(publication), whole(first)
    sources = {str(first.uuid): before}
    assert all_hold(sheet, before, sources)
    assert all(in_browser(sheet, before, sources).values())


def test_of_words_that_were_never_public_no_title_is_told(client):
    made = stage()
    round_ = made.put(versions=[made.version("We ask for a law.")])
    other = another(made)
    other.write("We ask for shelters.", title="Canary title")
    second = other.put(versions=[other.version("We ask for shelters.")])
    for one, put in ((made, round_), (other, second)):
        one.approve_all(put)
    letter = another(made)
    both = [versions_put(round_)["kk"], versions_put(second)["kk"]]
    publication = publish_approved(access=letter.access, round_=letter.put(versions=[framed(letter, both)]))
    sheet = whole(publication)
    assert [one["publication"] for one in sheet["blocks"]] == [None, None]
    assert all_hold(sheet, None, {})
    for name in ("sheet", "sheet_json"):
        page = client.get(reverse(f"documents_public:{name}", args=[publication.uuid])).content.decode()
        assert "Canary" not in page


def test_nothing_is_told_of_who_is_withheld(client):
    made = stage()
    hidden = made.organisations[1]
    type(hidden).objects.filter(pk=hidden.pk).update(listing=Listing.WITHHELD, name_en="Canary hidden")
    first = made.publish("kk")
    letter, again = put_framed(made, first.round)
    publication = publish_approved(access=letter.access, round_=again)
    for name in ("sheet", "sheet_json"):
        page = client.get(reverse(f"documents_public:{name}", args=[publication.uuid])).content.decode()
        assert "Canary" not in page
        assert str(hidden.uuid) not in page
    assert len(whole(publication)["approvals"]["named"]) == 1


def run(*arguments):
    out = StringIO()
    call_command("verify_publication", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_reads_the_sheets_of_the_sources(public, client, tmp_path, monkeypatch):
    _made, first, publication = public
    paths = {}
    for one in (first, publication):
        paths[one.pk] = tmp_path / f"{one.number}.json"
        paths[one.pk].write_text(json.dumps(whole(one)))
    said = run(str(paths[publication.pk]), "--source", str(paths[first.pk]))
    assert "is what was published before" in said
    assert "title and lead are theirs" in said

    def fetched(address, policy):
        return client.get(address.removeprefix("https://coalition.example")).content

    monkeypatch.setattr(verify_publication, "fetch", fetched)
    address = reverse("documents_public:sheet_json", args=[publication.uuid])
    assert "is what was published before" in run(f"https://coalition.example{address}")


def test_the_whole_chain_asks_whether_they_had_approved_it(public):
    _made, first, _publication = public
    assert "had approved these blocks before" in run("--all")
    Approval.objects.filter(round=first.round, organisation=first.names.last().organisation).update(
        decision="abstains"
    )
    with pytest.raises(CommandError):
        run("--all")
