"""What the large demo must be, looked at with small counts: what is written in bulk is what the product would
have written."""

import json
from collections import Counter
from io import StringIO

from django.core.management import call_command
from django.test import Client
from wagtail.models import Page, ReferenceIndex

from coalition.accounts.models import User
from coalition.accounts.naming import PUBLIC
from coalition.workspaces.models import Seat, Workspace
from demo.large.counts import Counts, counted, shares
from demo.large.seeding import seed_large_demo
from documents.approval.queries.boards import board_of
from documents.canonical.form import canonical_bytes, canonical_hash
from documents.drafts.actions.texts import hash_for_approval, text_content
from documents.drafts.models import RoundState
from documents.models import ApprovalRound, DraftText, Version
from events.core.actions.times import derive_event_moments
from events.core.queries import public_events
from events.feeds.cache import refresh_components
from events.models import Event, FeedVersion
from home.models import NewsPage, SearchItem, SearchWord
from home.search import find as index
from tests.conftest import sign_in

FEW = Counts(organisations=26, people=62, workspaces=5, drafts=60, versions=230, events=90, articles=24)
SEATED = ("coordinator", "editor", "contributor", "reviewer", "observer")


def grows() -> None:
    """The small demo becomes a large one: everything of it is looked at."""
    told: list[str] = []
    first = _the_small_one()
    seed_large_demo(FEW, tell=told.append)
    assert counted() == FEW
    assert "3 more workspaces are open." in told
    assert set(first) <= set(_the_small_one()), "what was there has changed"
    _versions_verify()
    _rounds_are_read()
    _events_stand()
    _the_search_needs_nothing()
    _pages_open()
    call_command("check_grants", stdout=StringIO())
    again: list[str] = []
    seed_large_demo(FEW, tell=again.append)
    assert (counted(), again) == (FEW, [])


def _the_small_one() -> list[tuple[object, ...]]:
    """Words, decisions and pages, as rows."""
    return [
        *DraftText.objects.order_by("pk").values_list("uuid", "title", "content_hash", "revision"),
        *Version.objects.order_by("pk").values_list("uuid", "hash"),
        *NewsPage.objects.order_by("pk").values_list("pk", "path", "title", "live_revision"),
    ]


def _versions_verify() -> None:
    for version in Version.objects.select_related("text__draft"):
        document = json.loads(version.canonical)
        assert canonical_hash(document) == version.hash
        assert canonical_bytes(document).decode() == version.canonical
    states = Counter()
    for text in DraftText.objects.filter(draft__created_by__email__endswith="@demo.example", marked={}):
        if text.revision:
            assert text.content_hash == hash_for_approval(
                draft=text.draft, language=text.language, words=text_content(text)
            )
        newest = text.versions.first()
        states["named" if newest and newest.hash == text.content_hash else "moved on or empty"] += 1
    assert set(states) == {"named", "moved on or empty"}


def _rounds_are_read() -> None:
    whole = (
        Workspace.objects.order_by("-pk").filter(participations__organisation__slug="tobyl-tolqyny").first()
    )
    round_ = ApprovalRound.objects.get(draft__workspace=whole, state=RoundState.OPEN)
    round_ = ApprovalRound.objects.select_related("draft__workspace").get(pk=round_.pk)
    board = board_of(round_, PUBLIC)
    assert len(board.asked) == whole.participations.count() == 22
    states = {cell.state for cell in board.matrix.cells.values()}
    assert states >= {"approved", "changes", "read", "unopened", "abstains"}
    assert board.matrix.obstacles
    closed = ApprovalRound.objects.filter(draft__workspace=whole, state=RoundState.CLOSED)
    assert closed.exists()


def _events_stand() -> None:
    """Moments follow from what people mean, and the night's work finds nothing to write."""
    for event in Event.objects.all():
        before = (event.starts_at, event.ends_at, event.lasts_until)
        derive_event_moments(event)
        assert (event.starts_at, event.ends_at, event.lasts_until) == before
    number = FeedVersion.objects.get().number
    for event in public_events():
        refresh_components(event)
    assert FeedVersion.objects.get().number == number
    assert {event.frequency for event in Event.objects.all()} >= {"", "WEEKLY"}


def _the_search_needs_nothing() -> None:
    def rows() -> tuple[set[object], set[object]]:
        items = SearchItem.objects.values_list("kind", "key", "language", "url", "title", "text_tokens")
        return set(items), set(SearchWord.objects.values_list("language", "word"))

    there = rows()
    index.reindex_all()
    assert rows() == there


def _pages_open() -> None:
    assert Page.find_problems() == ([], [], [], [], [])
    page = NewsPage.objects.live().filter(slug="article-7", locale__language_code="ru").get()
    assert page.latest_revision == page.live_revision
    assert page.latest_revision.as_object().title == page.title
    assert ReferenceIndex.get_references_to(page.cover).exists()
    assert page.get_translations(inclusive=True).count() == 3
    client = Client()
    assert page.title in client.get(page.get_url()).content.decode()
    assert page.title in client.get("/ru/search/", {"q": page.title}).content.decode()
    for place in SEATED:
        person = User.objects.get(email=f"{place}@demo.example")
        assert Seat.objects.filter(person=person, ended_at=None).count() > 1
    coordinator = sign_in(Client(), User.objects.get(email="coordinator@demo.example"))
    seating = Workspace.objects.filter(seats__person__email="coordinator@demo.example").latest("pk")
    round_ = ApprovalRound.objects.get(draft__workspace=seating, state=RoundState.OPEN)
    text = DraftText.objects.filter(draft=round_.draft, language="kk").get()
    for address in (
        "/workspaces/",
        f"/workspaces/{seating.uuid}/",
        f"/workspaces/{seating.uuid}/drafts/",
        round_.get_absolute_url(),
        text.get_absolute_url(),
        text.versions.first().get_absolute_url(),
    ):
        assert coordinator.get(address).status_code == 200, address
    coordinator.logout()


def test_shares_add_up_and_none_is_empty() -> None:
    assert sum(shares(50_000, 9_990)) == 50_000
    assert sorted(set(shares(5_000, 1_000))) == [3, 5, 6, 8]
    assert list(shares(3, 5)) == [1, 1, 1, 0, 0]
