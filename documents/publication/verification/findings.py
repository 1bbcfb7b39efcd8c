"""Findings of the verification, and what higher layers register for it.

`verify(publications)` compares what readers get with the record and yields findings; they are loaded as
`publications_for_sheets` does. `take_off(publication)` takes the pages off the site,
`bring_back(publication)` publishes them again; both run inside the caller's transaction and are idempotent.
"""

import datetime
import json
import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from coalition.jobs.date_formats import moment_with_time_zone
from documents.canonical import passages
from documents.canonical.form import Document, canonical_hash, short_hash
from documents.drafts.models import Way
from documents.publication.models import Publication, PublicationCheck, TakenOff
from documents.publication.record import text_hash


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


RETRY_AFTER_SECONDS: Final = 3600  # seconds: it is verified again every hour


def offline_row(publication: Publication) -> TakenOff | None:
    """Return the row of a publication that is off the site; no query if `publications_for_sheets`
    loaded it."""
    return getattr(publication, "taken_off", None)


def offline_page(request: HttpRequest, since: datetime.datetime, context: dict[str, Any]) -> HttpResponse:
    """Render a 503 page: the text is off the site during verification. `context`: of the site's frame."""
    context = {**context, "since": moment_with_time_zone(since)}
    return retry_later(render(request, "documents/publication/taken_off.html", context, status=503))


def retry_later[T: HttpResponse](response: T) -> T:
    """Forbid caching the response, and set when to retry."""
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


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
    check = PublicationCheck.objects.filter(publication=publication).first()
    return findings_from_json(publication.pk, check.findings if check else [])


@dataclass(frozen=True)
class Check:
    """One check and its result, in words. `code`: of the finding if it does not hold. `is_open`: it can be
    neither confirmed nor refuted with what there is; `ok` says nothing then."""

    ok: bool
    words: str
    code: str = "record"
    is_open: bool = False


def filling_checks(sheet: Mapping[str, Any], record: Mapping[str, Any]) -> Iterator[Check]:
    """Yield the checks. Raises IndexError, KeyError or TypeError for gaps missing in the text."""
    fillings = record.get("fillings") or []
    yield Check(
        fillings == sheet.get("fillings"), _("The gaps that were filled are on the sheet as in the record.")
    )
    documents = {one["hash"]: one["document"] for one in sheet["documents"]}
    mended = {one["before"] for one in record.get("slips") or ()}
    for one in fillings:
        document = documents.get(one["after"])
        if document is None:  # withdrawn, or corrected afterwards: only the hashes are left
            holds = one["after"] in documents or one["after"] in mended
        else:
            holds = (
                bool(one["gaps"])
                and canonical_hash(passages.reopen_gaps(document, one["gaps"])) == one["before"]
            )
        yield Check(
            holds,
            _("%(language)s: with its gaps open it has the hash %(hash)s, which was approved.")
            % {"language": one["language"], "hash": short_hash(one["before"])},
        )


# The record names each block by two hashes: of the version that organisations approved, and of the
# content copied from it. The second is recomputed from the certificate's text; that both belong to
# the same text is verified with the source's certificate, if that is public and available.


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
                passages.has_only_approved_blocks(document)
                and not passages.has_picture_in_approved_block(document)
                and [(one.source, one.words) for one in passages.approved_block_refs(document)]
                == [(one["source"], one["words"]) for one in own],
                _("%(language)s: it says the words of %(count)d approved blocks, and nothing else.")
                % {"language": language, "count": len(own)},
            )
        yield from _source_checks(document, own, sources)
    yield Check(
        _is_based_on_sources(sheet, blocks), _("Every approval that was carried over hangs on these blocks.")
    )


def _source_checks(
    document: Document | None, blocks: Sequence[Mapping[str, Any]], sources: Mapping[str, Any]
) -> Iterator[Check]:
    """Check each block against its published source; and title and lead, if all sources are available."""
    texts: list[Document] = []
    for one in blocks:
        sheet = sources.get(one["publication"] or "")
        if sheet is None:
            continue
        known = {each["hash"]: each["document"] for each in sheet["documents"]}
        incomplete = {each["hash"] for each in sheet["documents"] if each.get("withheld")}
        recorded = {each["hash"] for each in json.loads(sheet["record"])["documents"]}
        words = known.get(one["source"]) if one["source"] not in incomplete else None
        same = words is None or (canonical_hash(words), passages.words_hash(words)) == (
            one["source"],
            one["words"],
        )
        yield Check(
            text_hash(sheet["record"]) == sheet["hash"] and one["source"] in recorded and same,
            _("%(language)s: the block with the hash %(hash)s is what was published before.")
            % {"language": one["language"], "hash": short_hash(one["source"])},
        )
        if words is not None:
            texts.append(words)
    if document is not None and texts and len(texts) == len(blocks):
        yield Check(
            passages.head_matches_sources(document, texts),
            _("%(language)s: title and lead are theirs.") % {"language": document["language"]},
        )


def _is_based_on_sources(sheet: Mapping[str, Any], blocks: Iterable[Mapping[str, Any]]) -> bool:
    sources: dict[str, set[str]] = defaultdict(set)
    for one in blocks:
        sources[one["language"]].add(one["source"])
    decisions = [one for name in sheet["approvals"]["named"] for one in name["decisions"]]
    return all(
        sources.get(one["language"]) == {source["source"] for source in one["carried"]}
        for one in decisions
        if one["way"] == Way.CARRIED_OVER
    )


@dataclass(frozen=True)
class PublicationSite:
    """One site's hooks for publications; see the module docstring."""

    verify: Callable[[Sequence[Publication]], Iterable[Finding]]
    take_off: Callable[[Publication], None]
    bring_back: Callable[[Publication], None]


_readers: list[PublicationSite] = []


def register_reader(reader: PublicationSite) -> None:
    """Register a reader from `AppConfig.ready()`."""
    _readers.append(reader)


def reader_findings(publications: Sequence[Publication]) -> Iterator[Finding]:
    """Yield what differs for readers."""
    for reader in _readers:
        yield from reader.verify(publications)


def take_pages_offline(publication: Publication) -> None:
    """Take its pages off the site."""
    for reader in _readers:
        reader.take_off(publication)


def bring_pages_online(publication: Publication) -> None:
    """Publish its pages again."""
    for reader in _readers:
        reader.bring_back(publication)
