"""Parts of the public sheet: what stands beside the decisions on it, and what its script counts again."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from documents.canonical.serialise import short_hash
from documents.drafts.addresses import sheet_address_of
from documents.gaps.rules import said_in
from documents.publication.certificate import blocks_of, fillings_of, slips_of
from documents.publication.models import Publication, PublicationText


def kazakh_first(publication: Publication) -> list[PublicationText]:
    """Its texts in the order of the coalition's languages."""
    return sorted(publication.texts.all(), key=lambda text: Language.values.index(text.language))


def beside(publication: Publication, *, shown: bool) -> dict[str, Any]:
    """Slips of the pen, gaps that were filled, words that were approved elsewhere."""
    return {
        "slips": [
            {
                "name": Language(one["language"]).label,
                "before": short_hash(one["before"]),
                "after": short_hash(one["after"]),
            }
            for one in slips_of(publication)
        ],
        "fillings": _fillings(publication, shown=shown),
        "made_of": _made_of(publication),
    }


def _made_of(publication: Publication) -> list[dict[str, str]]:
    """The approved blocks of a text whose approvals were carried over, with the sheets of their sources."""
    return [
        {
            "name": Language(one["language"]).label,
            "source": short_hash(one["source"]),
            "words": short_hash(one["words"]),
            "url": sheet_address_of(UUID(one["publication"])) if one["publication"] else "",
        }
        for one in sorted(blocks_of(publication), key=lambda one: Language.values.index(one["language"]))
    ]


def _fillings(publication: Publication, *, shown: bool) -> list[dict[str, Any]]:
    """What was approved with gaps, and what was filled in; of what is withdrawn the hash alone."""
    documents = {text.hash: text.document for text in publication.texts.all()} if shown else {}
    return [
        {
            "name": Language(one["language"]).label,
            "code": one["language"],
            "before": short_hash(one["before"]),
            "values": said_in(documents[one["after"]], one["gaps"]) if one["after"] in documents else [],
        }
        for one in fillings_of(publication)
    ]


def checks(publication: Publication) -> list[dict[str, str]]:
    """What the page's script counts again, in the order in which the program tells it."""
    languages = [
        {
            "code": f"words-{text.language}",
            "words": _("%(language)s: the words have the hash %(hash)s.")
            % {"language": Language(text.language).label, "hash": short_hash(text.hash)},
        }
        for text in kazakh_first(publication)
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
        for one in fillings_of(publication)
    ]


def _checks_of_blocks(publication: Publication) -> list[dict[str, str]]:
    """What is counted of approved blocks; of words that are withdrawn, that sheet and record agree."""
    found = dict.fromkeys(one["language"] for one in blocks_of(publication))
    return [
        {
            "code": f"blocks-{code}",
            "words": _("%(language)s: it says only approved blocks, each what the organisations approved.")
            % {"language": Language(code).label},
        }
        for code in sorted(found, key=Language.values.index)
    ]
