"""The approval sheet of a publication: who stands under a text, how, and for which hash. Pure.

Made for everyone alike: names by their listing, everyone else only counted. `queries.publications`
loads what is needed; nothing here asks the database.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coalition.accounts.enums import Language
from coalition.accounts.naming import (
    PUBLIC,
    OrganisationMark,
    display_mark_for,
    display_name_for,
    may_see_name,
)
from coalition.jobs.date_formats import moment_with_time_zone
from documents.approval.models import ApprovalRound
from documents.drafts.enums import PublicationState, Rule, Way
from documents.publication.models import Publication, PublicationName
from documents.publication.record import moment_words

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
        "awaiting_decision": _moment(publication.awaiting_since),
        "correction_note": publication.correction_note,
        "replaces": str(publication.replaces.uuid) if publication.replaces else None,
        "replaced_by": str(replaced.uuid) if replaced else None,
        "documents": _documents(publication),
        "approvals": _approvals(publication),
        "earlier_only": getattr(publication, "earlier_only", 0),
        "slips": slips_of(publication),
        "fillings": fillings_of(publication),
        "blocks": blocks_of(publication),
        "record": publication.record,
        "hash": publication.hash,
        "previous": publication.previous_hash or None,
        "previous_publication": _previous(publication),
        "languages_missing": missing_languages(publication),
    }


def _previous(publication: Publication) -> str | None:
    """Whose sheet is read to check the link of the chain. Annotated by `publications_with_all`."""
    before = getattr(publication, "previous_uuid", None)
    return str(before) if before else None


def missing_languages(publication: Publication) -> list[str]:
    """Languages of the coalition in which there is no approved text: said openly, on page and sheet."""
    there = {text.language for text in publication.texts.all()}
    return [code for code in Language.values if code not in there]


def missing_words(publication: Publication) -> str:
    """The same in a sentence; empty if nothing is missing."""
    return missing_sentence(missing_languages(publication))


def missing_sentence(languages: Iterable[str]) -> str:
    """What is said openly of languages without an approved text; empty if there are none."""
    names = [Language(code).label for code in sorted(languages, key=Language.values.index)]
    if not names:
        return ""
    return _("Not published in these languages, since no approved text exists: %(languages)s.") % {
        "languages": ", ".join(names)
    }


def slips_of(publication: Publication) -> list[dict[str, str]]:
    """Slips of the pen mended while decisions stayed, as the record has them: both hashes of each."""
    return _recorded(publication, "slips")


def fillings_of(publication: Publication) -> list[dict[str, Any]]:
    """Gaps that were filled after organisations had approved the words with them: both hashes, and which."""
    return _recorded(publication, "fillings")


def blocks_of(publication: Publication) -> list[dict[str, Any]]:
    """The approved blocks of which it is made, if approvals were carried over: each with the hash of the
    version that was approved, the hash of its words, and the publication of those words, if there is one."""
    return _recorded(publication, "blocks")


def _recorded(publication: Publication, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(publication.record).get(name, []) if publication.record else []
    return found


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
                "approved": None if name.way == Way.NO_OBJECTION else _moment(name.approved_at),
                "way": name.way,
                "decisions": name.decisions,
            }
            for name in named
        ],
        "names_withheld": len(others),
        "names_taken_off": taken_off(publication),
        "no_objection": sum(name.way == Way.NO_OBJECTION for name in [*named, *others]),
    }


def names_of(publication: Publication) -> tuple[list[PublicationName], list[PublicationName]]:
    """Names that everyone may read, and the others. Both in an order that tells nothing of the others."""
    named: list[PublicationName] = []
    others: list[PublicationName] = []
    for name in publication.names.all():
        if name.taken_off_at is not None:
            continue
        (named if may_see_name(PUBLIC, name.organisation, name.listing) else others).append(name)
    return sorted(named, key=lambda name: name.organisation.name_in(Language.KK)), others


def taken_off(publication: Publication) -> int:
    """How many names were taken off since it became public. Whose is told nowhere."""
    return sum(name.taken_off_at is not None for name in publication.names.all())


def correction_words(publication: Publication) -> dict[str, str]:
    """What the public reads above a corrected text: when, and what; empty if it corrects nothing."""
    if publication.replaces_id is None or publication.published_at is None:
        return {}
    given = publication.correction_note
    return {
        "title": _("Corrected: %(when)s") % {"when": moment_with_time_zone(publication.published_at)},
        "words": given or _("These are the words that stand now; who stands under them approved them anew."),
    }


def earlier_words(count: int) -> str:
    """How many stand under what was corrected, and not under the corrected words; empty if nobody does."""
    if not count:
        return ""
    return ngettext(
        "%(count)d organisation stands under the earlier text only: it has not approved these words.",
        "%(count)d organisations stand under the earlier text only: they have not approved these words.",
        count,
    ) % {"count": count}


def awaiting_words(publication: Publication) -> dict[str, str]:
    """What the public reads while it is open whether the text stands; empty otherwise. Nothing of why."""
    if publication.awaiting_since is None:
        return {}
    return {
        "title": _("A decision is awaited"),
        "words": _("Fewer organisations stand under this text now. Whether it stands is being decided."),
    }


def marks_of(publication: Publication, language: str | None = None) -> list[OrganisationMark]:
    """The squares of those who may be named."""
    return [
        display_mark_for(PUBLIC, name.organisation, language=language, listing=name.listing)
        for name in names_of(publication)[0]
    ]


def _moment(moment: Any) -> str | None:
    return moment_words(moment) if moment else None


# --- signatories ---
# Whether a public text still stands by the rule of its round, after names were taken off. Pure.
#
# The rule is the one by which it was published (`ApprovalRound.rule`); who stood under it then cannot grow
# without a new round, so the rule is asked of those who are left.


@dataclass(frozen=True)
class Under:
    """`published`: primary keys of the organisations under the text when it became public; `left`: now;
    `silent`: those that were named for saying nothing against it. `speaker`: in whose voice it speaks, if it
    is one organisation's."""

    rule: str
    speaker: int | None
    published: frozenset[int]
    left: frozenset[int]
    silent: frozenset[int] = frozenset()


def under(round_: ApprovalRound, names: Iterable[PublicationName]) -> Under:
    """What the rule is asked about. `names`: every one, also those that were taken off."""
    rows = list(names)
    return Under(
        rule=round_.rule,
        speaker=round_.speaker_id,
        published=frozenset(row.organisation_id for row in rows),
        left=frozenset(row.organisation_id for row in rows if row.taken_off_at is None),
        silent=frozenset(row.organisation_id for row in rows if row.way == Way.NO_OBJECTION),
    )


def why_not(found: Under) -> list[str]:
    """Why the text stands no more, as whole sentences; empty if its rule still holds."""
    gone = found.published - found.left
    if not found.left:
        return [_("No organisation stands under it any more.")]
    if found.speaker is not None and found.speaker in gone:
        return [_("The organisation in whose voice it speaks has taken its name off.")]
    if found.rule == Rule.ALL and gone:
        return [
            ngettext(
                "Its rule asks for every organisation, and %(count)s has taken its name off.",
                "Its rule asks for every organisation, and %(count)s have taken their names off.",
                len(gone),
            )
            % {"count": len(gone)}
        ]
    if found.rule == Rule.NO_OBJECTION and not found.left - found.silent:
        return [_("No organisation that approved it stands under it any more; the others said nothing.")]
    return []
