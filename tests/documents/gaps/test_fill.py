"""Holding statements: approved with their gaps, filled by a coordinator without a new round."""

import datetime

import pytest
from django.urls import reverse

from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.approval.queries.boards import board_of, publishing_obstacles
from documents.approval.queries.inherited import inherited_approvals_in
from documents.drafts.actions.manage import name_version, save_text
from documents.drafts.models import ApprovalRule, CellState, TextKind, Way
from documents.gaps.actions import fill_gaps
from documents.gaps.forms import FillGapsForm
from documents.gaps.values import InvalidGapValue, OpenGap, validate_gap_value
from documents.models import Approval, CarriedFrom, Filling
from documents.publication.actions import publish_approved
from documents.publication.verification.record import verify
from tests.documents.approval.builders import stage
from tests.documents.approval.inherited_builders import another, framed, versions_put
from tests.documents.publication.certificates import whole
from tests.factories import seat

VALUES = {"Place": "Тараз", "Day": "25 қараша", "How many": "12"}


def gap(name, kind):
    return {"type": "gap", "attrs": {"name": name, "kind": kind, "value": ""}}


def words(text):
    return {"type": "text", "text": text}


def written(made, language="kk"):
    line = [
        words("It happened in "),
        gap("Place", "place"),
        words(" on "),
        gap("Day", "date"),
        words(" to "),
        gap("How many", "number"),
        words(" people."),
    ]
    again = [words("Help in "), gap("Place", "place"), words(".")]
    body = {"type": "doc", "content": [{"type": "paragraph", "content": one} for one in (line, again)]}
    save_text(access=made.access, text=made.text(language), title="A statement", lead="", body=body)
    return name_version(access=made.access, text=made.text(language), name="With gaps")


def holding(**given):
    made = stage()
    made.draft.kind = TextKind.HOLDING
    made.draft.save()
    round_ = made.put(versions=[written(made)], **given)
    return made, round_


def cells(round_):
    return {cell.state for cell in board_of(round_, PUBLIC).matrix.cells.values()}


@pytest.mark.django_db
def test_what_was_approved_with_gaps_stands_when_they_are_filled():
    made, round_ = holding()
    made.approve_all(round_)
    assert "Places are still to be filled in" in " ".join(publishing_obstacles(board_of(round_, PUBLIC)))
    (filling,) = fill_gaps(access=made.access, round_=round_, values={"kk": VALUES})
    assert cells(round_) == {CellState.APPROVED}
    assert publishing_obstacles(board_of(round_, PUBLIC)) == []
    assert filling.after.canonical.count('"value":"Тараз"') == 2, "one name is one gap"
    kept = Approval.objects.filter(version=filling.after)
    assert {row.filling for row in kept} == {filling}
    assert {row.hash for row in kept} == {filling.after.hash} != {filling.before.hash}
    person = made.representatives[made.organisations[1].pk]
    assert Notification.objects.filter(kind="gaps_filled", person=person).exists()


@pytest.mark.django_db
def test_nothing_but_gaps_is_filled():
    made, round_ = holding()
    made.approve_all(round_)
    for wrong in ({**VALUES, "How many": "twelve"}, {**VALUES, "Place": ""}):
        with pytest.raises(Refused):
            fill_gaps(access=made.access, round_=round_, values={"kk": wrong})
    editor = access_to(seat(workspace=made.workspace, role=SeatRole.EDITOR).person, made.workspace.uuid)
    with pytest.raises(NotAllowed):
        fill_gaps(access=editor, round_=round_, values={"kk": VALUES})
    made.write("Other words.")
    with pytest.raises(Refused, match="changed since it was put"):
        fill_gaps(access=made.access, round_=round_, values={"kk": VALUES})
    assert not Filling.objects.exists()


@pytest.mark.parametrize(
    ("kind", "value", "good"),
    [
        ("number", "12", True),
        ("number", "1 250", True),
        ("number", "12,5 %", True),
        ("number", "12 dead, and the minister resigns", False),
        ("number", "1-2", False),
        ("number", "", False),
        ("date", "25 November 2026, 14:30", True),
        ("date", "they are guilty of 7 crimes", False),
        ("place", "Taraz", True),
        ("place", "Minister Ivanov Raped Ten Women", False),
    ],
)
def test_a_gap_takes_its_own_kind_only(kind, value, good):
    if good:
        assert validate_gap_value(OpenGap("x", kind), f" {value}  ", "en") == value
        return
    with pytest.raises(InvalidGapValue) as refused:
        validate_gap_value(OpenGap("x", kind), value, "en")
    assert (refused.value.gap, refused.value.language) == ("x", "en")


@pytest.mark.django_db
def test_the_page_fills_and_a_short_deadline_is_urgent(client_of):
    made, round_ = holding(deadline=now() + datetime.timedelta(hours=2), rule=ApprovalRule.JOINED)
    assert Notification.objects.filter(kind="approval_urgent").exists()
    client, address = client_of(made.coordinator), reverse("documents:fill_gaps", args=[round_.uuid])
    assert address.encode() in client.get(round_.get_absolute_url()).content
    sent = {f"kk_{number}": value for number, value in enumerate(VALUES.values())}
    assert client.post(address, {**sent, "kk_2": "many"}).status_code == 422
    assert client.post(address, sent).status_code == 302
    assert client.get(address).status_code == 404, "nothing is left to fill"


@pytest.mark.django_db
def test_filling_asks_who_it_is_first_and_loses_nothing(client_of):
    made, round_ = holding()
    client = client_of(made.coordinator, ago=3600)
    address = reverse("documents:fill_gaps", args=[round_.uuid])
    assert client.get(address).status_code == 200, "looking asks for nothing"
    sent = {f"kk_{number}": value for number, value in enumerate(VALUES.values())}
    answer = client.post(address, sent)
    assert "reauthenticate" in answer.url
    assert not round_.fillings.exists()
    client.post(answer.url, {"password": "a-password-of-tests"})
    assert round_.fillings.count() == 1


