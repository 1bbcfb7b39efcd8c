"""Writing facts down, changing and checking them, and taking them out of use: who may, and what is kept."""

import pytest

from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from documents.facts.actions import (
    change_fact,
    check_fact,
    create_fact,
    restore_fact,
    retire_fact,
    set_fact_public,
)
from documents.facts.models import FactAct, FactKind, FactTopic, content_of
from documents.facts.queries import fact_editing_seat, facts_to_check
from documents.models import Fact
from tests.documents.facts.writing import fact_content, soon, write_down

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(room):
    return room.user("editor")


@pytest.fixture
def second(room):
    """Another editor of the organisation that keeps the fact."""
    return room.take("editor", name="second", organisation=room.organisation("editor")).person


@pytest.fixture
def fact(keeper):
    return write_down(keeper)


def acts(fact):
    return list(fact.entries.order_by("id").values_list("act", flat=True))


def change(fact, person, **given):
    about = {"why": "A case was missing", "next_check": soon(), "seen": 1}
    return change_fact(person=person, fact=fact, **about | fact_content("26") | given)


def test_a_fact_is_kept_once_with_everything_it_needs(room, fact, keeper):
    assert fact.owner == room.organisation("editor")
    assert (fact.current.number, fact.current.as_of, fact.current.written_by) == (1, 2018, keeper)
    assert {row.language for row in fact.current.words.all()} == {"kk", "ru", "en"}
    assert content_of(fact.current) == fact_content()
    assert fact.checked is None
    assert acts(fact) == [FactAct.CREATED]
    entry = AuditEntry.objects.get(action="fact.created")
    assert (entry.target, entry.detail) == (fact.uuid, {"number": 1})


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_who_does_not_edit_writes_no_fact(room, fact, role):
    someone = room.user(role)
    attempts = [
        lambda: write_down(someone, owner=room.organisation(role).uuid),
        lambda: change(fact, someone),
        lambda: check_fact(person=someone, fact=fact, seen=1, next_check=soon()),
        lambda: retire_fact(person=someone, fact=fact, why="No more"),
        lambda: restore_fact(person=someone, fact=fact),
        lambda: set_fact_public(person=someone, fact=fact, opened=True),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert acts(fact) == [FactAct.CREATED]


def test_an_editor_of_another_organisation_changes_nothing_and_a_coordinator_does(room, fact):
    other = room.take("editor", name="other").person
    with pytest.raises(NotAllowed):
        change(fact, other)
    with pytest.raises(NotAllowed):
        create_fact(
            person=other,
            owner=fact.owner.uuid,
            kind=FactKind.NUMERAL,
            topic=FactTopic.LAW,
            **fact_content(),
            next_check=soon(),
        )
    changed = change(fact, room.user("coordinator"))
    assert changed.current.number == 2
    assert changed.entries.first().organisation == room.organisation("coordinator")


def test_an_archived_workspace_gives_no_right_to_keep_facts(room, fact, keeper):
    room.workspace.archived_at = now()
    room.workspace.save()
    assert fact_editing_seat(keeper, fact) is None
    with pytest.raises(NotAllowed):
        change(fact, keeper)


def test_a_change_is_a_version_and_the_one_before_stays(fact, keeper):
    first = fact.current
    changed = change(fact, keeper)
    assert (changed.current.number, changed.current.pk != first.pk) == (2, True)
    assert content_of(first) == fact_content()
    assert changed.entries.first().why == "A case was missing"


def test_a_change_needs_a_reason_something_new_and_the_newest_words(fact, keeper):
    for given in ({"why": "  "}, fact_content(), {"seen": 0}):
        with pytest.raises(Refused):
            change(fact, keeper, **given)
    assert Fact.objects.get().current.number == 1


LACKING = {
    "no language": {"words": {}},
    "no scope": {"words": {"kk": {"numeral": "25", "sentence": "үкім", "scope": "", "source": "Internews"}}},
    "no source": {"words": {"kk": {"numeral": "25", "sentence": "үкім", "scope": "Қазақстан", "source": ""}}},
    "no number": {
        "words": {"kk": {"numeral": "", "sentence": "үкім", "scope": "Қазақстан", "source": "Internews"}}
    },
    "no publisher": {"publisher": " "},
    "a year to come": {"as_of": 9000},
    "a script for an address": {"address": "javascript:alert(1)"},
    "a broken address": {"address": "https://["},
    "hidden letters": {"publisher": "Inter\u202enews"},
    "half a letter": {
        "words": {"kk": {"numeral": "25", "sentence": "\ud800", "scope": "Қазақстан", "source": "Internews"}}
    },
}


@pytest.mark.parametrize("given", LACKING.values(), ids=LACKING)
def test_what_lacks_something_is_refused(room, keeper, given):
    with pytest.raises(Refused):
        write_down(keeper, **given)
    assert not Fact.objects.exists()


def test_a_statement_has_no_number(keeper):
    with pytest.raises(Refused):
        write_down(keeper, kind=FactKind.STATEMENT)
    with pytest.raises(Refused):
        write_down(keeper, kind="rumour")
    words = {
        "en": {
            "numeral": "",
            "sentence": "No case was filed in court",
            "scope": "Kazakhstan, 2014–2017",
            "source": "The prosecutor",
        }
    }
    assert write_down(keeper, kind=FactKind.STATEMENT, **fact_content(words=words)).pk


@pytest.mark.parametrize("days", [-1, 0, 2000])
def test_the_next_check_is_to_come_and_not_far(keeper, days):
    with pytest.raises(Refused):
        write_down(keeper, next_check=soon(days))


def test_new_words_are_checked_by_somebody_else(fact, keeper, second):
    with pytest.raises(Refused):
        check_fact(person=keeper, fact=fact, seen=1, next_check=soon())
    checked = check_fact(person=second, fact=fact, seen=1, next_check=soon(100), note="Compared")
    assert (checked.checked, checked.next_check) == (checked.current, soon(100))
    assert acts(fact) == [FactAct.CREATED, FactAct.CHECKED]
    # What was checked once may be looked at again by whoever wrote it.
    assert check_fact(person=keeper, fact=fact, seen=1, next_check=soon(200)).next_check == soon(200)


def test_pages_keep_the_checked_words_until_the_new_ones_are_checked(fact, keeper, second):
    check_fact(person=second, fact=fact, seen=1, next_check=soon())
    changed = change(fact, keeper)
    assert (changed.checked.number, changed.current.number) == (1, 2)
    with pytest.raises(Refused):
        check_fact(person=second, fact=fact, seen=1, next_check=soon())  # looked at the words before
    assert check_fact(person=second, fact=fact, seen=2, next_check=soon()).checked.number == 2


def test_out_of_use_and_back(fact, keeper):
    with pytest.raises(Refused):
        retire_fact(person=keeper, fact=fact, why="")
    retire_fact(person=keeper, fact=fact, why="The source took it back")
    retire_fact(person=keeper, fact=fact, why="Once more")
    with pytest.raises(Refused):
        change(fact, keeper)
    restore_fact(person=keeper, fact=fact)
    assert acts(fact) == [FactAct.CREATED, FactAct.RETIRED, FactAct.BROUGHT_BACK]
    assert change(fact, keeper).current.number == 2


def test_opening_is_kept_once(fact, keeper):
    for opened in (True, True, False):
        set_fact_public(person=keeper, fact=fact, opened=opened)
    assert acts(fact) == [FactAct.CREATED, FactAct.OPENED, FactAct.CLOSED]


def test_what_waits_for_a_check_waits_for_those_who_may_check_it(room, fact, keeper, second):
    assert not facts_to_check(keeper)  # their own words
    assert list(facts_to_check(second)) == [fact]
    assert not facts_to_check(room.user("coordinator"))  # another organisation's
    check_fact(person=second, fact=fact, seen=1, next_check=soon())
    assert not facts_to_check(second)
    Fact.objects.update(next_check=soon(0))
    assert list(facts_to_check(keeper)) == list(facts_to_check(second)) == [fact]
