"""Queries and time of the matrix of 60 organisations × 3 languages, beside that of 12 × 1."""

import datetime
import statistics
import time
from typing import Any

from bench import demo_data
from bench.figures import Figure, at_most, told

LARGE, SMALL = 60, 12
LANGUAGES = ("kk", "ru", "en")
QUERIES = 12
TIMES = 2.0  # limit: times the time of the small matrix
READINGS = 25


def measure(_peer: str | None) -> list[Figure]:
    """Return the queries of the large matrix, and its time as a multiple of the small one's
    median."""
    demo_data.prepare()
    large, small = _decided(LARGE, LANGUAGES), _decided(SMALL, LANGUAGES[:1])
    queries = _queries(large)
    slow, fast = _medians(large, small)
    name = f"matrix {LARGE} x {len(LANGUAGES)}"
    return [
        at_most("approval", f"{name}: queries", queries, "queries", reach=QUERIES),
        at_most("approval", f"{name} beside {SMALL} x 1", slow / fast, "times", reach=TIMES),
        told("approval", name, slow * 1000, "ms"),
        told("approval", f"matrix {SMALL} x 1", fast * 1000, "ms"),
    ]


def _decided(number: int, languages: tuple[str, ...]) -> Any:
    """Create a round in which every organisation opened and approved every language."""
    from coalition.accounts.models import Organisation, User
    from coalition.core.clock import now
    from coalition.workspaces.models import Participation
    from coalition.workspaces.permissions import access_to
    from coalition.workspaces.queries import active_seats
    from documents.approval.actions.open_round import submit_for_approval
    from documents.drafts.actions.manage import create_draft, name_version, save_text
    from documents.drafts.models import DecisionKind
    from documents.models import Approval, Reading

    user = User.objects.get(email="coordinator@demo.example")
    seat = active_seats(user).select_related("workspace").order_by("pk")[0]
    access = access_to(user, seat.workspace.uuid)
    draft = create_draft(access=access, title=f"A matrix of {number}")
    body = {"type": "doc", "content": [{"type": "paragraph", "content": [_WORDS] * 20}]}
    versions = []
    for language in languages:
        text = draft.texts.select_related("draft").get(language=language)
        save_text(access=access, text=text, title="A law on harassment", lead="", body=body)
        text = draft.texts.select_related("draft").get(language=language)
        versions.append(name_version(access=access, text=text, name="As agreed"))
    known = Organisation.objects.count()
    organisations = Organisation.objects.bulk_create(
        Organisation(
            name_kk=f"Ұйым {one}",
            name_ru=f"Организация {one}",
            name_en=f"Organisation {one}",
            initials=f"B{one}",
            hue=one % 12 + 1,
            code=f"B{one:05d}",
            slug=f"b-{one}",
        )
        for one in range(known, known + number)
    )
    Participation.objects.bulk_create(
        Participation(workspace=access.workspace, organisation=one) for one in organisations
    )
    round_ = submit_for_approval(
        access=access,
        draft=draft,
        versions=versions,
        organisations=organisations,
        deadline=now() + datetime.timedelta(days=1),
        acknowledged=True,
    )
    cells = [(one, version) for one in organisations for version in versions]
    moment = now()
    Reading.objects.bulk_create(
        Reading(round=round_, organisation=one, version=version, person=user, at=moment)
        for one, version in cells
    )
    Approval.objects.bulk_create(
        Approval(
            round=round_,
            organisation=one,
            version=version,
            language=version.language,
            canon=version.canon,
            hash=version.hash,
            decision=DecisionKind.APPROVED,
            person=user,
            capacity="representative",
            at=moment,
        )
        for one, version in cells
    )
    return round_


_WORDS = {"type": "text", "text": "We ask for a law on harassment at work. "}


def _queries(round_: Any) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        _read(round_)
    return len(caught)


def _read(round_: Any) -> None:
    """Read what the page of a round needs: cells, signatories, missing approvals."""
    from coalition.accounts.naming import PUBLIC
    from documents.approval.queries.boards import board_of

    matrix = board_of(round_, PUBLIC).matrix
    if not matrix.standing or len(matrix.joined) != len(matrix.data.asked):
        raise RuntimeError("Not every organisation stands under the text.")
    _ = matrix.obstacles


def _medians(*rounds: Any) -> list[float]:
    """Return medians in seconds, measured in turns so that a busy machine slows both equally."""
    taken: list[list[float]] = [[] for _round in rounds]
    for _ in range(READINGS):
        for found, round_ in zip(taken, rounds, strict=True):
            begun = time.perf_counter()
            _read(round_)
            found.append(time.perf_counter() - begun)
    return [statistics.median(found) for found in taken]
