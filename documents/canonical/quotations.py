"""The quotations of a text, each with the digest that its speaker's consent is bound to. Pure.

The digest is over the words with their marks, the speaker, the role and the language: whoever changes one of
them asks anew. Of quotations inside an approved block also counts what the speaker said where the words come
from (`framed_quotations`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from documents.canonical.form import Block, Document, Inline, Quotation
from documents.canonical.serialise import canonical_hash
from documents.canonical.walk import inlines


@dataclass(frozen=True)
class Said:
    """One quotation: the words as plain text, who says them, and the digest of it all."""

    words: str
    speaker: str
    role: str
    language: str
    digest: str


def quotations_of(document: Document) -> list[Said]:
    """Every quotation of the text in its order; one that stands there twice, once."""
    found: dict[str, Said] = {}
    for block in document["blocks"]:
        inside = block["blocks"] if block["type"] == "approved_block" else [block]
        for said in _among(inside, document["language"]):
            found.setdefault(said.digest, said)
    return list(found.values())


def framed_quotations(document: Document) -> dict[str, set[str]]:
    """Digest → UUIDs of the versions in whose approved blocks the quotation stands."""
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
