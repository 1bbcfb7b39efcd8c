"""The approval certificate of a publication: signatories, ways, and hashes. No I/O.

The same for everyone: names by their listing, everyone else only counted. `queries.publications`
loads what is needed; nothing here queries the database.
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
from documents.drafts.enums import ApprovalRule, PublicationState, Way
from documents.publication.models import Publication, PublicationName
from documents.publication.record import moment_words

SHEET_VERSION: Final = 1


def build_sheet(publication: Publication) -> dict[str, Any]:
    """Return the certificate as JSON: canonical documents, hashes, approvals by listing, moments,
    the record.

    A withdrawn publication has no text; note, hashes and record stay, so that the chain is
    verifiable.
    """
    replaced = getattr(publication, "replaced_by", None)
    return {
        "sheet": SHEET_VERSION,
        "publication": str(publication.uuid),
        "number": publication.number,
        "state": publication.state,
        "published": _moment_text(publication.published_at),
        "withdrawn": _moment_text(publication.withdrawn_at),
        "withdrawal_note": publication.withdrawal_note,
        "awaiting_decision": _moment_text(publication.awaiting_since),
        "correction_note": publication.correction_note,
        "replaces": str(publication.replaces.uuid) if publication.replaces else None,
        "replaced_by": str(replaced.uuid) if replaced else None,
        "documents": _sheet_documents(publication),
        "approvals": _sheet_approvals(publication),
        "earlier_only": getattr(publication, "earlier_only", 0),
        "slips": recorded_typo_fixes(publication),
        "fillings": recorded_fillings(publication),
        "blocks": recorded_blocks(publication),
        "record": publication.record,
        "hash": publication.hash,
        "previous": publication.previous_hash or None,
        "previous_publication": _previous_sheet_uuid(publication),
        "languages_missing": missing_languages(publication),
    }


def _previous_sheet_uuid(publication: Publication) -> str | None:
    """Return the publication whose certificate verifies the chain link. Annotated by
    `publications_for_sheets`."""
    before = getattr(publication, "previous_uuid", None)
    return str(before) if before else None


def missing_languages(publication: Publication) -> list[str]:
    """Return the coalition's languages without an approved text: stated on page and certificate."""
    there = {text.language for text in publication.texts.all()}
    return [code for code in Language.values if code not in there]


def missing_languages_sentence(publication: Publication) -> str:
    """Return the missing languages as a sentence; empty if none is missing."""
    return missing_sentence(missing_languages(publication))


def missing_sentence(languages: Iterable[str]) -> str:
    """Return the public sentence about languages without an approved text; empty if there are
    none."""
    names = [Language(code).label for code in sorted(languages, key=Language.values.index)]
    if not names:
        return ""
    return _("Not published in these languages, since no approved text exists: %(languages)s.") % {
        "languages": ", ".join(names)
    }


def recorded_typo_fixes(publication: Publication) -> list[dict[str, str]]:
    """Return typo fixes made while decisions stayed valid, from the record: both hashes of each."""
    return _record_entries(publication, "slips")


def recorded_fillings(publication: Publication) -> list[dict[str, Any]]:
    """Return gaps filled after organisations had approved the text with them: both hashes, and
    which."""
    return _record_entries(publication, "fillings")


def recorded_blocks(publication: Publication) -> list[dict[str, Any]]:
    """Return its approved blocks, if approvals were inherited: each with the hash of the approved
    version, the hash of its content, and the publication of that content, if there is one."""
    return _record_entries(publication, "blocks")


