"""Parts of an item's text: words to copy without dead links, and parts that an item of its kind lacks."""

from typing import Any

import pytest

from coalition.campaigns.media_package.broadcast_kit import written_documents
from coalition.campaigns.media_package.enums import ItemKind
from coalition.campaigns.media_package.models import MediaItem
from coalition.campaigns.media_package.sections import HEADINGS, dead_links, missing_sections, sections_of
from documents.canonical.form import Document
from tests.campaigns.media_package.builders import Press, blocks
from tests.campaigns.media_package.posters.builders import own_stage

pytestmark = pytest.mark.django_db
ADDRESS = "https://coalition.kz/help"


def document(here: Press, item: MediaItem, content: dict[str, Any]) -> Document:
    own_stage(here, item).write_blocks(content, "en", title="Title")
    return written_documents(item)["en"]


def linked(content: dict[str, Any], words: str) -> dict[str, Any]:
    """Make a link of these words, which are a paragraph."""
    for block in content["content"]:
        for node in block["content"]:
            if node["text"] == words:
                node["marks"] = [{"type": "link", "attrs": {"href": ADDRESS}}]
    return content


def test_instagram_gets_the_words_of_a_link_and_telegram_its_address(here: Press) -> None:
    parts = ("Instagram", "Read more"), ("Telegram", "Where help is")
    content = linked(linked(blocks(*parts), "Read more"), "Where help is")
    found = {one.key: one.words for one in sections_of(document(here, here.item(), content))}
    assert found["instagram"] == "Read more"
    assert ADDRESS in found["telegram"]


@pytest.mark.parametrize("words", [f"See {ADDRESS}.", "See www.coalition.kz"])
def test_an_address_that_is_spelled_out_is_named_where_it_does_not_open(here: Press, words: str) -> None:
    item = here.item()
    assert dead_links(document(here, item, blocks(("Instagram", words), ("Telegram", words)))) == [
        "Instagram"
    ]
    assert dead_links(document(here, item, blocks(("Instagram", "The link is in our profile.")))) == []


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (ItemKind.POSTER, {"description"}),
        (ItemKind.VIDEO, {"description", "transcript"}),
        (ItemKind.AUDIO, {"transcript"}),
        (ItemKind.TEXT, set()),
    ],
)
def test_parts_for_people_who_do_not_see_or_hear_are_required(
    here: Press, kind: ItemKind, missing: set[str]
) -> None:
    item = here.item(kind=kind)
    content = blocks(("Credit", "The coalition"), ("Licence", "Free to air"))
    assert set(missing_sections(document(here, item, content), kind)) == {
        HEADINGS[one]["en"] for one in missing
    }
