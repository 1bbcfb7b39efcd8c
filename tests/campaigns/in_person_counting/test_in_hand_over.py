"""The hand-over of an appeal holds the number of those who supported in person beside the online one."""

import pytest

from coalition.campaigns.appeals.actions.hand_over import make_hand_over, take_out_file
from coalition.campaigns.appeals.hand_over_storage import read_file
from coalition.campaigns.in_person.counting.actions import close_table, give_count
from coalition.core.errors import Refused
from tests.campaigns.appeals.desk.stored import delete_stored_files
from tests.poppler import pdf_text, reads_pdf

pytestmark = pytest.mark.django_db


def settle(here, count):
    tally = close_table(access=here.access, table=here.table(), count=count)
    give_count(access=here.other(), tally=tally, count=count)


@pytest.fixture(autouse=True)
def _no_files_left():
    delete_stored_files()


def test_both_numbers_stand_apart_in_the_table(here):
    settle(here, 1063)
    row = make_hand_over(access=here.access, appeal=here.appeal, language="en")
    table = take_out_file(access=here.access, hand_over=row, kind="csv").decode("utf-8-sig")
    assert '"Supporters in person","","1063",' in table
    assert "Two people of two organisations" in table


def test_paper_alone_can_be_handed_over(here):
    with pytest.raises(Refused):
        make_hand_over(access=here.access, appeal=here.appeal, language="en")
    settle(here, 5)
    assert make_hand_over(access=here.access, appeal=here.appeal, language="en").count == 0


@reads_pdf
def test_the_pdf_says_how_they_were_counted(here, tmp_path):
    settle(here, 63)
    row = make_hand_over(access=here.access, appeal=here.appeal, language="en")
    (tmp_path / "paper.pdf").write_bytes(read_file(row, "pdf"))
    words = " ".join(pdf_text(tmp_path / "paper.pdf").split())
    assert "in person, on paper and at tables" in words
    assert "63" in words