def test_numbers_and_dates_of_other_languages_may_stay_empty():
    gaps = {
        "kk": [OpenGap("Күні", "date"), OpenGap("Қайда", "place"), OpenGap("Қанша", "number")],
        "ru": [OpenGap("Когда", "date"), OpenGap("Где", "place"), OpenGap("Сколько", "number")],
    }
    sent = {"kk_0": "25.11", "kk_1": "Алға", "kk_2": "7", "ru_1": "Алга"}
    form = FillGapsForm(sent, gaps=gaps)
    assert form.is_valid()
    assert form.values()["ru"] == {"Когда": "25.11", "Где": "Алга", "Сколько": "7"}
    assert not FillGapsForm({**sent, "ru_1": ""}, gaps=gaps).is_valid(), "a place has a name in each"


def wrong_values(**given):
    gaps = {"kk": [OpenGap("Күні", "date"), OpenGap("Қайда", "place")], "ru": [OpenGap("Когда", "date")]}
    return FillGapsForm({"kk_0": "25.11", "kk_1": "Алға", "ru_0": "", **given}, gaps=gaps)


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"kk_0": "25 ноября"}, ["kk_0"]),
        ({"kk_0": "25 қараша"}, ["ru_0"]),
        ({"kk_0": "31.11"}, ["kk_0"]),
        ({"kk_1": "Министр Иванов"}, ["kk_1"]),
        ({"kk_1": ""}, ["kk_1"]),
        ({"kk_1": "А" * 61}, ["kk_1"]),
        ({"ru_0": "они виновны в 7 преступлениях"}, ["ru_0"]),
        ({"kk_0": "25\x00"}, ["kk_0"]),
    ],
)
def test_what_is_wrong_is_said_at_its_field(given, at):
    form = wrong_values(**given)
    assert not form.is_valid()
    assert sorted(form.errors) == at
    assert all(len(said) == 1 for said in form.errors.values())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"),
    [("kk", "мәтіннің тілінде"), ("ru", "на языке текста"), ("en", "language of the text")],
)
def test_the_page_answers_422_in_the_language_of_the_person(client_of, language, said):
    made, round_ = holding()
    client, address = client_of(made.coordinator), reverse("documents:fill_gaps", args=[round_.uuid])
    made.coordinator.language = language
    made.coordinator.save()
    client.cookies["django_language"] = language
    answer = client.post(address, {"kk_0": "Министр Иванов", "kk_1": "25 қараша", "kk_2": "12"})
    assert answer.status_code == 422
    (words_,) = answer.context["form"].errors["kk_0"]
    assert said in words_
    assert "Қарағанды облысы" in words_, "an example in the language of the text"
    page = answer.content.decode()
    for typed in ("Министр Иванов", "25 қараша", "12"):
        assert f'value="{typed}"' in page
    assert client.post(address, {}).status_code == 422


def carried_with_gaps():
    """A round in which one decision on words with gaps was carried over from another text. Approved words
    with gaps are taken over nowhere (`WHOLE_ONLY`), so it is written by hand."""
    made, round_ = holding()
    made.approve_all(round_)
    row = Approval.objects.get(round=round_, organisation=made.organisations[1])
    other = another(made)
    (source,) = other.approve(other.put(), made.organisations[1])
    Approval.objects.filter(pk=row.pk).update(way=Way.CARRIED_OVER, capacity="carried")
    CarriedFrom.objects.create(approval=row, source=source)
    return made, round_, source


@pytest.mark.django_db
def test_what_was_carried_over_stays_bound_to_what_it_hangs_on():
    made, round_, source = carried_with_gaps()
    (filling,) = fill_gaps(access=made.access, round_=round_, values={"kk": VALUES})
    kept = Approval.objects.get(version=filling.after, organisation=made.organisations[1])
    assert (kept.way, kept.filling) == (Way.CARRIED_OVER, filling)
    assert [one.source for one in kept.carried_from.all()] == [source]
    assert [one.pk for one in inherited_approvals_in(round_)] == [kept.pk]
    assert cells(round_) == {CellState.APPROVED}
    Approval.objects.filter(pk=source.pk).update(superseded_at=now())
    assert cells(round_) == {CellState.APPROVED, CellState.REOPENED}, "it falls with what it hangs on"


@pytest.mark.django_db
@pytest.mark.usefixtures("no_pages")
def test_the_sheet_tells_of_a_filled_decision_what_it_was_carried_over_from():
    made, round_, source = carried_with_gaps()
    fill_gaps(access=made.access, round_=round_, values={"kk": VALUES})
    sheet = whole(publish_approved(access=made.access, round_=round_))
    decisions = [one for name in sheet["approvals"]["named"] for one in name["decisions"]]
    assert all(one["filling"] for one in decisions)
    (carried,) = [one for one in decisions if one["way"] == "carried_over"]
    assert [one["source"] for one in carried["carried"]] == [source.hash]
    assert all(one.ok for one in verify(sheet))


@pytest.mark.django_db
def test_gaps_in_a_frame_are_not_filled():
    made, round_ = holding()
    made.approve_all(round_)
    letter = another(made, kind=TextKind.HOLDING)
    again = letter.put(versions=[framed(letter, [versions_put(round_)["kk"]])])
    assert cells(again) == {CellState.APPROVED}, "carried over, with its gaps"
    with pytest.raises(Refused, match="in a frame"):
        fill_gaps(access=letter.access, round_=again, values={"kk": VALUES})
    assert not Filling.objects.exists()
    assert cells(again) == {CellState.APPROVED}
