"""The approval sheet of a publication: who stands under a text, how, and for which hash. Pure.

Made for everyone alike: names by their listing, everyone else only counted. `queries.publications`
loads what is needed; nothing here asks the database.
"""

import json
from typing import Any, Final

from coalition.partners.enums import Language
from coalition.partners.models import Organisation
from coalition.partners.naming import PUBLIC, Mark, display_mark_for, display_name_for, may_be_told
from documents.domain.chain import moment_words
from documents.enums import PublicationState
from documents.models import Publication, PublicationName

SHEET: Final = 1


def sheet_of(publication: Publication) -> dict[str, Any]:
    """The sheet as JSON: canonical documents, hashes, approvals by listing, moments, the record.

    Of a withdrawn publication the words are gone; note, hashes and record stay, so that the chain holds.
    """
    replaced = getattr(publication, "replaced_by", None)
    return {
        "sheet": SHEET,
        "publication": str(publication.uuid),
        "number": publication.number,
        "state": publication.state,
        "published": _moment(publication.published_at),
        "withdrawn": _moment(publication.withdrawn_at),
        "withdrawal_note": publication.withdrawal_note,
        "replaces": str(publication.replaces.uuid) if publication.replaces else None,
        "replaced_by": str(replaced.uuid) if replaced else None,
        "documents": _documents(publication),
        "approvals": _approvals(publication),
        "record": publication.record,
        "hash": publication.hash,
        "previous": publication.previous_hash or None,
    }


def _documents(publication: Publication) -> list[dict[str, Any]]:
    shown = publication.state == PublicationState.PUBLIC
    return [
        {
            "language": text.language,
            "canon": text.canon,
            "hash": text.hash,
            "version": text.version.number,
            "document": json.loads(text.version.canonical) if shown else None,
        }
        for text in publication.texts.all()
    ]


def _approvals(publication: Publication) -> dict[str, Any]:
    named, others = names_of(publication)
    return {
        "named": [
            {
                "name": {
                    code: display_name_for(PUBLIC, name.organisation, language=code, listing=name.listing)
                    for code in Language.values
                },
                "approved": _moment(name.approved_at),
                "way": name.way,
            }
            for name in named
        ],
        "names_withheld": len(others),
    }


def names_of(publication: Publication) -> tuple[list[PublicationName], list[PublicationName]]:
    """Names that everyone may read, and the others. Both in an order that tells nothing of the others."""
    named: list[PublicationName] = []
    others: list[PublicationName] = []
    for name in publication.names.all():
        (named if may_be_told(PUBLIC, name.organisation, name.listing) else others).append(name)
    return sorted(named, key=lambda name: name.organisation.name_in(Language.KK)), others


def marks_of(publication: Publication, language: str | None = None) -> list[Mark]:
    """The squares of those who may be named."""
    return [
        display_mark_for(PUBLIC, name.organisation, language=language, listing=name.listing)
        for name in names_of(publication)[0]
    ]


def organisations_named(publication: Publication) -> list[Organisation]:
    """Those who stand under the text by name, for pages of higher layers."""
    return [name.organisation for name in names_of(publication)[0]]


def _moment(moment: Any) -> str | None:
    return moment_words(moment) if moment else None
