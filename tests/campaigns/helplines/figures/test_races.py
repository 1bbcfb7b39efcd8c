"""Two organisations that propose the same months at one moment."""

import threading
from contextlib import suppress

import pytest
import time_machine

from coalition.campaigns.helplines.figures import publication
from coalition.campaigns.helplines.figures.publication import propose_figures
from coalition.campaigns.models import FigureMonth, FigurePublication
from coalition.core.errors import Refused
from tests.campaigns.helplines.figures.builders import NOW, enter, line, month, representative
from tests.documents.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_proposals_at_once_the_second_is_told_that_the_months_are_in_use(monkeypatch):
    with time_machine.travel(NOW, tick=False):
        lines = [line(), line()]
        people = [representative(one.organisation) for one in lines]
        for one in lines:
            enter(one, month(9), 40)
        both_are_here = threading.Barrier(2)
        tree_of, has_met = publication.publishable_tree, threading.local()

        def meet_first(*given):
            """Wait for the other proposal before the first table: in vain while it waits for a lock."""
            if not getattr(has_met, "yes", False):
                has_met.yes = True
                with suppress(threading.BrokenBarrierError):
                    both_are_here.wait(1)
            return tree_of(*given)

        monkeypatch.setattr(publication, "publishable_tree", meet_first)
        told: list[str] = []

        def propose(at: int) -> None:
            try:
                propose_figures(
                    person=people[at], organisation=lines[at].organisation, first=month(9), last=month(9)
                )
            except Refused as refusal:
                told.append(refusal.message)

        at_once(lambda: propose(0), lambda: propose(1))
    assert len(told) == 1
    assert "in another publication already" in told[0]
    assert FigurePublication.objects.count() == 1
    assert FigureMonth.objects.count() == 2
