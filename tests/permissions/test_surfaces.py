"""Nothing gets out by a way that nobody has classified (surfaces.toml)."""

import jsonschema
import pytest
from django.urls import path

from tests.permissions import surfaces


def test_every_surface_is_classified() -> None:
    known = surfaces.listed()
    there = surfaces.found(known["third_party"])
    missing = {section: names - known[section].keys() for section, names in there.items()}
    if lines := surfaces.as_toml(missing):
        pytest.fail(f"Give each its class in tests/permissions/surfaces.toml:\n\n{lines}\n", pytrace=False)


def test_no_classified_surface_is_gone() -> None:
    known = surfaces.listed()
    there = surfaces.found(known["third_party"])
    stale = {section: set(entries) - there[section] for section, entries in known.items()}
    if lines := surfaces.as_toml(stale):
        pytest.fail(f"Gone: take them out of tests/permissions/surfaces.toml:\n\n{lines}\n", pytrace=False)


def test_the_demo_door_is_shut_outside_the_demo() -> None:
    """One press signs in as anybody: that address exists in the demo alone."""
    assert not surfaces.listed()["demo"].keys() & surfaces.found()["urls"]


@pytest.mark.parametrize("closed", ["/api/", "/django-admin/", "/admin/", "/images/"])
def test_what_wagtail_and_django_could_mount_is_not_mounted(closed: str) -> None:
    assert not [pattern for pattern in surfaces.found()["urls"] if pattern.startswith(closed)]


def test_a_new_address_is_seen() -> None:
    """The walk is worth as much as what it finds."""
    patterns = [path("a/", lambda _request: None), path("b/<uuid:thing>/", lambda _request: None)]
    assert set(surfaces.url_patterns(patterns)) == {"/a/", "/b/<uuid:thing>/"}


def test_a_branch_classes_what_is_not_ours_and_nothing_of_ours() -> None:
    everything, rest = surfaces.found()["urls"], surfaces.found(["/cms/"])["urls"]
    assert "/cms/pages/<int:parent_page_id>/" in everything - rest
    assert "/cms/login/" in rest  # shadowed by a view of ours
    assert {pattern for pattern in everything - rest if not pattern.startswith("/cms/")} == set()


@pytest.mark.parametrize("value", ["", "?", "secret", "right:"])
def test_a_class_that_is_none_is_refused(value: str) -> None:
    content = {section: {} for section in surfaces.SCHEMA["required"]} | {"urls": {"/": value}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, surfaces.SCHEMA)
