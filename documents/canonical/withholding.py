"""Pictures and files that left a published text: the text without them, a neutral sentence in their place."""

from collections.abc import Collection
from typing import Any, cast

from documents.canonical.form import Block, Document, Paragraph
from documents.canonical.nodes import labels_for


def withheld_among(document: Document, blocked: Collection[str]) -> list[str]:
    """Return those of the SHA-256 hashes that the document's pictures and attached files have, sorted."""
    present = {one["sha256"] for one in document["pictures"].values()}
    present |= {one["sha256"] for one in document["attachments"]}
    return sorted(present & set(blocked))


def without_pictures(document: Document, blocked: Collection[str]) -> Document:
    """Return the document with every picture of these hashes replaced by a paragraph with one plain sentence,
    without its description, caption and credit; attached files of these hashes are left out.

    The document is unchanged. The result is a canonical document with another hash.
    """
    gone = {key for key, picture in document["pictures"].items() if picture["sha256"] in blocked}
    files = [one for one in document["attachments"] if one["sha256"] not in blocked]
    if not gone and len(files) == len(document["attachments"]):
        return document
    sentence = labels_for(document["language"]).withheld if gone else ""
    return {
        **document,
        "blocks": cast("list[Block]", _replaced(document["blocks"], gone, sentence)),
        "pictures": {key: one for key, one in document["pictures"].items() if key not in gone},
        "attachments": files,
    }


def _replaced(node: Any, gone: Collection[str], sentence: str) -> Any:
    """Return the node with the pictures of these ids replaced, at any depth."""
    if isinstance(node, list):
        return [_replaced(one, gone, sentence) for one in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "picture" and node.get("id") in gone:
        return _placeholder(sentence)
    return {key: _replaced(value, gone, sentence) for key, value in node.items()}


def _placeholder(sentence: str) -> Paragraph:
    return {"type": "paragraph", "content": [{"type": "text", "text": sentence, "marks": []}]}
