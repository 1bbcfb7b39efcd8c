"""What the desk's first page costs does not grow with the rounds that are open; what it says does."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.core import crypto
from coalition.workspaces.queries import for_page
from documents.approval.queries.rounds import rounds_to_settle
from documents.drafts.actions.manage import create_draft
from tests.conftest import sign_in
from tests.documents.approval.builders import Stage, stage

pytestmark = pytest.mark.django_db


def open_round(made: Stage, title: str) -> None:
    """A round of a draft of its own, in which everything is there."""
    other = replace(made, draft=create_draft(access=made.access, title=title))
    round_ = other.put(versions=[other.version(f"Words of {title}.")])
    other.approve_all(round_)


def test_three_open_rounds_cost_as_many_queries_and_names_as_one(client: Client, monkeypatch) -> None:
    """Unsealing the names of all who were asked, round by round, was a fifth of the page."""
    made = stage(3)
    sign_in(client, made.coordinator)
    unsealed: list[str] = []
    real = crypto.unseal
    monkeypatch.setattr(crypto, "unseal", lambda words: unsealed.append(words) or real(words))
    costs = []
    for titles in (["First"], ["Second", "Third"]):
        for title in titles:
            open_round(made, title)
        client.get(reverse("workspaces:dashboard"))
        unsealed.clear()
        with CaptureQueriesContext(connection) as caught:
            page = client.get(reverse("workspaces:dashboard")).content.decode()
        assert [page.count(f"Approval closes: {title}") for title in titles] == [1] * len(titles)
        assert page.count("Nothing is missing: this can be published.") == page.count("Approval closes: ")
        costs.append((len(caught), len(unsealed)))
    assert costs[0] == costs[1]
    once = {seal for seal in unsealed if unsealed.count(seal) == 1}
    own = made.coordinator.memberships.get().organisation  # comes with the seat, then with all who were asked
    assert {real(seal) for seal in set(unsealed) - once} <= {
        own.name_kk,
        own.name_ru,
        own.name_en,
        own.initials,
    }


def test_the_desk_reads_the_rounds_once_and_every_page_anew() -> None:
    made = stage(1)
    reader = for_page(made.coordinator)
    assert rounds_to_settle(reader) == []
    open_round(made, "First")
    assert rounds_to_settle(reader) == []
    assert [one.draft.title for one in rounds_to_settle(made.coordinator)] == ["First"]
    open_round(made, "Second")
    reader = for_page(made.coordinator)
    assert len(rounds_to_settle(reader)) == 2
    assert rounds_to_settle(for_page(stage(1).coordinator)) == []
    assert len(rounds_to_settle(reader)) == 2
