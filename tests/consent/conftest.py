"""A kind of item that only these tests know."""

from collections.abc import Collection, Iterator

import pytest

from coalition.consent import items
from coalition.consent.enums import Form
from coalition.consent.items import ItemDescription, ItemKind, ShownItem

WORDS: dict[str, str] = {}
GONE: set[str] = set()


def thing(key: str) -> ShownItem:
    return ShownItem("thing", key, sha256=f"hash-{key}", words=(WORDS.get(key, "a caption"),))


def _describe(keys: Collection[str]) -> dict[str, ItemDescription]:
    return {key: ItemDescription(thing(key), f"Thing {key}") for key in keys if key not in GONE}


@pytest.fixture(autouse=True)
def things() -> Iterator[None]:
    """Things `1`, `2` … with a caption that a test may change in `WORDS`; those in `GONE` are deleted."""
    WORDS.clear()
    GONE.clear()
    items.register_item_kind(
        ItemKind(
            name="thing",
            label="thing",
            forms=tuple(Form),
            describe=_describe,
            may_attach=lambda _person, _key: True,
        )
    )
    yield
    del items._kinds["thing"]
    items._taker_sources.pop("thing", None)
