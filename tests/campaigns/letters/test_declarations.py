"""“I sent it”: counted once a target, ten an hour from one network, and nothing of the letter is taken."""

from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connections
from django.utils.timezone import localdate

from coalition.applicants.views import new_stamp
from coalition.campaigns.counters.columns import counts_of
from coalition.campaigns.counters.enums import Column
from coalition.campaigns.letters.actions.declare import declare_letters
from coalition.campaigns.letters.models import Way
from coalition.campaigns.letters.queries import credits_by_code, letters_by_organisation, letters_reached
from coalition.campaigns.letters.views import public
from coalition.campaigns.letters.views.public import FORM
from coalition.campaigns.models import LetterAction, LetterDay, Target
from coalition.core.clock import now
from coalition.workspaces.models import Workspace
from tests.campaigns.appeals.factories import open_appeal
from tests.campaigns.appeals.test_counting import code
from tests.campaigns.letters.builders import BodyFactory, TargetFactory, open_letters
from tests.documents.approval.builders import Stage, stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
PAGE = "/en/write/to-deputies/"
OWN = {"Sec-Fetch-Site": "same-origin"}
SCRIPT = {**OWN, "Accept": "application/json"}


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def made() -> Stage:
    return stage()


@pytest.fixture
def letters(made: Stage) -> LetterAction:
    return open_letters(made)


def post(client, *targets: Target, path: str = PAGE, headers=SCRIPT, network="127.0.0.1", **given: object):
    """Declare letters anew. `attempt`: that of a declaration which is posted once more."""
    data = {
        "stamp": new_stamp(FORM),
        "attempt": uuid4().hex,
        "leave_empty": "",
        "target": [str(one.uuid) for one in targets],
        "way": "mail",
        "language": "kk",
    }
    return client.post(path, {**data, **given}, headers=headers, REMOTE_ADDR=network)


def counted() -> int:
    return sum(LetterDay.objects.values_list("count", flat=True))


def test_one_press_counts_a_letter_to_each_chosen_target(client, letters):
    first, second, _third = Target.objects.all()
    answer = post(client, first, second, way="print", language="ru")
    assert answer.status_code == 200
    assert answer.json()["done"]
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    rows = LetterDay.objects.order_by("target").values_list("target", "way", "language", "count", "referral")
    assert list(rows) == [(one.pk, "print", "ru", 1, None) for one in (first, second)]
    post(client, first, way="print", language="ru")
    assert LetterDay.objects.get(target=first).count == 2


@pytest.mark.parametrize("attempt", ["", "2f9a1c"])
def test_a_declaration_that_is_posted_again_counts_each_recipient_once(client, letters, attempt):
    first, second, third = Target.objects.all()
    same = {"stamp": new_stamp(FORM), "attempt": attempt}
    for targets in ((first,), (first,), (first, second)):
        answer = post(client, *targets, **same)
        assert answer.json()["done"]
        assert answer.json()["counted"] == [str(one.uuid) for one in targets]
        assert "is counted as declared" in answer.json()["words"]
    assert dict(LetterDay.objects.values_list("target", "count")) == {first.pk: 1, second.pk: 1}
    answer = post(client, first, third, headers=OWN, **same)
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}sent/")
    assert counted() == 3
    post(client, first, stamp=same["stamp"], attempt="another")
    assert counted() == 4, "a page of a cache has the same stamp for everyone"


def test_a_letter_that_was_not_counted_can_be_declared_again(client, made):
    open_letters(made, people=12, slug="many")
    targets, same = list(Target.objects.all()), {"path": "/en/write/many/", "attempt": "2f9a1c"}
    same["stamp"] = new_stamp(FORM)
    answer = post(client, *targets, **same)
    assert len(answer.json()["counted"]) == counted() == 10
    answer = post(client, *targets, network="203.0.113.9", **same)
    assert len(answer.json()["counted"]) == counted() == 12


def test_a_declaration_that_failed_can_be_posted_again(client, letters, monkeypatch):
    target, same = Target.objects.first(), {"stamp": new_stamp(FORM), "attempt": "2f9a1c"}
    with monkeypatch.context() as patch:
        patch.setattr(public, "declare_letters", Mock(side_effect=OSError("gone")))
        with pytest.raises(OSError, match="gone"):
            post(client, target, **same)
    post(client, target, **same)
    assert counted() == 1


def test_words_and_people_are_not_taken(client, letters):
    answer = post(client, Target.objects.first(), letter="CANARY", name="CANARY", iin="CANARY")
    assert answer.json()["done"]
    stored = [str(value) for row in LetterDay.objects.values() for value in row.values()]
    assert not any("CANARY" in one for one in stored)


