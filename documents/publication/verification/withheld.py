"""Checks of texts that are shown without pictures which consent withholds.

The hash of such a text cannot be computed from the certificate. Within this database it is computed from the
approved document: what is shown must be that document without these pictures, and the records of consent must
withhold exactly these. Outside the hash stays open; that the form is right is all there is to check.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from documents.canonical.form import Document
from documents.canonical.withholding import withheld_among, without_pictures
from documents.files.withheld import WithheldPictures
from documents.publication.certificate import withheld_sentence
from documents.publication.models import Publication
from documents.publication.verification.findings import Check

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class LocalRecord:
    """What this database has beside a certificate of it: the approved documents by their hashes, and which
    pictures consent withholds now."""

    documents: Mapping[str, Document]
    withheld: WithheldPictures


def local_record(publication: Publication, withheld: WithheldPictures) -> LocalRecord:
    """Return it for a publication loaded with its texts and versions. Raises ValueError for a version that
    is no JSON."""
    documents = {text.hash: text.recorded_document for text in publication.texts.all()}
    return LocalRecord(documents, withheld)


def withheld_checks(sheet: Mapping[str, Any], local: LocalRecord | None) -> Iterator[Check]:
    """Yield a check for each text that says it is shown without pictures."""
    for one in sheet["documents"]:
        if "withheld" not in one:
            continue
        gone = one["withheld"]
        if not _is_well_formed(one):
            words = _("%(language)s: the list of what is withheld is malformed.") % {
                "language": one["language"]
            }
            yield Check(ok=False, words=words)
        elif local is None:
            words = withheld_sentence(str(one["language"]), len(gone), str(one["hash"]))
            yield Check(ok=True, words=words, is_open=True)
        else:
            yield Check(
                _approved_document(one, local) is not None,
                _("%(language)s: it is the approved text without what is withheld, and nothing else.")
                % {"language": one["language"]},
            )


def with_approved_documents(sheet: Mapping[str, Any], local: LocalRecord | None) -> dict[str, Any]:
    """Return the certificate with the approved document where a text is rightly shown without pictures.
    Outside, such a text stays as it is, marked by `withheld`; a wrong one loses the mark."""
    documents = []
    for one in sheet["documents"]:
        kept = {name: value for name, value in one.items() if name != "withheld"}
        if "withheld" in one and _is_well_formed(one):
            if local is None:
                kept = one
            elif (approved := _approved_document(one, local)) is not None:
                kept["document"] = approved
        documents.append(kept)
    return {**sheet, "documents": documents}


def without_incomplete_documents(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """Return the certificate without the texts that are still marked by `withheld`: only hashes of them can
    be compared."""
    documents = [{**one, "document": None} if one.get("withheld") else one for one in sheet["documents"]]
    return {**sheet, "documents": documents}


def _approved_document(one: Mapping[str, Any], local: LocalRecord) -> Document | None:
    """Return the approved document, if what is shown is it without exactly what consent withholds."""
    approved = local.documents.get(one["hash"])
    if approved is None or one["withheld"] != local.withheld.hashes_in(approved):
        return None
    return approved if one["document"] == without_pictures(approved, one["withheld"]) else None


def _is_well_formed(one: Mapping[str, Any]) -> bool:
    """Whether it names hashes, each once in their order, that the text does not have any more."""
    gone, document = one["withheld"], one["document"]
    return (
        isinstance(gone, list)
        and bool(gone)
        and all(isinstance(digest, str) and _SHA256.fullmatch(digest) for digest in gone)
        and gone == sorted(set(gone))
        and document is not None
        and not withheld_among(document, gone)
    )
