"""What a matrix costs, and that many rounds cost what one does."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.accounts.naming import PUBLIC
from documents.approval.queries.boards import board_of, boards_of
from tests.documents.approval.builders import stage

pytestmark = pytest.mark.django_db


def queries(rounds, viewer=PUBLIC):
    with CaptureQueriesContext(connection) as caught:
        boards_of(rounds, viewer)
    return len(caught)


def test_a_matrix_takes_the_same_queries_whatever_its_size():
    small, large = stage(1), stage(3)
    one, other = small.put("kk"), large.put("kk", "ru", "en")
    large.approve_all(other)
    assert queries([one]) == queries([other]) == queries([one, other]) == 5
    assert queries([one], None) == queries([other], None) == queries([one, other], None) == 3
    assert [len(board.matrix.cells) for board in boards_of([one, other], PUBLIC)] == [1, 9]


def test_those_who_joined_stand_under_the_text():
    made = stage(3)
    round_ = made.put("kk", "ru")
    made.approve(round_, made.organisations[0])
    made.approve(round_, made.organisations[1], "kk")
    assert [one.pk for one in board_of(round_, PUBLIC).matrix.joined] == [made.organisations[0].pk]
