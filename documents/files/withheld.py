"""Texts as outsiders get them: without pictures that consent does not allow now.

Every reader of an approved text goes through here (`PublicationText.document`); its version is never changed.
"""

from coalition.consent.enums import Place
from coalition.consent.shared_gates import gates_of
from documents.canonical.form import Document
from documents.canonical.withholding import withheld_among, without_pictures


class WithheldPictures:
    """Pictures that may not be shown on the site now: one query, shared by a request, and none for texts
    without pictures and attached files. Share it among the texts of a run outside of a request."""

    def __init__(self) -> None:
        self._gates = gates_of(Place.SITE).by_language

    def hashes_in(self, document: Document) -> list[str]:
        """Return SHA-256 hashes of pictures and attached files of the document that are withheld, sorted."""
        if not document["pictures"] and not document["attachments"]:
            return []
        return withheld_among(document, self._gates[document["language"]].blocked_hashes())

    def without(self, document: Document) -> Document:
        """Return the document without them (`without_pictures`)."""
        return without_pictures(document, self.hashes_in(document))


def public_document(document: Document) -> Document:
    """Return the document without pictures that may not be shown on the site now."""
    return WithheldPictures().without(document)
