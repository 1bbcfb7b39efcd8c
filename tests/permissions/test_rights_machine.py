"""Whatever happens in whatever order, every door shows to everybody what `model_of_rights.py` says, and no
more: invitations, seats, leaving, freezing, marks, links, publishing, withdrawing, searching, subscribing.

After each step lists are asked for all for whom the step changed something and for one more in turn; a
quarter of the pages, in turn, by two of them. `RIGHTS_MACHINE=long` runs many more steps, lets everybody ask
at every door, and prints a short way to a fault.
"""

import ast
import inspect
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from tests.permissions import model_of_rights
from tests.permissions.rights_doors import Doors
from tests.permissions.rights_world import BELONGS, coalition

LONG = os.environ.get("RIGHTS_MACHINE") == "long"
EXAMPLES, STEPS, EVERY = (40, 40, 1) if LONG else (3, 8, 4)
# What has to come about on the walk, so that it proves anything.
WANTED = {"an article", "an article withdrawn", "a link that opens", "a link that ended", "news by mail"}
WANTED |= {"a feed", "told to the workspace", "told to the coalition", "told to everyone", "frozen"}
WANTED |= {"kept to some", "named people", "my organisation", "signed out", "somebody new"}
WALK = (
    ("publish", "ada", 0),
    ("let_work",),
    ("announce", "bek", 0, "coalition"),
    ("announce", "bota", 0, "public"),
    ("say_who_reads", "bota", 1, "organisation", frozenset({"birlik"}), frozenset()),
    ("give_a_seat", "ada", "cora", "west", "centre", 2),
    ("withdraw", "ada", 0),
    ("freeze", "birlik"),
    ("thaw", 0),
    ("sign_in_again", "bota"),
    ("take_a_link_back", "ada", 0),
    ("take_a_seat", "bota", 0),
    ("invite_somebody_new", "alma"),
    ("give_a_seat", "ada", "nova", "west", "alma", 1),
    ("leave_the_organisation", "asel", "alma"),
    ("sign_out", "ada"),
)


class Machine(Doors):
    reached = set()

    @invariant()
    def doors_say_what_the_model_says(self):
        if not hasattr(self, "model"):
            return
        everybody = ["anonymous", *self.people]
        seen = {name: self._sight(name) for name in everybody}
        before = getattr(self, "seen", {})
        self.step = getattr(self, "step", 0) + 1
        changed = [name for name in everybody if seen[name] != before.get(name, set())]
        turned = everybody[self.step % len(everybody) :] + everybody
        asking = everybody if LONG else [*sorted(changed, key=turned.index)[:1], turned[0]]
        listed = everybody if LONG else [*changed, turned[0]]
        faults = [*self.lists([name for name in listed if name in self.people]), *self.wrong_by_token()]
        for name in dict.fromkeys(asking):
            faults += self.wrong(name, every=EVERY, first=self.step)
            faults += self.searches(name, every=EVERY, first=self.step) if name in self.people else ()
        self.seen = seen
        assert faults == []
        self.reached |= {name for name, holds in self._states().items() if holds}

    def _states(self):
        told = {it.told for it in self.has("event")}
        return {
            "an article": any(it.told == "public" for it in self.has("draft")),
            "an article withdrawn": any(it.told == "nobody" for it in self.remembered),
            "a link that opens": any(self.model.opens(link) for link, *_ in self.guests),
            "a link that ended": any(not self.model.opens(link) for link, *_ in self.guests),
            "news by mail": self.mailed,
            "a feed": self.feeds,
            "told to the workspace": "workspace" in told,
            "told to the coalition": "coalition" in told,
            "told to everyone": "public" in told,
            "frozen": self.model.frozen,
            "kept to some": any(it.kept_to for it in self.things),
            "named people": any(it.mark == "named" for it in self.things),
            "my organisation": any(it.mark == "organisation" for it in self.things),
            "signed out": {*BELONGS} - self.model.signed_in,
            "somebody new": "nova" in self.people,
        }

    def _sight(self, name):
        who = name if name in self.model.signed_in else None
        return frozenset(self.may_read(who))


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.timeout(900)  # long on a busy machine
def test_every_door_shows_what_the_model_says_on_a_walk_through_every_state(site):
    Machine.made, Machine.reached = coalition(), set()
    machine = Machine()
    machine.begin()
    try:
        machine.doors_say_what_the_model_says()
        for name, *given in WALK:
            act = getattr(machine, name)
            names = [one for one in inspect.signature(act).parameters if one != "self"]
            act(**dict(zip(names, given, strict=True)))
            machine.doors_say_what_the_model_says()
    finally:
        machine.teardown()
    assert WANTED - Machine.reached == set()


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.timeout(900)  # the same
def test_every_door_shows_what_the_model_says_in_whatever_order(site):
    Machine.made, Machine.reached = coalition(), set()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            # Shrinking would take minutes: the short run prints what failed as it was.
            phases=[Phase.generate, *([Phase.shrink] if LONG else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_model_is_short_and_knows_nothing_of_the_product():
    source = Path(model_of_rights.__file__).read_text(encoding="utf-8")
    assert len([line for line in source.splitlines() if line.strip()]) <= 40
    imported = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Import | ast.ImportFrom)]
    assert {getattr(one, "module", None) for one in imported} == {"dataclasses"}
