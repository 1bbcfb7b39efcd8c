"""Findings of a verification: kinds of differences, and their messages."""

import datetime
import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coalition.jobs.date_formats import moment_with_time_zone
from documents.canonical.approved_words import (
    approved_block_refs,
    has_only_approved_blocks,
    has_picture_in_approved_block,
    head_matches_sources,
    words_hash,
)
from documents.canonical.form import Document
from documents.canonical.serialise import canonical_hash, short_hash
from documents.drafts.enums import Way
from documents.publication.models import Publication
from documents.publication.record import record_hash
from documents.publication.verification.models import PublicationCheck, TakenOff


class FindingKind(StrEnum):
    """The part that differs from the record."""

    WORDS = "words"
    NAMES = "names"
    STATE = "state"
    PICTURE = "picture"
    RENDERING = "rendering"
    LIST = "list"
    SHARE_IMAGE = "share_image"


# Grave: the page shows something that its organisations did not approve, so it is taken off the
# site.
GRAVE_KINDS: Final = frozenset({FindingKind.WORDS, FindingKind.NAMES, FindingKind.STATE, FindingKind.PICTURE})

# An exception occurred. It may be a software fault, so it only raises the alarm.
NOT_VERIFIED: Final = "not_verified"


@dataclass(frozen=True)
class Finding:
    """One difference between the record of a publication (its primary key) and what readers get.

    `code`: key of its message (`register_messages`). `language`: of the page, empty if it is not
    about one language.
    """

    kind: FindingKind
    publication: int
    code: str
    language: str = ""

    @property
    def is_grave(self) -> bool:
        """Whether it requires taking the page off the site."""
        return self.kind in GRAVE_KINDS

    @property
    def key(self) -> str:
        """Return a key that is stable for the same difference in every run."""
        return f"{self.kind}:{self.code}:{self.language}"

    @property
    def message(self) -> str:
        """Return a sentence in the active language."""
        sentence = str(_messages.get(self.code, self.code))
        if not self.language:
            return sentence
        return _("%(language)s: %(sentence)s") % {"language": self.language, "sentence": sentence}

    def as_json(self) -> dict[str, Any]:
        """Return the stored form; `from_json` reads it."""
        return {name: value for name, value in asdict(self).items() if name != "publication"}


def findings_from_json(publication: int, stored: Iterable[Mapping[str, str]]) -> list[Finding]:
    """Return the findings stored for a publication (its primary key)."""
    return [
        Finding(FindingKind(one["kind"]), publication, one["code"], one.get("language", "")) for one in stored
    ]


_messages: dict[str, str | Promise] = {
    NOT_VERIFIED: gettext_lazy("it could not be verified; the log of the server says why."),
    "unreadable": gettext_lazy("the record cannot be read."),
    "record": gettext_lazy("the approval sheet does not verify."),
    "sheet_names": gettext_lazy("more or fewer names are shown or counted than the record holds."),
    "sheet_state": gettext_lazy("date, number or predecessor are not those of the record."),
    "commitments": gettext_lazy("a name has no commitment in the record."),
    "inherited": gettext_lazy("an inherited approval has no decision that it comes from."),
    "listing": gettext_lazy("a name is shown more openly than its organisation agreed to for this text."),
    "decisions": gettext_lazy(
        "a name stands there without the decision in the round that is recorded with it."
    ),
    "way": gettext_lazy("how or when an organisation approved is not what its decisions say."),
    "withdrawn_is_public": gettext_lazy("it was withdrawn, and its state is public."),
    "withdrawal_incomplete": gettext_lazy("its state is withdrawn, without a date or a note."),
    "published_is_hidden": gettext_lazy("it was published, and its state is neither public nor withdrawn."),
    "correction_note": gettext_lazy("the correction note is not the one that was published."),
}


def register_messages(messages: Mapping[str, str | Promise]) -> None:
    """Add the messages for a higher layer's findings, by their codes."""
    _messages.update(messages)


# --- responses ---
# Responses of the public site while a publication is off the site.


RETRY_AFTER_SECONDS: Final = 3600  # seconds: it is verified again every hour


def offline_row(publication: Publication) -> TakenOff | None:
    """Return the row of a publication that is off the site; no query if `publications_for_sheets`
    loaded it."""
    return getattr(publication, "taken_off", None)


def offline_page(request: HttpRequest, since: datetime.datetime, context: dict[str, Any]) -> HttpResponse:
    """Render a 503 page: the text is off the site during verification. `context`: of the site's
    frame."""
    context = {**context, "since": moment_with_time_zone(since)}
    return retry_later(render(request, "documents/publications/taken_off.html", context, status=503))


def retry_later[T: HttpResponse](response: T) -> T:
    """Forbid caching the response, and set when to retry."""
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


# --- queries ---
# Queries for publications due for verification, and those off the site.


BATCH_SIZE: Final = 50  # publications loaded and compared at once
RECENT: Final = datetime.timedelta(days=7)
RUNS_FOR_ALL: Final = 20  # hourly runs that cover every publication: within a day, with a margin


def published_ever() -> QuerySet[Publication]:
    """Return publications with a position in the chain, whatever their state."""
    return Publication.objects.filter(number__isnull=False)


