"""What people are told when something broke: no more than is known."""

import re

import pytest
from django.test import RequestFactory
from django.utils import translation

from coalition.storage.disk import StorageAway, StorageFull
from home.views.root import server_error

pytestmark = pytest.mark.django_db
FAULTS = {500: ValueError, 503: StorageAway, 507: StorageFull}
LOOK = {"kk": "қабылданбаған болуы мүмкін", "ru": "могло не сохраниться", "en": "may not have been taken"}


def _told(fault: type[Exception], status: int) -> str:
    """The words of the page that follows the fault."""
    try:
        raise fault
    except Exception:  # noqa: BLE001  as Django catches every one
        answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == status
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


@pytest.mark.parametrize("language", LOOK)
@pytest.mark.parametrize("status", FAULTS)
def test_nobody_is_told_that_nothing_was_taken(status: int, language: str) -> None:
    """An earlier step may have been saved: who sends again blindly does it twice."""
    with translation.override(language):
        told = _told(FAULTS[status], status)
    assert LOOK[language] in told
    assert str(status) in told


@pytest.mark.parametrize("language", LOOK)
def test_nor_beside_the_form(language: str) -> None:
    with translation.override(language):
        assert LOOK[language] in str(StorageAway().message)
