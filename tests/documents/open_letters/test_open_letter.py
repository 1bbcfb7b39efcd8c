"""An open letter: opened by coordinators, joined from outside, withdrawn by a link, refused."""

import datetime

import pytest

from coalition.accounts.models import Language
from coalition.audit.models import AuditEntry
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests
from coalition.mail.models import OutboxMail
from coalition.roles import SeatRole
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.models import Joining, OpenLetter, Publication
from documents.open_letters.actions import (
    approve_joining,
    ask_to_join,
    close_letter,
    confirm_joining,
    forget_joinings,
    join_again,
    open_letter,
    reject_joining,
    withdraw_joining,
)
from documents.open_letters.models import JoiningState
from documents.open_letters.queries import joined_earlier, joined_organisations, letter_at
from documents.open_letters.views import JoinForm
from documents.publication.actions import publish_approved, withdraw_publication
from tests.documents.approval.builders import Stage, stage
from tests.factories import seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


@pytest.fixture
def made() -> Stage:
    return stage()


def opened(made: Stage, **given: object) -> tuple[OpenLetter, Publication]:
    publication = made.publish()
    letter = open_letter(access=made.access, draft=made.draft, slug="for-a-law", **given)
    return letter, publication


def joiner(number: int = 0, **given: object) -> dict[str, object]:
    return {
        "name": f"Canary Union {number}",
        "contact": "Canary Person",
        "position": "Chair",
        "address": f"canary{number}@union.example",
        "is_listed": True,
        "language": Language.RU,
        **given,
    }


def join(letter: OpenLetter, publication: Publication, number: int = 0, **given: object) -> Joining:
    row = ask_to_join(letter=letter, publication=publication, **joiner(number, **given))
    return confirm_joining(joining=row)


def test_an_organisation_joins_and_withdraws_and_is_forgotten(made):
    letter, publication = opened(made, looks_first=False)
    row = ask_to_join(letter=letter, publication=publication, **joiner())
    assert joined_organisations(letter, publication).count == 0
    confirm_joining(joining=row)
    join(letter, publication, 1, is_listed=False)
    shown = joined_organisations(letter, publication)
    assert (shown.names, shown.others, shown.count) == (["Canary Union 0"], 1, 2)
    assert row.hashes == {text.language: text.hash for text in publication.texts.all()}
    assert Notification.objects.filter(kind="letter_joined", person=made.coordinator).exists()
    withdraw_joining(joining=row)
    row.refresh_from_db()
    assert (row.state, row.name, row.address, row.address_print) == (JoiningState.WITHDRAWN, "", "", "")
    assert joined_organisations(letter, publication).count == 1
    for act in (confirm_joining, withdraw_joining):
        with pytest.raises(Refused):
            act(joining=row)


def test_a_name_waits_for_a_look_and_can_be_refused(made):
    letter, publication = opened(made)
    first, second = join(letter, publication), join(letter, publication, 1)
    assert joined_organisations(letter, publication).count == 0
    approve_joining(access=made.access, joining=first)
    assert joined_organisations(letter, publication).names == ["Canary Union 0"]
    reject_joining(access=made.access, joining=second)
    reject_joining(access=made.access, joining=first)
    assert joined_organisations(letter, publication).count == 0
    assert set(Joining.objects.values_list("name", "contact", "address")) == {("", "", "")}
    assert OutboxMail.objects.filter(template="documents/joining_refused").count() == 2
    with pytest.raises(Refused):
        approve_joining(access=made.access, joining=first)


