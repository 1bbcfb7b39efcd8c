"""Conversion of the editor's JSON to the canonical document that organisations approve."""

import itertools
import re
from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from documents.canonical.blocks import read_blocks
from documents.canonical.characters import normal_text
from documents.canonical.editor_schema import LIMITS
from documents.canonical.form import CANON, Attachment, Document, JsonValue
from documents.canonical.nodes import FORMATS, check_size, damaged, read_node
from documents.canonical.reading import DocumentReading, PictureFile, require_attribute_words
from documents.canonical.serialise import CanonicalError

LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[0-9A-Za-z]{2,8})*")
MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,99}/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}")


def build(
    body: JsonValue,
    *,
    title: str,
    lead: str = "",
    language: str,
    pictures: Mapping[str, PictureFile] | None = None,
    attachments: Iterable[Attachment] = (),
    holding_statement: bool = False,
    complete: bool = True,
) -> Document:
    """Return the canonical document of a draft text in its normal form.

    `body` is the editor's JSON (`editor_schema.json`). `pictures` maps the UUID of each file
    the text may display to its hash and default texts; only pictures that the text uses become
    part of the document. Attachments are sorted by name, so the caller's order does not matter.
    Gaps are refused unless the text is a holding statement.

    With `complete=False` a missing title, body or picture description is accepted: use this for
    previews and for comparing drafts, never for what is hashed or stored as a version.

    Raises CanonicalError with a reason for people: unknown nodes, marks and attributes, open
    suggestions, links other than http, https, mailto or tel, refused characters, and content
    that is too long, too deep or missing. Only empty blocks, comments and matters of appearance
    are dropped silently.
    """
    check_size(body)
    reading = DocumentReading(files=pictures or {}, holding_statement=holding_statement, complete=complete)
    head = _short("title", title, LIMITS.title)
    if complete and not head:
        raise CanonicalError("title_missing", _("The text has no title yet. Write one."), "title")
    doc = read_node(body, "")
    if doc.name != "doc":
        raise damaged("doc")
    blocks = read_blocks(doc, reading)
    if complete and not blocks:
        raise CanonicalError("text_missing", _("There are no words in the text yet."), "content")
    return {
        "canon": CANON,
        "language": _language(language),
        "title": head,
        "lead": _short("lead", lead, LIMITS.lead),
        "blocks": [*blocks, *reading.footnotes],
        "pictures": reading.pictures,
        "attachments": _attachments(attachments),
    }


def _short(path: str, value: str, limit: int) -> str:
    words = normal_text(value, path)
    if len(words) <= limit:
        return words
    message = (
        _("The title has %(length)d characters, the limit is %(limit)d. Shorten it.")
        if path == "title"
        else _("The lead has %(length)d characters, the limit is %(limit)d. Shorten it.")
    )
    raise CanonicalError(f"{path}_long", message, path, length=len(words), limit=limit)


def _language(code: str) -> str:
    if not LANGUAGE.fullmatch(code):
        raise CanonicalError(
            "language_unknown", _("“%(code)s” is not a language code."), "language", code=code[:40]
        )
    return code


def _attachments(attachments: Iterable[Attachment]) -> list[Attachment]:
    made: list[Attachment] = []
    for index, given in enumerate(attachments):
        path = f"attachments[{index}]"
        name = require_attribute_words(
            given["name"],
            path,
            code="attachment_unnamed",
            message=_("An attached file has no name. Name it."),
        )
        if not FORMATS["sha256"].fullmatch(given["sha256"]) or not MEDIA_TYPE.fullmatch(given["type"]):
            raise CanonicalError(
                "attachment_broken", _("The file “%(name)s” is damaged. Attach it anew."), path, name=name
            )
        made.append({"sha256": given["sha256"], "name": name, "type": given["type"]})
    made.sort(key=lambda one: (one["name"], one["sha256"], one["type"]))
    if any(one == other for one, other in itertools.pairwise(made)):
        raise CanonicalError(
            "attachment_twice", _("One file is attached twice. Remove one of the two."), "attachments"
        )
    return made
