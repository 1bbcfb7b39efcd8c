"""Queries for verdicts on a draft's texts, and for texts still to be cleared."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from coalition.accounts.enums import Language
from documents.checklist.lines import read_text
from documents.drafts.enums import TextKind, Verdict
from documents.drafts.models import Draft, DraftText
from documents.legal_review.models import Clearance
from documents.legal_review.needs import LegalNeed, LegalReason, legal_reasons_in


def refused_by_lawyer() -> Exists:
    """Condition for a text in approval: the latest verdict of a lawyer on these very words is not
    *cleared*."""
    later = Clearance.objects.filter(
        Q(reader=OuterRef("reader")) | Q(reader=None, guest=OuterRef("guest")),
        text=OuterRef("text"),
        hash=OuterRef("hash"),
        pk__gt=OuterRef("pk"),
    )
    said = Clearance.objects.filter(
        ~Exists(later), text=OuterRef("version__text"), hash=OuterRef("version__hash")
    )
    return Exists(said.exclude(verdict=Verdict.CLEARED))


@dataclass(frozen=True)
class LegalState:
    """Legal state of one text. `verdicts`: the latest of each lawyer on the current words;
    `before`: the latest on other words, if there is none on these."""

    text: DraftText
    reasons: tuple[LegalReason, ...]
    verdicts: tuple[Clearance, ...]
    before: Clearance | None = None

    @property
    def needed(self) -> bool:
        return bool(self.reasons)

    @property
    def verdict(self) -> Verdict | None:
        """The strictest verdict on these words; None if there is none."""
        found = {Verdict(one.verdict) for one in self.verdicts}
        strict_first = (Verdict.NOT_CLEARED, Verdict.WITH_CHANGES, Verdict.CLEARED)
        return next((one for one in strict_first if one in found), None)

    @property
    def is_free(self) -> bool:
        """Whether the text may be submitted for approval. *With changes* clears the changed words
        only after another review, and a lawyer's objection counts even where no lawyer was
        needed."""
        if self.verdict is None:
            return not self.needed
        return self.verdict == Verdict.CLEARED


def legal_states(draft: Draft) -> list[LegalState]:
    """Return every written text of a draft the caller may read, Kazakh first: two queries.

    Words are those of the rows; `update_draft_texts` updates the rows.
    """
    texts = draft.texts.filter(revision__gt=0).defer("marked")
    ordered = sorted(texts, key=lambda text: Language.values.index(text.language))
    return [_legal_state(draft, text, rows) for text, rows in _clearances_by_text(ordered)]


def legal_reasons(texts: Iterable[DraftText]) -> dict[str, tuple[LegalReason, ...]]:
    """Return why each text needs a lawyer, by its words. Slow: call before a transaction."""
    return {text.language: _legal_reasons_for(text.draft, text) for text in texts}


def _clearances_by_text(texts: list[DraftText]) -> list[tuple[DraftText, list[Clearance]]]:
    rows = Clearance.objects.filter(text__in=texts).select_related("reader__organisation", "person")
    said: dict[int, list[Clearance]] = {}
    for row in rows.order_by("id"):
        said.setdefault(row.text_id, []).append(row)
    return [(text, said.get(text.pk, [])) for text in texts]


def _legal_state(draft: Draft, text: DraftText, rows: list[Clearance]) -> LegalState:
    return legal_state_from(text, _legal_reasons_for(draft, text), rows)


def legal_state_from(text: DraftText, reasons: tuple[LegalReason, ...], rows: list[Clearance]) -> LegalState:
    """Return the state from all verdicts on the text, in chronological order."""
    last = {
        (row.reader_id, row.guest): row for row in rows if text.content_hash and row.hash == text.content_hash
    }
    other = [row for row in rows if row.hash != text.content_hash]
    return LegalState(
        text=text,
        reasons=reasons,
        verdicts=tuple(sorted(last.values(), key=lambda row: row.pk)),
        before=other[-1] if other and not last else None,
    )


def legal_states_of_texts(
    texts: Iterable[DraftText], reasons: dict[str, tuple[LegalReason, ...]]
) -> list[LegalState]:
    """Return the states of the languages in `reasons`, for texts with current rows. One query."""
    asked = [text for text in texts if text.language in reasons]
    return [legal_state_from(text, reasons[text.language], rows) for text, rows in _clearances_by_text(asked)]


def _legal_reasons_for(draft: Draft, text: DraftText) -> tuple[LegalReason, ...]:
    marked = (LegalReason(LegalNeed.MARKED),) if draft.needs_lawyer else ()
    reading = read_text(title=text.title, lead=text.lead, body=text.body)
    return (*marked, *legal_reasons_in(reading, text.language, TextKind(draft.kind)))


def verdicts_of_guest(guest: UUID, text: DraftText) -> list[Clearance]:
    """What was said of a text by the link with this UUID, newest first."""
    return list(Clearance.objects.filter(guest=guest, text=text).order_by("-pk"))
