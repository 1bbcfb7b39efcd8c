"""What no transaction rolls back is undone when the work for it fails, whatever stops it."""

import pytest

from coalition.core.compensate import unless_done


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt, SystemExit])
def test_it_is_undone_whatever_stops_the_work(fault: type[BaseException]) -> None:
    undone = []
    with pytest.raises(fault), unless_done(lambda: undone.append(1)):
        raise fault
    assert undone == [1]


def test_what_is_done_stays() -> None:
    undone = []
    with unless_done(lambda: undone.append(1)):
        pass
    assert undone == []
