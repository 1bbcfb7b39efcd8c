"""The quotations of a text, each with the digest that its speaker's consent is bound to. No I/O.

The digest covers the words with their marks, the speaker, the role and the language: a change of
any of them needs a new consent. For quotations inside an approved block the speaker's answer at the
source counts too (`framed_quotations`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from documents.canonical.form import Block, Document, Inline, Quotation
from documents.canonical.serialise import canonical_hash
from documents.canonical.walk import inlines


@dataclass(frozen=True)
class Said:
    """One quotation: the words as plain text, the speaker, and the digest of all its parts."""

    words: str
    speaker: str
    role: str
    language: str
    digest: str


def quotations_of(document: Document) -> list[Said]:
    """Return every quotation of the text in its order, repeated ones once."""
    found: dict[str, Said] = {}
    for block in document["blocks"]:
        inside = block["blocks"] if block["type"] == "approved_block" else [block]
        for said in _among(inside, document["language"]):
            found.setdefault(said.digest, said)
    return list(found.values())


def quotations_in_approved_blocks(document: Document) -> dict[str, set[str]]:
    """Return digest → UUIDs of the versions in whose approved blocks the quotation appears."""
    found: dict[str, set[str]] = defaultdict(set)
    for block in document["blocks"]:
        if block["type"] == "approved_block":
            for said in _among(block["blocks"], document["language"]):
                found[said.digest].add(block["version"])
    return dict(found)


def _among(blocks: Iterable[Block], language: str) -> Iterator[Said]:
    for block in blocks:
        if block["type"] == "quotation":
            yield _said(block, language)


def _said(block: Quotation, language: str) -> Said:
    words = " ".join(part for part in (_words(one) for one in inlines(block["blocks"])) if part)
    digest = canonical_hash(
        {"blocks": block["blocks"], "speaker": block["speaker"], "role": block["role"], "language": language}
    )
    return Said(" ".join(words.split()), block["speaker"], block["role"], language, digest)


def _words(one: Inline) -> str:
    match one["type"]:
        case "text":
            return one["text"]
        case "fact":
            return one["words"]
        case "gap":
            return one["value"]
    return ""