def _record_entries(publication: Publication, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(publication.record).get(name, []) if publication.record else []
    return found


def _sheet_documents(publication: Publication) -> list[dict[str, Any]]:
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


def _sheet_approvals(publication: Publication) -> dict[str, Any]:
    named, others = public_and_other_names(publication)
    return {
        "named": [
            {
                "name": {
                    code: display_name_for(PUBLIC, name.organisation, language=code, listing=name.listing)
                    for code in Language.values
                },
                "approved": None if name.way == Way.NO_OBJECTION else _moment_text(name.approved_at),
                "way": name.way,
                "decisions": name.decisions,
            }
            for name in named
        ],
        "names_withheld": len(others),
        "names_taken_off": removed_name_count(publication),
        "no_objection": sum(name.way == Way.NO_OBJECTION for name in [*named, *others]),
    }


def public_and_other_names(publication: Publication) -> tuple[list[PublicationName], list[PublicationName]]:
    """Return the names that everyone may read, and the others. Neither order discloses anything
    about the others."""
    named: list[PublicationName] = []
    others: list[PublicationName] = []
    for name in publication.names.all():
        if name.taken_off_at is not None:
            continue
        (named if may_see_name(PUBLIC, name.organisation, name.listing) else others).append(name)
    return sorted(named, key=lambda name: name.organisation.name_in(Language.KK)), others


def removed_name_count(publication: Publication) -> int:
    """Return how many names were removed since it became public. Whose is not disclosed."""
    return sum(name.taken_off_at is not None for name in publication.names.all())


def correction_notice(publication: Publication) -> dict[str, str]:
    """Return the public notice of a correction: when, and what; empty if it corrects nothing."""
    if publication.replaces_id is None or publication.published_at is None:
        return {}
    given = publication.correction_note
    return {
        "title": _("Corrected: %(when)s") % {"when": moment_with_time_zone(publication.published_at)},
        "words": given or _("These are the words that stand now; who stands under them approved them anew."),
    }


def earlier_signatories_sentence(count: int) -> str:
    """Return the sentence counting signatories of the earlier text only; empty if there are
    none."""
    if not count:
        return ""
    return ngettext(
        "%(count)d organisation stands under the earlier text only: it has not approved these words.",
        "%(count)d organisations stand under the earlier text only: they have not approved these words.",
        count,
    ) % {"count": count}


def awaiting_decision_notice(publication: Publication) -> dict[str, str]:
    """Return the public notice while a decision about the text is pending; empty otherwise. It
    gives no reason."""
    if publication.awaiting_since is None:
        return {}
    return {
        "title": _("A decision is awaited"),
        "words": _("Fewer organisations stand under this text now. Whether it stands is being decided."),
    }


def signatory_marks(publication: Publication, language: str | None = None) -> list[OrganisationMark]:
    """Return the square marks of those who may be named."""
    return [
        display_mark_for(PUBLIC, name.organisation, language=language, listing=name.listing)
        for name in public_and_other_names(publication)[0]
    ]


def _moment_text(moment: Any) -> str | None:
    return moment_words(moment) if moment else None


# --- signatories ---
# Check that a publication still meets its approval rule after names were removed. No I/O.
#
# The rule is the one by which it was published (`ApprovalRound.rule`). Signatories cannot be added
# without a new round, so the rule is evaluated for those that are left.


@dataclass(frozen=True)
class SignatoryState:
    """`published`: primary keys of the signatories when the text became public; `left`: now;
    `silent`: those named by tacit consent. `speaker`: the one organisation in whose voice it
    speaks, if any."""

    rule: str
    speaker: int | None
    published: frozenset[int]
    left: frozenset[int]
    silent: frozenset[int] = frozenset()


def signatory_state(round_: ApprovalRound, names: Iterable[PublicationName]) -> SignatoryState:
    """Return the input of the rule. `names`: every one, including those removed."""
    rows = list(names)
    return SignatoryState(
        rule=round_.rule,
        speaker=round_.speaker_id,
        published=frozenset(row.organisation_id for row in rows),
        left=frozenset(row.organisation_id for row in rows if row.taken_off_at is None),
        silent=frozenset(row.organisation_id for row in rows if row.way == Way.NO_OBJECTION),
    )


def rule_violations(found: SignatoryState) -> list[str]:
    """Return why the rule is no longer met, as whole sentences; empty if it is."""
    gone = found.published - found.left
    if not found.left:
        return [_("No organisation stands under it any more.")]
    if found.speaker is not None and found.speaker in gone:
        return [_("The organisation in whose voice it speaks has taken its name off.")]
    if found.rule == ApprovalRule.ALL and gone:
        return [
            ngettext(
                "Its rule asks for every organisation, and %(count)s has taken its name off.",
                "Its rule asks for every organisation, and %(count)s have taken their names off.",
                len(gone),
            )
            % {"count": len(gone)}
        ]
    if found.rule == ApprovalRule.NO_OBJECTION and not found.left - found.silent:
        return [_("No organisation that approved it stands under it any more; the others said nothing.")]
    return []
