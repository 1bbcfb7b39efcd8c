"""Checks of texts that are shown without their words, or without pictures, which consent withholds.

The hash of such a text cannot be computed from the certificate. Within this database it is computed from the
approved document: what is shown must be that document without these pictures, and the records of consent must
withhold exactly these, or its words. Outside the hash stays open; that the form is right is all there is to
check.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from documents.canonical.form import Document
from documents.canonical.withholding import withheld_among, without_pictures
from documents.files.withheld import WithheldContent
from documents.publication.certificate import withheld_sentence, wordless_sentence
from documents.publication.models import Publication
from documents.publication.verification.findings import Check

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_MARKS: Final = ("withheld", "words_withheld")


@dataclass(frozen=True)
class LocalRecord:
    """What this database has beside a certificate of it: the approved documents by their hashes, those whose
    words consent withholds now, and which pictures."""

    documents: Mapping[str, Document]
    wordless: Collection[str]
    withheld: WithheldContent


def local_record(publication: Publication, withheld: WithheldContent) -> LocalRecord:
    """Return it for a publication loaded with its texts and versions. Raises ValueError for a version that
    is no JSON."""
    texts = publication.texts.all()
    documents = {text.hash: text.recorded_document for text in texts}
    return LocalRecord(documents, {text.hash for text in texts if withheld.has_words_of(text)}, withheld)


def withheld_checks(sheet: Mapping[str, Any], local: LocalRecord | None) -> Iterator[Check]:
    """Yield a check for each text that says it is shown without its words or pictures."""
    for one in sheet["documents"]:
        if not is_incomplete(one):
            continue
        if not _is_well_formed(one):
            words = _("%(language)s: the list of what is withheld is malformed.") % {
                "language": one["language"]
            }
            yield Check(ok=False, words=words)
        elif local is None:
            language, digest = str(one["language"]), str(one["hash"])
            if "words_withheld" in one:
                words = wordless_sentence(language, digest)
            else:
                words = withheld_sentence(language, len(one["withheld"]), digest)
            yield Check(ok=True, words=words, is_open=True)
        else:
            yield Check(
                _approved_document(one, local) is not None,
                _("%(language)s: it is the approved text without what is withheld, and nothing else.")
                % {"language": one["language"]},
            )


def with_approved_documents(sheet: Mapping[str, Any], local: LocalRecord | None) -> dict[str, Any]:
    """Return the certificate with the approved document where a text is rightly shown without its words or
    pictures. Outside, such a text stays as it is, marked; a wrong one loses the mark."""
    documents = []
    for one in sheet["documents"]:
        kept = {name: value for name, value in one.items() if name not in _MARKS}
        if is_incomplete(one) and _is_well_formed(one):
            if local is None:
                kept = one
            elif (approved := _approved_document(one, local)) is not None:
                kept["document"] = approved
        documents.append(kept)
    return {**sheet, "documents": documents}


def without_incomplete_documents(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """Return the certificate without the texts that are still marked: only hashes of them can be compared."""
    documents = [{**one, "document": None} if is_incomplete(one) else one for one in sheet["documents"]]
    return {**sheet, "documents": documents}


def is_incomplete(one: Mapping[str, Any]) -> bool:
    """Whether a text of a certificate says that it is shown without its words or pictures."""
    return any(mark in one for mark in _MARKS)


def _approved_document(one: Mapping[str, Any], local: LocalRecord) -> Document | None:
    """Return the approved document, if what is shown is it without exactly what consent withholds."""
    approved = local.documents.get(one["hash"])
    if "words_withheld" in one or one["hash"] in local.wordless:
        return approved if "words_withheld" in one and one["hash"] in local.wordless else None
    if approved is None or one["withheld"] != local.withheld.hashes_in(approved):
        return None
    return approved if one["document"] == without_pictures(approved, one["withheld"]) else None


def _is_well_formed(one: Mapping[str, Any]) -> bool:
    """Whether it names hashes, each once in their order, that the text does not have any more; or says that
    it has no words, and has none."""
    if "words_withheld" in one:
        return one["words_withheld"] is True and one["document"] is None and "withheld" not in one
    gone, document = one["withheld"], one["document"]
    return (
        isinstance(gone, list)
        and bool(gone)
        and all(isinstance(digest, str) and _SHA256.fullmatch(digest) for digest in gone)
        and gone == sorted(set(gone))
        and document is not None
        and not withheld_among(document, gone)
    )
