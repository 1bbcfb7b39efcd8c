"""Every capability of events hands over its object, and nothing is handed over twice."""

from collections import Counter
from importlib import import_module
from pathlib import Path

import events
from events.core.capability import EventCapability
from events.registry import CAPABILITIES

ROOT = Path(events.__file__).parent


def handed_over(module: str) -> list[EventCapability]:
    return [one for one in vars(import_module(module)).values() if isinstance(one, EventCapability)]


def test_every_capability_stands_in_the_registry():
    files = ROOT.rglob("capability.py")
    modules = [".".join(("events", *file.relative_to(ROOT).with_suffix("").parts)) for file in files]
    there = [one.name for module in modules for one in handed_over(module)]
    assert Counter(there) == Counter(one.name for one in CAPABILITIES)


def test_every_module_of_addresses_belongs_to_a_capability():
    files = [file for file in ROOT.rglob("urls.py") if file.parent != ROOT]
    modules = {".".join(("events", *file.relative_to(ROOT).with_suffix("").parts)) for file in files}
    assert modules == {one.urls for one in CAPABILITIES if one.urls}


def test_no_two_capabilities_bring_the_same():
    parts = (
        *("areas", "audit_actions", "notification_kinds", "due_work", "printed_codes", "subjects"),
        *("public_actions", "public_parts", "press_page_parts", "thanked_groups", "reused_parts"),
    )
    for part in parts:
        keys = Counter(key for one in CAPABILITIES for key in getattr(one, part))
        assert [key for key, count in keys.items() if count > 1] == [], part
