"""Queries that are written once give the rows that Django would give, and nothing that was read before."""

import datetime
import threading
from uuid import UUID

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.db.models import Q, Value
from django.test.utils import CaptureQueriesContext

from coalition.accounts.models import Listing, Organisation
from coalition.prepared import Prepared
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def counted(make):
    """The function, and a list that grows whenever it is asked for a query."""
    asked: list[dict[str, object]] = []

    def noted(**values: object):
        asked.append(values)
        return make(**values)

    return noted, asked


def test_it_asks_every_time_and_writes_once():
    make, written = counted(lambda listing: Organisation.objects.filter(listing=listing).order_by("pk"))
    ask = Prepared(make)
    assert ask(listing=Listing.PUBLIC.value) == []
    shown, hidden = OrganisationFactory(listing=Listing.PUBLIC), OrganisationFactory(listing=Listing.WITHHELD)
    with CaptureQueriesContext(connection) as queries:
        assert ask(listing=Listing.PUBLIC.value) == [shown]
        assert ask(listing=Listing.WITHHELD.value) == [hidden]
    assert len(queries) == 2
    assert len(written) == 1
    Organisation.objects.filter(pk=shown.pk).update(listing=Listing.CONFIDENTIAL)
    assert ask(listing=Listing.PUBLIC.value) == []


def test_rows_are_whole_as_django_gives_them():
    made = OrganisationFactory(name_en="Sealed name", regions=["KZ-75"])
    ask = Prepared(lambda uuid: Organisation.objects.filter(uuid=uuid).annotate(seven=Value(7)))
    (found,) = ask(uuid=made.uuid)
    told = Organisation.objects.get(pk=made.pk)
    names = [field.attname for field in Organisation._meta.concrete_fields]
    assert [getattr(found, name) for name in names] == [getattr(told, name) for name in names]
    assert (found.seven, found.name_en, type(found.uuid)) == (7, "Sealed name", UUID)
    assert found._state.db == "default"
    assert not found._state.adding


def test_moments_numbers_lists_and_nothing_stand_in():
    first, second = OrganisationFactory(), OrganisationFactory()
    make, written = counted(
        lambda since, pks, left: (
            Organisation.objects.filter(created_at__gte=since, pk__in=pks, left_at=left)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
    )
    ask = Prepared(make)
    early, late = (
        first.created_at - datetime.timedelta(days=1),
        datetime.datetime(2999, 1, 1, tzinfo=datetime.UTC),
    )
    pks = [first.pk, second.pk]
    assert ask(since=early, pks=pks, left=None) == pks
    assert ask(since=early, pks=[second.pk, 0], left=None) == [second.pk]
    assert ask(since=late, pks=pks, left=None) == []
    assert len(written) == 1
    assert ask(since=early, pks=[], left=None) == []
    assert ask(since=early, pks=[first.pk], left=None) == [first.pk]
    assert len(written) == 3  # lists of another length are another query


def test_a_value_that_stands_twice_is_given_twice():
    made = OrganisationFactory(slug="here")
    ask = Prepared(lambda slug: Organisation.objects.filter(Q(slug=slug) | Q(code=slug)))
    assert ask(slug="here") == [made]
    assert ask(slug="elsewhere") == []


def test_a_value_that_looks_like_sql_is_a_value():
    OrganisationFactory(slug="here")
    ask = Prepared(lambda slug: Organisation.objects.filter(slug=slug))
    assert ask(slug="x' OR '1'='1") == []
    assert ask(slug="%s") == []


def test_what_django_changes_or_nobody_asks_for_is_refused():
    with pytest.raises(ValueError, match="slug"):
        Prepared(lambda slug: Organisation.objects.filter(slug__contains=slug))(slug="x")
    with pytest.raises(ValueError, match="unused"):
        Prepared(lambda **_unused: Organisation.objects.all())(unused=1)
    with pytest.raises(TypeError, match="bool"):
        Prepared(lambda left: Organisation.objects.filter(left_at__isnull=left))(left=True)
    with pytest.raises(FieldError):
        Prepared(lambda slug: Organisation.objects.filter(nothing=slug))(slug="x")


@pytest.mark.django_db(transaction=True)
def test_threads_write_for_themselves():
    made = OrganisationFactory(slug="here")
    make, written = counted(lambda slug: Organisation.objects.filter(slug=slug))
    ask, found = Prepared(make), []

    def beside() -> None:
        found.extend(ask(slug="here"))
        connection.close()

    for _time in range(2):
        thread = threading.Thread(target=beside)
        thread.start()
        thread.join()
    assert ask(slug="here") == [made]
    assert found == [made, made]
    assert len(written) == 3
