"""Sources are asked whether they could have anything, all in one query, before any of them is asked."""

import pytest

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import PUBLIC
from coalition.workspaces.dashboard import counted_source, only_if, prefilter_sources
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def _organisations(_user):
    return Organisation.objects.all()


def _oneself(user):
    return User.objects.filter(pk=user.pk, name="Rich")


@pytest.fixture
def asked():
    return []


@pytest.fixture
def sources(asked):
    @only_if(_organisations)
    def first(user, _viewer):
        asked.append(("first", user))
        return ["one"]

    @only_if(_organisations)
    def second(user, _viewer):
        asked.append(("second", user))
        return ["two"]

    @counted_source(_organisations)
    def third(count):
        return [f"{count} organisations"]

    return [first, second, third, lambda _user, _viewer: ["always"]]


def told(sources, user):
    return [one for source in sources for one in source(user, PUBLIC)]


def test_where_nothing_can_be_nothing_is_asked(sources, asked, django_assert_num_queries):
    user = UserFactory()
    with django_assert_num_queries(1), prefilter_sources(user, sources):
        assert told(sources, user) == ["always"]
        with prefilter_sources(user, sources):
            assert told(sources, user) == ["always"]
    assert asked == []


def test_where_something_could_be_the_source_itself_is_asked(sources, asked, django_assert_num_queries):
    user = UserFactory()
    OrganisationFactory.create_batch(3)
    with django_assert_num_queries(1), prefilter_sources(user, sources):
        assert told(sources, user) == ["one", "two", "3 organisations", "always"]
    assert asked == [("first", user), ("second", user)]


def test_what_was_answered_holds_inside_and_for_that_person(sources, asked):
    user, other = UserFactory(), UserFactory()
    with prefilter_sources(user, sources):
        OrganisationFactory()
        assert told(sources, user) == ["always"]
        assert told(sources, other) == ["one", "two", "1 organisations", "always"]
    assert told(sources, user) == ["one", "two", "1 organisations", "always"]


def test_the_rows_are_the_persons_own():
    poor, rich = UserFactory(), UserFactory(name="Rich")
    source = only_if(_oneself)(lambda _user, _viewer: ["here"])
    with prefilter_sources(poor, [source]), prefilter_sources(rich, [source]):
        assert (told([source], poor), told([source], rich)) == ([], ["here"])


def test_without_questions_there_is_no_query(django_assert_num_queries):
    user = UserFactory()
    none = counted_source(lambda _user: Organisation.objects.none())(lambda count: [count])
    with django_assert_num_queries(0), prefilter_sources(user, [lambda _user, _viewer: []]):
        pass
    with prefilter_sources(user, [none]):
        assert told([none], user) == []