@pytest.mark.parametrize("times", [15, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_thousand_posts_count_ten_and_the_others_read_that_they_do_not(client, letters, times):
    target = Target.objects.first()
    answers = [post(client, target) for _time in range(times)]
    assert counted() == 10
    assert {(one.status_code, one.json()["done"]) for one in answers} == {(200, True)}
    said = [one.json()["words"] for one in answers]
    assert len({*said[:10]}) == len({*said[10:]}) == 1
    assert "is counted as declared" in said[0]
    assert "is counted as declared" not in said[10]
    assert "1 letter is not counted: within an hour at most 10 are" in said[10]


def test_one_post_counts_ten_targets_at_most_and_says_so(client, made):
    open_letters(made, people=15, slug="many")
    answer = post(client, *Target.objects.all(), path="/en/write/many/")
    assert answer.json()["done"]
    assert counted() == 10
    words = answer.json()["words"]
    assert "is counted as declared" in words
    assert "5 letters are not counted" in words
    assert "no limit to writing" in words


def test_without_script_too_who_sent_more_than_ten_reads_that_they_are_not_counted(client, made):
    open_letters(made, people=11, slug="many")
    answer = post(client, *Target.objects.all(), path="/en/write/many/", headers=OWN)
    assert answer.status_code == 200
    assert "1 letter is not counted" in answer.content.decode()


def test_networks_are_counted_apart(client, letters):
    target = Target.objects.first()
    for address in ("203.0.113.1", "198.51.100.1"):
        for _time in range(12):
            post(client, target, network=address)
    assert counted() == 20


def test_a_target_that_is_gone_is_told_in_words_with_others(client, letters):
    gone, *others = Target.objects.all()
    Target.objects.filter(pk=gone.pk).update(gone_on=localdate(now()))
    answer = post(client, gone)
    told = answer.json()
    assert answer.status_code == 409
    assert not told["done"]
    assert f"No longer in office: {gone.name}." in told["words"]
    assert told["gone"] == [str(gone.uuid)]
    assert [one["uuid"] for one in told["others"]] == [str(one.uuid) for one in others]
    assert counted() == 0
    answer = post(client, gone, others[0])
    assert answer.status_code == 200
    assert answer.json()["gone"] == [str(gone.uuid)]
    assert LetterDay.objects.get().target == others[0]


def test_the_body_that_was_archived_is_gone_as_a_whole(client, letters):
    letters.bodies.update(archived_at=now())
    target = Target.objects.first()
    answer = post(client, target)
    assert answer.status_code == 409
    assert f"Not written to here any more: {target.name}. No letter was counted" in answer.json()["words"]
    assert answer.json()["others"] == []


def test_people_of_a_body_that_was_taken_out_are_gone(client, letters):
    taken_out, other = Target.objects.first(), TargetFactory(body=BodyFactory(workspace=letters.workspace))
    letters.bodies.set([other.body])
    answer = post(client, taken_out)
    assert answer.status_code == 409
    assert f"Not written to here any more: {taken_out.name}. No letter was counted" in answer.json()["words"]
    assert "in office" not in answer.json()["words"], "they are in office as before"
    assert answer.json()["gone"] == [str(taken_out.uuid)]
    assert [one["uuid"] for one in answer.json()["others"]] == [str(other.uuid)]
    assert counted() == 0


def test_nothing_is_told_of_people_of_other_workspaces(client, letters):
    stranger = TargetFactory(body=BodyFactory(workspace=stage().workspace))
    answer = post(client, stranger)
    assert answer.status_code == 422
    assert str(stranger.name) not in answer.content.decode()
    assert answer.json()["gone"] == []


def test_others_are_offered_by_full_tens(client, letters):
    gone, more, fewer = Target.objects.all()
    for target, number in ((more, 8), (fewer, 3)):
        LetterDay.objects.create(
            action=letters, target=target, way="mail", language="kk", day=localdate(now()), count=number
        )
    Target.objects.filter(pk=gone.pk).update(gone_on=localdate(now()))
    expected = [str(more.uuid), str(fewer.uuid)]
    assert [one["uuid"] for one in post(client, gone).json()["others"]] == expected
    LetterDay.objects.filter(target=more).update(count=10)
    assert [one["uuid"] for one in post(client, gone).json()["others"]] == expected[::-1]


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"way": "pigeon"}, 422, "how you sent it"),
        ({"target": ["no uuid"]}, 422, "to whom you wrote"),
        ({"target": [str(uuid4())]}, 422, "to whom you wrote"),
        ({"stamp": "1c9f4a2.00"}, 409, "Press the button once more"),
    ],
)
def test_bad_posts_are_refused_in_words(client, letters, given, status, said):
    answer = post(client, Target.objects.first(), **given)
    assert answer.status_code == status
    assert said in answer.json()["words"]
    assert counted() == 0
    again = post(client, Target.objects.first(), stamp=answer.json()["stamp"])
    assert again.json()["done"], "each answer brings a stamp"