def test_only_coordinators_lead_a_letter_of_a_public_text(made):
    editor = access_to(seat(workspace=made.workspace, role=SeatRole.EDITOR).person, made.workspace.uuid)
    with pytest.raises(Refused, match="public"):
        open_letter(access=made.access, draft=made.draft, slug="for-a-law")
    letter, publication = opened(made)
    row = join(letter, publication)
    for act in (
        lambda: open_letter(access=editor, draft=made.draft, slug="x"),
        lambda: close_letter(access=editor, letter=letter),
        lambda: approve_joining(access=editor, joining=row),
        lambda: reject_joining(access=editor, joining=row),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_closed_it_takes_no_more_names_and_who_joined_can_still_withdraw(made):
    letter, publication = opened(made, looks_first=False)
    row = join(letter, publication)
    late = ask_to_join(letter=letter, publication=publication, **joiner(1))
    close_letter(access=made.access, letter=letter)
    with pytest.raises(Refused):
        ask_to_join(letter=letter, publication=publication, **joiner(2))
    with pytest.raises(Refused):
        confirm_joining(joining=late)
    withdraw_joining(joining=row)
    assert joined_organisations(letter, publication).count == 0
    assert open_letter(access=made.access, draft=made.draft, slug="other").slug == "for-a-law"


def test_who_joined_stands_under_these_words_and_no_others(made):
    letter, publication = opened(made, looks_first=False)
    join(letter, publication)
    round_ = made.put(versions=[made.version("We ask for a better law.")])
    made.approve_all(round_)
    corrected = publish_approved(access=made.access, round_=round_)
    assert letter_at("for-a-law") == (letter, corrected)
    assert joined_organisations(letter, corrected).count == 0
    with pytest.raises(Refused):
        ask_to_join(letter=letter, publication=publication, **joiner(1))
    join(letter, corrected)  # the same address joins the new words
    assert joined_organisations(letter, corrected).count == 1
    withdraw_publication(access=made.access, publication=corrected, note="Wrong.")
    assert letter_at("for-a-law") is None


def test_an_address_joins_once_whatever_the_number_of_its_links(made):
    letter, publication = opened(made, looks_first=False)
    rows = [ask_to_join(letter=letter, publication=publication, **joiner()) for _time in range(2)]
    other = ask_to_join(letter=letter, publication=publication, **joiner(1))
    confirm_joining(joining=rows[0])
    with pytest.raises(Refused, match="has joined"):
        confirm_joining(joining=rows[1])
    assert joined_organisations(letter, publication).count == 1
    confirm_joining(joining=other)
    assert joined_organisations(letter, publication).count == 2
    withdraw_joining(joining=rows[0])
    confirm_joining(joining=rows[1])
    assert joined_organisations(letter, publication).count == 2


@pytest.mark.parametrize("said", ["Canary\nUnion", "Canary\rUnion", "See https://x.example", "WWW.x.example"])
@pytest.mark.parametrize("field", ["name", "contact", "position"])
def test_names_hold_neither_lines_nor_addresses(field, said):
    given = {
        "name": "Canary Union «Құқық» / Almaty, est. 1999",
        "contact": "Canary Person-Иванова",
        "position": "Head: press & law",
        "address": "c@canary.example",
        "authorised": "on",
    }
    assert JoinForm(given).is_valid()
    form = JoinForm({**given, field: said})
    assert "one line" in form.errors[field][0] or "address" in form.errors[field][0]
    assert list(form.errors) == [field]


def test_whoever_asks_learns_nothing_and_limits_hold(made, monkeypatch):
    letter, publication = opened(made, looks_first=False)
    join(letter, publication)
    assert ask_to_join(letter=letter, publication=publication, **joiner()) is None
    asked = [ask_to_join(letter=letter, publication=publication, **joiner(1)) for _time in range(4)]
    assert [one is not None for one in asked] == [True, True, True, False]
    monkeypatch.setattr("documents.open_letters.actions.MOST_AN_HOUR", 4)
    with pytest.raises(TooManyRequests):
        ask_to_join(letter=letter, publication=publication, **joiner(2))
    with freeze_clock_at(now() + datetime.timedelta(days=8)):
        forget_joinings()
    assert Joining.objects.get().state == JoiningState.JOINED


def test_the_database_and_the_log_hold_nothing_readable(made):
    letter, publication = opened(made)
    row = join(letter, publication)
    everything = {"raw": "name || contact || position || address"}
    stored = Joining.objects.filter(pk=row.pk).extra(select=everything)
    assert "canary" not in stored.get().raw.lower()
    assert not AuditEntry.objects.filter(action__startswith="letter", detail__icontains="union").exists()


def correct(made: Stage, said: str = "Corrected words.") -> Publication:
    round_ = made.put(versions=[made.version(said)])
    made.approve_all(round_)
    return publish_approved(access=made.access, round_=round_)


def test_who_joined_earlier_words_is_told_and_joins_the_corrected_ones_by_its_link(made):
    letter, first = opened(made)
    row = join(letter, first)
    approve_joining(access=made.access, joining=row)
    with pytest.raises(Refused):
        join_again(joining=row, publication=first.uuid)
    second = correct(made)
    (told,) = OutboxMail.objects.filter(template="documents/joining_corrected")
    assert told.context["is_open"]
    assert joined_organisations(letter, second).count == 0
    assert [one.pk for one in joined_earlier(letter, second)] == [row.pk]
    with pytest.raises(Refused):
        join_again(joining=row, publication=first.uuid)
    again = join_again(joining=row, publication=second.uuid)
    assert again.hashes == {text.language: text.hash for text in second.texts.all()}
    assert joined_organisations(letter, second).names == ["Canary Union 0"], "it was looked at before"
    assert joined_earlier(letter, second) == []
    entries = AuditEntry.objects.filter(action="letter.joined").order_by("pk")
    assert [entry.detail["hashes"] for entry in entries] == [
        {text.language: text.hash for text in one.texts.all()} for one in (first, second)
    ]
    third = correct(made, "Corrected once more.")
    with pytest.raises(Refused):
        join_again(joining=row, publication=second.uuid)
    withdraw_joining(joining=row)
    with pytest.raises(Refused):
        join_again(joining=row, publication=third.uuid)


def test_a_closed_letter_tells_and_takes_nobody_again_and_nobody_stands_there_twice(made):
    letter, first = opened(made, looks_first=False)
    row, other = join(letter, first), join(letter, first, 1)
    second = correct(made)
    anew = join(letter, second)  # on the page, from the same address
    assert [one.pk for one in joined_earlier(letter, second)] == [other.pk]
    with pytest.raises(Refused):
        join_again(joining=row, publication=second.uuid)
    close_letter(access=made.access, letter=letter)
    with pytest.raises(Refused):
        join_again(joining=other, publication=second.uuid)
    correct(made, "Corrected once more.")
    told = OutboxMail.objects.filter(template="documents/joining_corrected").order_by("pk")
    assert [one.context["is_open"] for one in told] == [True, True, False, False], "an address once"
    assert str(anew.uuid) in "".join(one.key for one in told)
