"""The approval certificate of a publication: signatories, ways, and hashes.

The same for everyone: names by their listing, everyone else only counted. `publications_for_sheets`
loads what is needed; but for what consent withholds (`WithheldContent`), nothing here queries the database.
"""

import json
from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext as _, ngettext

from coalition.accounts.models import Language
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.jobs.date_formats import moment_with_time_zone
from documents.canonical.form import short_hash
from documents.canonical.withholding import without_pictures
from documents.drafts.models import ApprovalRule, PublicationState, Way
from documents.files.withheld import WithheldContent
from documents.publication.models import Publication, PublicationText
from documents.publication.queries import public_and_other_names
from documents.publication.record import moment_words

SHEET_VERSION: Final = 1


def build_sheet(publication: Publication, withheld: WithheldContent | None = None) -> dict[str, Any]:
    """Return the certificate as JSON: canonical documents, hashes, approvals by listing, moments, the record.

    A withdrawn publication has no text; note, hashes and record stay, so that the chain is verifiable.
    A document with `withheld`, a list of SHA-256 hashes, is without these pictures: its hash can no longer
    be computed from this copy. With `words_withheld` there is no document. `withheld`: shared among several
    certificates.
    """
    withheld = withheld or WithheldContent()
    replaced = getattr(publication, "replaced_by", None)
    before = getattr(publication, "previous_uuid", None)  # annotated by `publications_for_sheets`
    shown = publication.state == PublicationState.PUBLIC
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
        "documents": [_sheet_document(text, withheld, shown=shown) for text in publication.texts.all()],
        "approvals": _sheet_approvals(publication),
        "earlier_only": getattr(publication, "earlier_only", 0),
        "slips": record_entries(publication, "slips"),
        "fillings": record_entries(publication, "fillings"),
        "blocks": record_entries(publication, "blocks"),
        "record": publication.record,
        "hash": publication.hash,
        "previous": publication.previous_hash or None,
        "previous_publication": str(before) if before else None,
        "languages_missing": missing_languages(publication),
    }


def _sheet_document(text: PublicationText, withheld: WithheldContent, *, shown: bool) -> dict[str, Any]:
    is_wordless = shown and withheld.has_words_of(text)
    document = text.recorded_document if shown and not is_wordless else None
    gone = withheld.hashes_in(document) if document is not None else []
    return {
        "language": text.language,
        "canon": text.canon,
        "hash": text.hash,
        "version": text.version.number,
        "document": without_pictures(document, gone) if document is not None else None,
        **({"withheld": gone} if gone else {}),
        **({"words_withheld": True} if is_wordless else {}),
    }


def incomplete_texts(publication: Publication, withheld: WithheldContent) -> dict[str, str]:
    """Return the languages whose text is shown without its words or a picture, each with the sentence about
    its hash."""
    found: dict[str, str] = {}
    for text in publication.texts.all():
        name = Language(text.language).label
        if withheld.has_words_of(text):
            found[text.language] = wordless_sentence(name, text.hash)
        elif gone := withheld.hashes_in(text.recorded_document):
            found[text.language] = withheld_sentence(name, len(gone), text.hash)
    return found


def wordless_sentence(language: str, digest: str) -> str:
    """Return the sentence that a text is not shown, so that its hash cannot be computed from this copy."""
    return _(
        "%(language)s: this text is no longer shown. The hash cannot be counted again from this copy; "
        "recorded is %(hash)s."
    ) % {"language": language, "hash": short_hash(digest)}


def withheld_sentence(language: str, count: int, digest: str) -> str:
    """Return the sentence that a text's hash cannot be computed from a copy without its pictures."""
    return ngettext(
        "%(language)s: %(count)d picture or file is withheld since. The hash cannot be counted again from "
        "this copy; recorded is %(hash)s.",
        "%(language)s: %(count)d pictures or files are withheld since. The hash cannot be counted again from "
        "this copy; recorded is %(hash)s.",
        count,
    ) % {"language": language, "count": count, "hash": short_hash(digest)}


def missing_languages(publication: Publication) -> list[str]:
    """Return the coalition's languages without an approved text: stated on page and certificate."""
    there = {text.language for text in publication.texts.all()}
    return [code for code in Language.values if code not in there]


def missing_languages_sentence(publication: Publication) -> str:
    """Return the missing languages as a sentence; empty if none is missing."""
    return missing_sentence(missing_languages(publication))


def missing_sentence(languages: Iterable[str]) -> str:
    """Return the public sentence about languages without an approved text; empty if there are none."""
    names = [Language(code).label for code in sorted(languages, key=Language.values.index)]
    if not names:
        return ""
    return _("Not published in these languages, since no approved text exists: %(languages)s.") % {
        "languages": ", ".join(names)
    }


def record_entries(publication: Publication, name: str) -> list[dict[str, Any]]:
    """Return a list of the record, empty if it has none.

    `slips`: typo fixes made while decisions stayed valid, both hashes of each; `fillings`: gaps filled after
    organisations had approved the text with them, both hashes, and which; `blocks`: approved blocks, if
    approvals were inherited: hash of the approved version, hash of its content, publication of that, if any.
    """
    found: list[dict[str, Any]] = json.loads(publication.record).get(name, []) if publication.record else []
    return found


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
        # whose is not disclosed
        "names_taken_off": sum(name.taken_off_at is not None for name in publication.names.all()),
        "no_objection": sum(name.way == Way.NO_OBJECTION for name in [*named, *others]),
    }


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
    """Return the sentence counting signatories of the earlier text only; empty if there are none."""
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


def _moment_text(moment: Any) -> str | None:
    return moment_words(moment) if moment else None


def rule_violations(publication: Publication) -> list[str]:
    """Return why the rule by which it was published is no longer met, as whole sentences; empty if it is.

    Signatories cannot be added without a new round, so the rule is evaluated for those that are left. Needs
    `round`, and `names` with those removed.
    """
    round_, names = publication.round, list(publication.names.all())
    left = [name for name in names if name.taken_off_at is None]
    gone = {name.organisation_id for name in names if name.taken_off_at is not None}
    if not left:
        return [_("No organisation stands under it any more.")]
    if round_.speaker_id in gone:
        return [_("The organisation in whose voice it speaks has taken its name off.")]
    if round_.rule == ApprovalRule.ALL and gone:
        return [
            ngettext(
                "Its rule asks for every organisation, and %(count)s has taken its name off.",
                "Its rule asks for every organisation, and %(count)s have taken their names off.",
                len(gone),
            )
            % {"count": len(gone)}
        ]
    if round_.rule == ApprovalRule.NO_OBJECTION and all(name.way == Way.NO_OBJECTION for name in left):
        return [_("No organisation that approved it stands under it any more; the others said nothing.")]
    return []
