"""The board of letters with 145 recipients and 60 organisations: queries and time. After `django.setup()`.

Alone, on a new SQLite database: `.venv/bin/python -m bench.campaign.board`.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Final

from bench.figures import Figure, at_most, table, told

GROUP: Final = "campaign"
RECIPIENTS: Final = 145
ORGANISATIONS: Final = 60
MOST_QUERIES: Final = 12
TIMES: Final = 9
SLUG: Final = "bench-board"


def board_figures() -> list[Figure]:
    """Make the board in the database that is set up, and measure it."""
    from django.contrib.auth.models import AnonymousUser
    from django.test import RequestFactory

    from coalition.campaigns.letters.board.queries import board_records, public_actions
    from coalition.campaigns.letters.board.views import public
    from tests.campaigns.letters_board.builders import board_desk
    from tests.campaigns.letters_board.crowd import fill

    desk = board_desk(targets=0, slug=SLUG)
    fill(desk, RECIPIENTS, ORGANISATIONS)
    action = public_actions().get(slug=SLUG)
    name = f"board of {RECIPIENTS} × {ORGANISATIONS}"
    request = RequestFactory().get(f"/kk/write/{SLUG}/board/", HTTP_HOST="localhost")
    request.user = AnonymousUser()
    # The view alone: the whole site may answer from its cache, or in a process that only reads.
    acts = lambda: board_records(action, for_everybody=True), lambda: public.board(request, SLUG)
    read, page = (_measured(act) for act in acts)
    return [
        at_most(GROUP, f"{name}: queries of its records", read[0], "", reach=MOST_QUERIES),
        at_most(GROUP, f"{name}: queries of the public page", page[0], "", reach=MOST_QUERIES),
        told(GROUP, f"{name}: reading the records, processor", read[1], "ms"),
        told(GROUP, f"{name}: rendering the public page, processor", page[1], "ms"),
    ]


def _measured(act: Callable[[], object]) -> tuple[int, float]:
    """Return the queries of one call, after a first one, and the median processor time of several, in ms."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    act()
    with CaptureQueriesContext(connection) as counted:
        act()
    seconds = []
    for _time in range(TIMES):
        begun = time.process_time()
        act()
        seconds.append(time.process_time() - begun)
    return len(counted), 1000 * statistics.median(seconds)


def main() -> None:
    """Measure on a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.campaign.settings")
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/board.sqlite3")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        call_command("setup_site", verbosity=0)
        print(table(board_figures()))


if __name__ == "__main__":
    main()
