"""When builders are replayed and when not, and that a replay does what the builder did."""

import datetime
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from coalition.accounts.models import Language, Membership, Organisation, User
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.recording import recorded, replay, same_patch
from tests.recording.replay import followed

pytestmark = pytest.mark.django_db
BUILT: list[str] = []  # builders that ran for real
callbacks: list[str] = []
MIDDAY = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def recordings(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the one that follows every test: here `a_test` begins and ends."""
    BUILT.clear()
    callbacks.clear()
    monkeypatch.setattr(replay, "recordings", {})
    if connection.vendor != "sqlite":
        pytest.skip("builders run for real on other databases")


@contextmanager
def a_test() -> Iterator[None]:
    """What a test is to the mechanism: a transaction that is rolled back, with nothing of an earlier one."""
    with transaction.atomic(), followed():
        yield
        transaction.set_rollback(True)


@dataclass
class Group:
    """An organisation and its people."""

    organisation: Organisation
    people: list[User] = field(default_factory=list)

    @recorded
    def join(self, name: str = "Aigerim Testova") -> Membership:
        BUILT.append("join")
        person = UserFactory(name=name)
        self.people.append(person)
        return MembershipFactory(person=person, organisation=self.organisation)


@recorded
def group(**given: object) -> Group:
    BUILT.append("group")
    return Group(OrganisationFactory(**given))


@recorded
def group_of_two() -> Group:
    BUILT.append("group_of_two")
    made = group()
    made.join()
    made.join("Dana Testova")
    return made


@recorded
def with_effect(effect: str) -> int:
    BUILT.append(effect)
    if effect == "file":
        default_storage.save("of_a_builder.txt", ContentFile(b"words"))
    if effect == "deleted file":
        default_storage.delete("of_another.txt")
    if effect == "mail":
        mail.EmailMessage("Words", "Words", to=["somebody@tests.example"]).send()
    if effect == "cache":
        cache.set("of_a_builder", "words")
    if effect == "commit":
        transaction.on_commit(lambda: callbacks.append("after the commit"))
    if effect == "lambda":
        return lambda: 1  # type: ignore[return-value]  # what cannot be pickled
    if effect == "refused":
        raise ValueError(effect)
    if effect == "rolled back":
        UserFactory(email="first@tests.example")
        with pytest.raises(IntegrityError), transaction.atomic():
            UserFactory.create_batch(2, email="second@tests.example")
    return User.objects.count()


def rows() -> list[tuple[object, ...]]:
    return [
        *User.objects.order_by("pk").values_list(),
        *Organisation.objects.order_by("pk").values_list(),
        *Membership.objects.order_by("pk").values_list(),
    ]


def built_in_two_tests(act) -> list[str]:
    """The builders that ran for real in the second of two tests that do the same."""
    with a_test():
        act()
    BUILT.clear()
    with a_test():
        act()
    return list(BUILT)


def test_the_second_test_finds_the_same_rows_and_its_own_objects():
    with a_test():
        made = group_of_two()
        first, people = rows(), [person.name for person in made.people]
        made.people[0].name = "Somebody else"
    assert BUILT == ["group_of_two", "group", "join", "join"]
    with a_test():
        again = group_of_two()
        assert rows() == first
        assert [person.name for person in again.people] == people
        assert again.organisation == made.organisation
        assert again.organisation is not made.organisation
        again.organisation.refresh_from_db()
        MembershipFactory(organisation=again.organisation)
    assert BUILT == ["group_of_two", "group", "join", "join"]


def test_what_a_builder_changes_in_its_arguments_is_changed_in_those_given():
    for _number in range(2):
        with a_test():
            made = group()
            people, organisation = made.people, made.organisation
            joined = made.join()
            assert made.people is people
            assert made.organisation is organisation
            assert joined.organisation is organisation
            assert people == [joined.person]
            assert people[0] is joined.person
    assert BUILT == ["group", "join"]


def test_builders_within_a_builder_are_replayed_alone_and_the_other_way_round():
    with a_test():
        group_of_two()
    BUILT.clear()
    with a_test():
        made = group()
        made.join()
        assert BUILT == []
        made.join("Somebody else")
        assert BUILT == ["join"]


def test_the_same_writes_of_a_test_lead_to_the_same_state():
    def act():
        made = group()
        User.objects.create(email="own@tests.example", name="Own Testova", last_visit=timezone.now())
        made.join()

    assert built_in_two_tests(act) == []


def test_other_writes_lead_to_another_state():
    for name in ("Aigerim Testova", "Dana Testova"):
        with a_test():
            made = group()
            User.objects.create(email="own@tests.example", name=name)
            made.join()
    assert BUILT == ["group", "join", "join"]


def test_after_a_rollback_the_state_is_the_one_before():
    def act():
        made = group()
        with transaction.atomic():
            UserFactory(name="Rolled back")
            transaction.set_rollback(True)
        made.join()

    assert built_in_two_tests(act) == []
    with a_test():
        act()
        found = list(User.objects.values_list("name", flat=True))
    assert found == ["Aigerim Testova"]


def test_rows_from_before_the_test_make_another_state():
    with a_test():
        group()
    OrganisationFactory()
    with a_test():
        made = group()
        assert Organisation.objects.count() == 2
        assert Organisation.objects.filter(pk=made.organisation.pk).count() == 1
    assert BUILT == ["group", "group"]


def test_other_arguments_are_built():
    for given in ({"name_en": "One"}, {"name_en": "Two"}, {"name_en": "One"}):
        with a_test():
            assert group(**given).organisation.name_en == given["name_en"]
    assert BUILT == ["group", "group"]


def test_a_row_that_was_changed_in_memory_is_another_argument():
    for changed in (False, True):
        with a_test():
            made = group()
            if changed:
                made.organisation.name_en = "Not saved"
            joined = made.join()
            assert (joined.organisation.name_en == "Not saved") is changed
    assert BUILT == ["group", "join", "join"]


def test_an_argument_without_a_name_is_built():
    @dataclass
    class Own:
        value: object

    assert built_in_two_tests(lambda: recorded_of(Own(object()))) == ["recorded_of"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        ("en", Language.EN),
        ({1, 2}, {True, 2}),
        (MIDDAY, MIDDAY.astimezone(datetime.timezone(datetime.timedelta(hours=5)))),
    ],
    ids=["number", "enum", "set", "time zone"],
)
def test_an_equal_argument_of_another_kind_is_built(one, other):
    assert one == other
    for given in (one, other, one):
        with a_test():
            recorded_of(given)
    assert BUILT == ["recorded_of", "recorded_of"]


def test_rows_whose_values_have_equal_hashes_are_another_state():
    assert hash((-1,)) == hash((-2,))
    for number in (-1, -2):
        with a_test():
            User.objects.filter(pk__gt=number).update(is_active=True)
            group()
    assert BUILT == ["group", "group"]


def test_what_needs_a_result_is_not_replayed_without_one():
    clear = replay.recorded(_effect_only, needs_result=True)
    assert built_in_two_tests(clear) == ["effect"]


def _effect_only() -> None:
    BUILT.append("effect")


@recorded
def recorded_of(thing: object) -> int:
    BUILT.append("recorded_of")
    return User.objects.count()


@pytest.mark.parametrize(
    "surroundings",
    [
        lambda: time_machine.travel("2026-03-01 06:00Z", tick=False),
        lambda: override_settings(DEFAULT_FROM_EMAIL="else@tests.example"),
        lambda: translation.override("kk"),
        lambda: timezone.override(datetime.UTC),
        lambda: same_patch("callbacks", replay, "AT_MOST", 10),
    ],
    ids=["clock", "settings", "language", "time zone", "patch"],
)
def test_other_surroundings_are_built_and_found_again(surroundings):
    with a_test():
        group()
    for _number in range(2):
        with a_test(), surroundings():
            group()
    assert BUILT == ["group", "group"]
    with a_test():
        group()
    assert BUILT == ["group", "group"]


def test_under_a_clock_that_moves_by_itself_builders_run():
    def act():
        with time_machine.travel("2026-03-01 06:00Z"):
            group()

    assert built_in_two_tests(act) == ["group"]


def test_once_something_is_patched_builders_run(monkeypatch):
    with a_test():
        group()
    with a_test() as _, pytest.MonkeyPatch.context() as patches:
        replay.tapes[-1].patches = patches
        group()
        patches.setattr(replay, "AT_MOST", 10)
        group()
    assert BUILT == ["group", "group"]


def test_while_queries_are_counted_builders_run():
    with a_test():
        group()
    with a_test(), CaptureQueriesContext(connection) as queries:
        group()
    assert BUILT == ["group", "group"]
    assert len(queries) > 0


def test_in_other_threads_builders_run():
    with a_test():
        recorded_of(1)
        BUILT.clear()
        recorded_of(1)
        assert BUILT == []
        thread = threading.Thread(target=_in_thread)
        thread.start()
        thread.join()
    assert BUILT == ["recorded_of"]


def _in_thread() -> None:
    try:
        recorded_of(1)
    finally:
        connection.close()


@pytest.mark.parametrize("effect", ["deleted file", "mail", "lambda"])
def test_what_no_replay_can_repeat_is_built(effect):
    assert built_in_two_tests(lambda: with_effect(effect)) == [effect]


def test_a_builder_that_raises_raises_again():
    with a_test(), pytest.raises(ValueError, match="refused"):
        with_effect("refused")
    with a_test(), pytest.raises(ValueError, match="refused"):
        with_effect("refused")
    assert BUILT == ["refused", "refused"]


def test_what_a_builder_rolled_back_itself_is_not_replayed():
    for _number in range(2):
        with a_test():
            assert with_effect("rolled back") == 1
            assert list(User.objects.values_list("email", flat=True)) == ["first@tests.example"]
    assert BUILT == ["rolled back"]


def test_what_was_written_to_the_cache_is_written_again():
    for _number in range(2):
        cache.clear()
        with a_test():
            with_effect("cache")
            assert cache.get("of_a_builder") == "words"
    assert BUILT == ["cache"]


def test_a_stored_file_is_there_again_and_gone_after_the_test():
    for _number in range(2):
        with a_test():
            with_effect("file")
            with default_storage.open("of_a_builder.txt") as file:
                assert file.read() == b"words"
        assert not default_storage.exists("of_a_builder.txt")
    assert BUILT == ["file"]


def test_what_waits_for_the_commit_waits_again(django_capture_on_commit_callbacks):
    for _number in range(2):
        callbacks.clear()
        with a_test(), django_capture_on_commit_callbacks(execute=True):
            with_effect("commit")
            assert callbacks == []
        assert callbacks == ["after the commit"]
    assert BUILT == ["commit"]


def test_a_function_that_uses_variables_around_it_is_refused():
    here = "somewhere"

    def inner() -> str:
        return here

    with pytest.raises(TypeError, match="uses variables"):
        recorded(inner)


def test_the_one_replayed_longest_ago_is_forgotten_first(monkeypatch):
    monkeypatch.setattr(replay, "AT_MOST", 2)
    for name in ("One", "Two", "One", "Three", "One", "Two"):
        with a_test():
            recorded_of(name)
    assert BUILT == ["recorded_of"] * 4


def test_moments_and_random_values_are_the_same_in_each_test_and_never_twice():
    def act():
        drawn = [UserFactory().pk for _number in range(2)]
        made = [OrganisationFactory(), OrganisationFactory()]
        assert made[0].uuid != made[1].uuid
        assert made[0].uuid < made[1].uuid
        assert made[0].created_at < made[1].created_at
        return drawn, [(one.uuid, one.created_at) for one in made], timezone.now()

    found = []
    for _number in range(2):
        replay.recordings.clear()
        with a_test():
            found.append(act())
    assert found[0] == found[1]