def test_posts_from_other_sites_and_bots_count_nothing(client, letters):
    target = Target.objects.first()
    assert post(client, target, headers={**SCRIPT, "Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert post(client, target, leave_empty="x").json()["done"]
    assert counted() == 0


def test_an_unknown_language_is_that_of_the_page(client, letters):
    post(client, Target.objects.first(), language="xx")
    assert LetterDay.objects.get().language == "en"


def test_a_closed_action_counts_nothing(client, letters):
    LetterAction.objects.update(closed_at=now())
    answer = post(client, Target.objects.first())
    assert answer.status_code == 409
    assert "closed" in answer.json()["words"]
    assert counted() == 0


def test_an_archived_workspace_takes_no_letters_and_says_so(client, letters):
    target = Target.objects.first()
    post(client, target)
    Workspace.objects.update(archived_at=now())
    answer = post(client, target)
    assert answer.status_code == 409
    assert "put it into their archive" in answer.json()["words"]
    assert counted() == 1
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "put it into their archive" in page.content.decode()
    assert "data-declare" not in page.content.decode()


def test_without_script_a_page_thanks_or_says_what_is_wrong(client, letters):
    gone, other, _third = Target.objects.all()
    answer = post(client, other, headers=OWN)
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}sent/")
    assert "Thank you for your letter" in client.get(f"{PAGE}sent/").content.decode()
    answer = post(client, gone, other, headers=OWN, way="")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Choose how you sent it." in page
    assert page.count(" checked") == 2, "what was ticked is still ticked"
    Target.objects.filter(pk=gone.pk).update(gone_on=localdate(now()))
    answer = post(client, gone, headers=OWN)
    assert answer.status_code == 409
    assert f"No longer in office: {gone.name}." in answer.content.decode()
    assert str(other.name) in answer.content.decode()


def test_letters_are_credited_to_the_code_and_its_organisation(client, made):
    version = open_appeal("kk", "en", made=made)
    letters = open_letters(made, appeal=version.appeal)
    own = code(version, target=letters.uuid, action="letter")
    of_appeal = code(version, code="QQQQ2345")
    ended = code(
        version, code="EEEE2345", target=letters.uuid, action="letter", medium="sheet", ended_at=now()
    )
    target = Target.objects.first()
    for credited in (own, own, of_appeal, ended):
        post(client, target, path=f"{PAGE}from/{credited.code}/")
    assert credits_by_code([letters.uuid]) == {own.pk: 2, of_appeal.pk: 1}
    organisation = own.organisation_id
    assert letters_by_organisation(made.workspace) == {organisation: 0}, "in full tens"
    LetterDay.objects.filter(referral=own).update(count=18)
    assert letters_by_organisation(made.workspace) == {organisation: 10}
    LetterDay.objects.filter(referral=own).update(count=2)
    assert letters_reached(made.workspace) == {(target.uuid, organisation): 3, (target.uuid, None): 1}
    letters_column = next(one for one in counts_of(version.appeal.uuid) if one.column == Column.LETTERS)
    assert letters_column.count.value == 4
    assert letters_column.method == "Declared by those who wrote; not checked."


def test_the_code_stays_in_the_links_of_the_page_that_thanks(client, made):
    letters = open_letters(made, appeal=open_appeal("kk", "en", made=made).appeal)
    credited = code(letters.appeal.versions.get())
    answer = post(client, Target.objects.first(), path=f"{PAGE}from/{credited.code}/", headers=OWN)
    assert answer["Location"] == f"{PAGE}from/{credited.code}/sent/"
    page = client.get(answer["Location"]).content.decode()
    assert f'href="{PAGE}from/{credited.code}/"' in page
    assert f'href="/en/support/for-a-law/from/{credited.code}/"' in page
    assert client.get(f"{PAGE}from/AAAA2222/sent/")["Location"] == f"{PAGE}sent/"


def test_an_appeal_without_an_open_action_has_no_number(made):
    version = open_appeal(made=made)
    open_letters(made, appeal=version.appeal, opened_at=None)
    letters_column = next(one for one in counts_of(version.appeal.uuid) if one.column == Column.LETTERS)
    assert letters_column.count.value is None


@pytest.mark.django_db(transaction=True)
def test_parallel_declarations_are_all_counted(made):
    letters = open_letters(made)
    targets = list(Target.objects.all())

    def declare(number: int) -> None:
        try:
            chosen = targets if number % 2 else targets[::-1]
            declare_letters(action=letters, targets=chosen, way=Way.MAIL, language="kk")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(declare, range(24)))
    assert sorted(LetterDay.objects.values_list("count", flat=True)) == [24, 24, 24]
