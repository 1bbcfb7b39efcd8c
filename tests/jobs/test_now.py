"""Whose time decides."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from coalition.core.clock import now

pytestmark = pytest.mark.django_db


@override_settings(CLOCK="database")
def test_a_host_whose_clock_is_wrong_does_not_move_the_database_s_time() -> None:
    before = timezone.now()
    with time_machine.travel(datetime.datetime(2031, 1, 1, tzinfo=datetime.UTC), tick=False):
        answered = now()
    if connection.vendor == "postgresql":
        assert abs(answered - before) < datetime.timedelta(minutes=1)
    else:  # one machine, one clock
        assert answered.year == 2031


def test_it_is_aware() -> None:
    assert now().utcoffset() == datetime.timedelta(0)
