"""The sheet of a holding statement whose gaps were filled: what was approved, what was filled in, checked."""

import copy
import json

import pytest
from django.urls import reverse

from documents.approval.actions.open_round import renew_round
from documents.approval.actions.typo_fixes import confirm_typo_fix, propose_typo_fix
from documents.drafts.actions.manage import name_version, save_text
from documents.drafts.models import TextKind
from documents.gaps.actions import fill_gaps
from documents.publication.actions import publish_approved, withdraw_publication
from documents.publication.verification.record import verify
from tests.documents.approval.builders import stage
from tests.documents.gaps.test_fill import VALUES, gap, holding, words
from tests.documents.publication.certificates import in_browser, whole

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def good(sheet):
    return all(one.ok for one in verify(sheet))


@pytest.fixture
def public():
    """Approved with gaps by both, filled, published."""
    made, round_ = holding()
    made.approve_all(round_)
    (filling,) = fill_gaps(access=made.access, round_=round_, values={"kk": VALUES})
    return made, filling, publish_approved(access=made.access, round_=round_)


def test_the_sheet_shows_what_was_approved_and_what_was_filled_in(public, client):
    _made, filling, publication = public
    sheet = whole(publication)
    assert sheet["fillings"] == [
        {"language": "kk", "before": filling.before.hash, "after": filling.after.hash, "gaps": [0, 1, 2, 3]}
    ]
    assert sheet["fillings"] == json.loads(publication.record)["fillings"]
    assert {one["filling"] for name in sheet["approvals"]["named"] for one in name["decisions"]} == {True}
    page = client.get(reverse("documents_public:sheet", args=[publication.uuid])).content.decode()
    for said in (filling.before.hash[:4], *VALUES, *VALUES.values()):
        assert said in page
    assert "with gaps for what nobody could know yet" in page
    assert 'data-check="filled-kk"' in page


def _value(sheet):
    sheet["documents"][0]["document"]["blocks"][0]["content"][1]["value"] = "Almaty"


def _fewer(sheet):
    sheet["fillings"] = []


def _others(sheet):
    sheet["fillings"][0]["gaps"] = [0]


@pytest.mark.parametrize("spoil", [_value, _fewer, _others])
def test_filled_is_approved_and_fillings_or_it_shows(public, spoil):
    _made, _filling, publication = public
    sheet = whole(publication)
    assert good(sheet)
    assert all(in_browser(sheet).values())
    spoiled = copy.deepcopy(sheet)
    spoil(spoiled)
    assert not good(spoiled)
    assert not all(in_browser(spoiled).values())


def test_of_what_is_withdrawn_nothing_is_told_of_what_was_filled_in(public, client):
    made, _filling, publication = public
    withdraw_publication(access=made.access, publication=publication, note="A wrong place.")
    sheet = whole(publication)
    assert good(sheet)
    assert all(in_browser(sheet).values())
    for name in ("sheet", "sheet_json"):
        page = client.get(reverse(f"documents_public:{name}", args=[publication.uuid])).content.decode()
        assert "Тараз" not in page
        assert "25 қараша" not in page


def test_who_approved_the_filled_words_alone_is_shown_as_that():
    made, round_ = holding()
    fill_gaps(access=made.access, round_=round_, values={"kk": VALUES})
    made.approve_all(round_)
    publication = publish_approved(access=made.access, round_=round_)
    assert whole(publication)["fillings"] == []
    assert "fillings" not in json.loads(publication.record)


def holding_with_a_slip():
    made = stage(4)
    made.draft.kind = TextKind.HOLDING
    made.draft.save()
    return made


def statement(made, said, *, value=""):
    place = gap("Place", "place")
    place["attrs"]["value"] = value
    body = {"type": "doc", "content": [{"type": "paragraph", "content": [words(said), place]}]}
    save_text(access=made.access, text=made.text("en"), title="A statement", lead="", body=body)
    return name_version(access=made.access, text=made.text("en"), name="As it stands")


def mend(made, round_, version):
    renew_round(access=made.access, round_=round_, versions=[version], acknowledged=True)
    slip = propose_typo_fix(access=made.access, round_=round_, language="en")
    for organisation in made.organisations[1:3]:
        confirm_typo_fix(slip=slip, organisation=organisation, person=made.representatives[organisation.pk])


@pytest.mark.parametrize("first", ["slip", "gaps"])
def test_a_slip_before_or_after_the_gaps_were_filled_is_told_with_them(first):
    made = holding_with_a_slip()
    round_ = made.put(versions=[statement(made, "There was harasment in ")])
    made.approve_all(round_)
    if first == "slip":
        mend(made, round_, statement(made, "There was harassment in "))
        fill_gaps(access=made.access, round_=round_, values={"en": {"Place": "Taraz"}})
    else:
        fill_gaps(access=made.access, round_=round_, values={"en": {"Place": "Taraz"}})
        mend(made, round_, statement(made, "There was harassment in ", value="Taraz"))
    sheet = whole(publish_approved(access=made.access, round_=round_))
    assert len(sheet["slips"]) == len(sheet["fillings"]) == 1
    hashes = {one["hash"] for one in sheet["documents"]}
    last, earlier = ("fillings", "slips") if first == "slip" else ("slips", "fillings")
    assert {sheet[last][0]["after"]} == hashes
    assert sheet[earlier][0]["after"] == sheet[last][0]["before"]
    assert good(sheet)
    assert all(in_browser(sheet).values())
    spoiled = {**sheet, "slips": []}
    assert not good(spoiled)
    assert not all(in_browser(spoiled).values())
