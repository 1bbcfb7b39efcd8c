"""Sources are asked whether they could have anything, all in one query, before any of them is asked."""

import pytest

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import PUBLIC
from coalition.workspaces.dashboard import counted_source, only_if, prefilter_sources
from coalition.workspaces.queries import for_page
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
    user = for_page(UserFactory())
    with django_assert_num_queries(1):
        assert told(sources, prefilter_sources(user, sources)) == ["always"]
        assert told(sources, prefilter_sources(user, sources)) == ["always"]
    assert asked == []


def test_where_something_could_be_the_source_itself_is_asked(sources, asked, django_assert_num_queries):
    user = for_page(UserFactory())
    OrganisationFactory.create_batch(3)
    with django_assert_num_queries(1):
        assert told(sources, prefilter_sources(user, sources)) == ["one", "two", "3 organisations", "always"]
    assert asked == [("first", user), ("second", user)]


def test_answers_belong_to_one_page_and_person(sources, asked):
    user, other = UserFactory(), UserFactory()
    person = prefilter_sources(user, sources)
    OrganisationFactory()
    assert told(sources, person) == ["always"]
    assert told(sources, other) == ["one", "two", "1 organisations", "always"]
    assert told(sources, user) == ["one", "two", "1 organisations", "always"]


def test_the_rows_are_the_persons_own():
    poor, rich = UserFactory(), UserFactory(name="Rich")
    source = only_if(_oneself)(lambda _user, _viewer: ["here"])
    poor, rich = prefilter_sources(poor, [source]), prefilter_sources(rich, [source])
    assert (told([source], poor), told([source], rich)) == ([], ["here"])


def test_without_questions_there_is_no_query(django_assert_num_queries):
    user = for_page(UserFactory())
    none = counted_source(lambda _user: Organisation.objects.none())(lambda count: [count])
    with django_assert_num_queries(0):
        prefilter_sources(user, [lambda _user, _viewer: []])
    assert told([none], prefilter_sources(user, [none])) == []
