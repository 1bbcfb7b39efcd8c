"""Parts of the public certificate: details beside the decisions, and the checks of its script."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from documents.canonical.serialise import short_hash
from documents.drafts.token_links import sheet_address_of
from documents.gaps.rules import gap_values_at
from documents.publication.certificate import recorded_blocks, recorded_fillings, recorded_typo_fixes
from documents.publication.models import Publication, PublicationText


def texts_in_language_order(publication: Publication) -> list[PublicationText]:
    """Return its texts in the order of the coalition's languages."""
    return sorted(publication.texts.all(), key=lambda text: Language.values.index(text.language))


def sheet_supplements(publication: Publication, *, shown: bool) -> dict[str, Any]:
    """Return typo fixes, filled gaps, and text that was approved elsewhere."""
    return {
        "slips": [
            {
                "name": Language(one["language"]).label,
                "before": short_hash(one["before"]),
                "after": short_hash(one["after"]),
            }
            for one in recorded_typo_fixes(publication)
        ],
        "fillings": _filling_rows(publication, shown=shown),
        "made_of": _approved_block_rows(publication),
    }


def _approved_block_rows(publication: Publication) -> list[dict[str, str]]:
    """Return the approved blocks of a text with inherited approvals, with their sources'
    certificates."""
    return [
        {
            "name": Language(one["language"]).label,
            "source": short_hash(one["source"]),
            "words": short_hash(one["words"]),
            "url": sheet_address_of(UUID(one["publication"])) if one["publication"] else "",
        }
        for one in sorted(
            recorded_blocks(publication), key=lambda one: Language.values.index(one["language"])
        )
    ]


def _filling_rows(publication: Publication, *, shown: bool) -> list[dict[str, Any]]:
    """Return what was approved with gaps, and the filled values; only the hash of a withdrawn
    text."""
    documents = {text.hash: text.document for text in publication.texts.all()} if shown else {}
    return [
        {
            "name": Language(one["language"]).label,
            "code": one["language"],
            "before": short_hash(one["before"]),
            "values": gap_values_at(documents[one["after"]], one["gaps"])
            if one["after"] in documents
            else [],
        }
        for one in recorded_fillings(publication)
    ]


def sheet_checks(publication: Publication) -> list[dict[str, str]]:
    """Return the checks of the page's script, in the order of the verification program."""
    languages = [
        {
            "code": f"words-{text.language}",
            "words": _("%(language)s: the words have the hash %(hash)s.")
            % {"language": Language(text.language).label, "hash": short_hash(text.hash)},
        }
        for text in texts_in_language_order(publication)
    ]
    first = publication.number == 1
    return [
        {
            "code": "record",
            "words": _("The record has the hash %(hash)s.") % {"hash": short_hash(publication.hash)},
        },
        {"code": "fits", "words": _("The sheet says what its record says.")},
        *languages,
        *_checks_of_fillings(publication),
        *_checks_of_blocks(publication),
        {"code": "names", "words": _("As many organisations are shown or counted as the record holds.")},
        {
            "code": "chain",
            "words": _("It is the first of the chain.")
            if first
            else _("It follows publication %(number)d of the chain.")
            % {"number": (publication.number or 0) - 1},
        },
    ]


def _checks_of_fillings(publication: Publication) -> list[dict[str, str]]:
    return [
        {
            "code": f"filled-{one['language']}",
            "words": _("%(language)s: with its gaps open it has the hash %(hash)s, which was approved.")
            % {"language": Language(one["language"]).label, "hash": short_hash(one["before"])},
        }
        for one in recorded_fillings(publication)
    ]


def _checks_of_blocks(publication: Publication) -> list[dict[str, str]]:
    """Return the checks of approved blocks; for a withdrawn text, that certificate and record
    agree."""
    found = dict.fromkeys(one["language"] for one in recorded_blocks(publication))
    return [
        {
            "code": f"blocks-{code}",
            "words": _("%(language)s: it says only approved blocks, each what the organisations approved.")
            % {"language": Language(code).label},
        }
        for code in sorted(found, key=Language.values.index)
    ]
