"""What no transaction rolls back is undone when the work for it fails, whatever stops it."""

import pytest

from coalition.core.errors import undo_on_failure


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt, SystemExit])
def test_it_is_undone_whatever_stops_the_work(fault: type[BaseException]) -> None:
    undone = []
    with pytest.raises(fault), undo_on_failure(lambda: undone.append(1)):
        raise fault
    assert undone == [1]


def test_what_is_done_stays() -> None:
    undone = []
    with undo_on_failure(lambda: undone.append(1)):
        pass
    assert undone == []
