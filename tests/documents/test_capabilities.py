"""The capabilities of documents: all are handed over, and what they bring is registered."""

from importlib import import_module
from pathlib import Path

import documents
from coalition.audit.log import action_label
from documents.capability import Capability, text_panels
from documents.registry import CAPABILITIES

ROOT = Path(documents.__file__).parent


def test_every_capability_of_a_package_is_in_the_registry():
    modules = [
        ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
        for path in ROOT.glob("*/**/capability.py")
    ]
    found = [
        one for name in modules for one in vars(import_module(name)).values() if isinstance(one, Capability)
    ]
    assert {one.name for one in found} == {one.name for one in CAPABILITIES}


def test_every_module_of_addresses_belongs_to_a_capability():
    found = {path.relative_to(ROOT.parent).with_suffix("") for path in ROOT.glob("*/**/urls.py")}
    assert {".".join(path.parts) for path in found} == {one.urls for one in CAPABILITIES if one.urls}
    for one in CAPABILITIES:
        parts = ("desk", "root", "secretariat", "public_urls")
        assert not one.urls or any(hasattr(import_module(one.urls), part) for part in parts)


def test_every_action_that_a_capability_names_has_words_in_the_audit_log():
    actions = [action for capability in CAPABILITIES for action in capability.audit_actions]
    assert len(actions) == len(set(actions))
    assert {"gaps.filled", "phone.called", "quotation.asked"} <= set(actions)
    assert all(action_label(action) != action for action in actions)


def test_the_tabs_beside_a_text_stand_in_their_order():
    assert [panel.key for panel in text_panels()] == ["changes", "comments", "history", "check", "terms"]
