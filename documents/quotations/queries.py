"""Queries for the speakers' consents to quotations."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.core.throttling import hash_token
from documents.canonical.form import CanonicalError, Document
from documents.canonical.passages import QuotedStatement, quotations_in_approved_blocks, quotations_of
from documents.drafts.live.projection import update_text_row
from documents.drafts.models import Draft, Version
from documents.drafts.presenters import document_for_display
from documents.quotations.models import QuotationConsent


@dataclass(frozen=True)
class DraftQuotation:
    """A quotation in a draft's current text, with its speaker's requests and answers, newest first."""

    statement: QuotedStatement
    rows: list[QuotationConsent]

    @property
    def answer(self) -> QuotationConsent | None:
        """Return the last answer: it may revoke an earlier one."""
        return next((row for row in self.rows if row.given_at or row.refused_at), None)

    @property
    def is_given(self) -> bool:
        return self.answer is not None and self.answer.given_at is not None


def approved_quotations(drafts: Mapping[int, Collection[Document]]) -> dict[int, frozenset[str]]:
    """Return draft → digests of quotations in its texts that their speakers approve.

    One query if there are quotations; one more if approved blocks contain some, whose speakers were
    asked in other drafts.
    """
    framed = {draft: _quotations_in_blocks(documents) for draft, documents in drafts.items()}
    homes = _drafts_of(version for found in framed.values() for some in found.values() for version in some)
    quoting = {draft for draft, documents in drafts.items() if any(map(quotations_of, documents))}
    rows = QuotationConsent.objects.filter(draft__in={*quoting, *homes.values()}).order_by("pk")
    answers = rows.exclude(given_at=None, refused_at=None).only("draft_id", "digest", "given_at")
    approved: dict[int, frozenset[str]] = {}
    for draft, found in framed.items():
        last = {  # the last answer may revoke an earlier one
            row.digest: row.given_at is not None
            for row in answers
            if row.draft_id in {draft, *_source_drafts_of(row.digest, found, homes)}
        }
        approved[draft] = frozenset(digest for digest, is_given in last.items() if is_given)
    return approved


def quotations_in(draft: Draft) -> list[DraftQuotation]:
    """Return quotations of every language of a draft the caller may read, from the current texts,
    Kazakh first. For those in approved blocks also requests to their speakers at the source."""
    documents = []
    uuids = draft.texts.filter(revision__gt=0).values_list("language", "uuid")
    for _language, uuid in sorted(uuids, key=lambda one: Language.values.index(one[0])):
        with suppress(CanonicalError):
            documents.append(document_for_display(update_text_row(uuid)))
    framed = _quotations_in_blocks(documents)
    homes = _drafts_of(version for some in framed.values() for version in some)
    consents = QuotationConsent.objects.filter(draft__in={draft.pk, *homes.values()}).order_by("-pk")
    quotations = []
    for statement in (one for document in documents for one in quotations_of(document)):
        sources = {draft.pk, *_source_drafts_of(statement.digest, framed, homes)}
        rows = [row for row in consents if row.digest == statement.digest and row.draft_id in sources]
        quotations.append(DraftQuotation(statement, rows))
    return quotations


def _quotations_in_blocks(documents: Iterable[Document]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        for digest, versions in quotations_in_approved_blocks(document).items():
            found[digest] |= versions
    return found


def _drafts_of(versions: Iterable[str]) -> dict[str, int]:
    """Return version → its draft."""
    rows = Version.objects.filter(uuid__in=set(versions)).values_list("uuid", "text__draft")
    return {str(version): draft for version, draft in rows}


def _source_drafts_of(digest: str, framed: Mapping[str, set[str]], homes: Mapping[str, int]) -> set[int]:
    return {homes[version] for version in framed.get(digest, ()) if version in homes}


def consent_of_token(token: str) -> QuotationConsent | None:
    """Return the consent of a URL, if it may still be answered."""
    rows = QuotationConsent.objects.filter(
        given_at=None,
        refused_at=None,
        expires_at__gt=now(),
        token_hash=hash_token(token),
        draft__archived_at=None,
        draft__workspace__archived_at=None,
    )
    return rows.select_related("draft__workspace").first()