def due_for_check(moment: datetime.datetime) -> list[int]:
    """Return primary keys in the order of verification in this hour's run. Three queries.

    First those published or withdrawn in the last days, those with an open finding and those off
    the site; then those verified longest ago, as many as needed to cover all within a day.
    """
    published = published_ever()
    hot = (
        Q(published_at__gte=moment - RECENT)
        | Q(withdrawn_at__gte=moment - RECENT)
        | Q(last_check__finding_count__gt=0)
        | Q(taken_off__isnull=False)
    )
    first = list(published.filter(hot).order_by("pk").values_list("pk", flat=True))
    share = max(BATCH_SIZE, math.ceil(published.count() / RUNS_FOR_ALL))
    rest = published.exclude(pk__in=published.filter(hot).values("pk"))
    oldest = rest.order_by(F("last_check__checked_at").asc(nulls_first=True), "pk")
    return [*first, *oldest.values_list("pk", flat=True)[:share]]


def offline_among(publications: Collection[int]) -> frozenset[int]:
    """Return those of these publications (primary keys) that are off the site."""
    rows = TakenOff.objects.filter(publication__in=publications)
    return frozenset(rows.values_list("publication", flat=True))


def open_findings(publication: Publication) -> list[Finding]:
    """Return the findings of a publication's last verification."""
    stored = (
        PublicationCheck.objects.filter(publication=publication).values_list("findings", flat=True).first()
    )
    return findings_from_json(publication.pk, stored or [])


def offline_since(publication: Publication) -> datetime.datetime | None:
    """Return since when a publication is off the site during verification; None if it is not."""
    return TakenOff.objects.filter(publication=publication).values_list("since", flat=True).first()


# --- blocks ---
# Verification of inherited approvals: every approved block by its hash, and its source. No I/O.
#
# The record names each block by two hashes: of the version that organisations approved, and of the
# content copied from it. The second is recomputed from the certificate's text; that both belong to
# the same text is verified with the source's certificate, if that is public and available.


@dataclass(frozen=True)
class Check:
    """One check and its result, in words. `code`: of the finding if it does not hold."""

    ok: bool
    words: str
    code: str = "record"


def block_checks(
    sheet: Mapping[str, Any], record: Mapping[str, Any], sources: Mapping[str, Any]
) -> Iterator[Check]:
    """Yield the checks. `sources`: certificates of publications by UUID. Raises what `json.loads`
    and broken certificates raise."""
    blocks = record.get("blocks") or []
    yield Check(blocks == sheet.get("blocks"), _("The approved blocks are on the sheet as in the record."))
    documents = {one["language"]: one["document"] for one in sheet["documents"]}
    for language in dict.fromkeys(one["language"] for one in blocks):
        own = [one for one in blocks if one["language"] == language]
        if (document := documents[language]) is not None:
            yield Check(
                has_only_approved_blocks(document)
                and not has_picture_in_approved_block(document)
                and _blocks_with_sources(document) == [(one["source"], one["words"]) for one in own],
                _("%(language)s: it says the words of %(count)d approved blocks, and nothing else.")
                % {"language": language, "count": len(own)},
            )
        yield from _source_checks(document, own, sources)
    yield Check(
        _is_based_on_sources(sheet, blocks), _("Every approval that was carried over hangs on these blocks.")
    )


def _blocks_with_sources(document: Document) -> list[tuple[str, str]]:
    return [(one.source, one.words) for one in approved_block_refs(document)]


def _source_checks(
    document: Document | None, blocks: Iterable[Mapping[str, Any]], sources: Mapping[str, Any]
) -> Iterator[Check]:
    """Check each block against its published source; and title and lead, if all sources are
    available."""
    said: list[Document] = []
    blocks = list(blocks)
    for one in blocks:
        sheet = sources.get(one["publication"] or "")
        if sheet is None:
            continue
        known = {each["hash"]: each["document"] for each in sheet["documents"]}
        recorded = {each["hash"] for each in json.loads(sheet["record"])["documents"]}
        words = known.get(one["source"])
        same = words is None or (canonical_hash(words), words_hash(words)) == (one["source"], one["words"])
        yield Check(
            record_hash(sheet["record"]) == sheet["hash"] and one["source"] in recorded and same,
            _("%(language)s: the block with the hash %(hash)s is what was published before.")
            % {"language": one["language"], "hash": short_hash(one["source"])},
        )
        if words is not None:
            said.append(words)
    if document is not None and said and len(said) == len(blocks):
        yield Check(
            head_matches_sources(document, said),
            _("%(language)s: title and lead are theirs.") % {"language": document["language"]},
        )


def _is_based_on_sources(sheet: Mapping[str, Any], blocks: Iterable[Mapping[str, Any]]) -> bool:
    wanted = {(one["language"], one["source"]) for one in blocks}
    languages = {language for language, _source in wanted}
    for name in sheet["approvals"]["named"]:
        for one in name["decisions"]:
            if one["way"] != Way.CARRIED_OVER:
                continue
            hangs_on = {(one["language"], source["source"]) for source in one["carried"]}
            own = {pair for pair in wanted if pair[0] == one["language"]}
            if one["language"] not in languages or hangs_on != own:
                return False
    return True
