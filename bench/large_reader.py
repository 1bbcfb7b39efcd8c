"""Request pages as one person of the demo, on the database of DATABASE_URL: line in, line out.

SQLite runs inside the process, so its CPU time is the whole cost, and a busy machine changes it
little.
"""

import json
import os
import sys
import time
from collections.abc import Callable


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from coalition.accounts.models import User
    from tests.conftest import sign_in

    person = User.objects.get(email="coordinator@demo.example")
    clients = {
        "cms pages": sign_in(Client(SERVER_NAME="localhost"), User.objects.get(email="newsroom@demo.example"))
    }
    member = sign_in(Client(SERVER_NAME="localhost"), person)
    known: dict[str, str] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        page = asked["page"]
        if page not in known:
            known[page] = ADDRESSES[page]()
            clients.get(page, member).get(known[page])  # warm-up: templates, compiled catalogues
        client = clients.get(page, member)
        found: dict[str, object] = {}
        if asked["count"]:
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(known[page])
            found["queries"] = len(queries)
        else:
            begun = time.process_time()
            answer = client.get(known[page])
            found["ms"] = 1000 * (time.process_time() - begun)
        if answer.streaming:
            list(answer)
        print(json.dumps({**found, "status": answer.status_code}), flush=True)


def _first_workspace() -> str:
    """Return the first workspace of the small demo; the large one contains it unchanged."""
    from coalition.workspaces.models import Seat

    seats = Seat.objects.filter(person__email="coordinator@demo.example").order_by("pk")
    return str(seats.values_list("workspace__uuid", flat=True)[0])


def _round(*, largest: bool) -> str:
    from django.db.models import Count

    from documents.models import ApprovalRound

    rounds = ApprovalRound.objects.filter(
        state="open", draft__workspace__seats__person__email="coordinator@demo.example"
    )
    if largest:
        many = rounds.annotate(many=Count("asked", distinct=True)).order_by("-many", "pk")
        return many[0].get_absolute_url()
    return rounds.order_by("pk")[0].get_absolute_url()


ADDRESSES: dict[str, Callable[[], str]] = {
    "dashboard": lambda: "/workspaces/",
    "draft list": lambda: f"/workspaces/{_first_workspace()}/drafts/",
    "search": lambda: "/ru/search/?q=прокуратура",
    "search of members": lambda: "/ru/search/?q=пресс-конференция",
    "approval matrix": lambda: _round(largest=False),
    "approval matrix of all": lambda: _round(largest=True),
    "calendar month": lambda: "/workspaces/calendar/",
    "public news": lambda: "/ru/news/",
    "public agenda": lambda: "/ru/events/agenda/",
    "calendar feed": lambda: "/calendar.ics",
    "cms pages": lambda: "/cms/pages/",
}

if __name__ == "__main__":
    main()
