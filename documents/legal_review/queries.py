"""What lawyers said of a draft's texts, and what is still to be cleared: the only place it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from coalition.accounts.enums import Language
from documents.checklist.lines import read
from documents.drafts.enums import TextKind, Verdict
from documents.drafts.models import Draft, DraftText
from documents.legal_review.models import Clearance
from documents.legal_review.needs import Need, Reason, reasons_of


def refused_by_lawyer() -> Exists:
    """Of a text that is put: the last word of a lawyer on these very words is not that they are cleared."""
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
    """How one text stands with its lawyers. `verdicts`: the last of each of them on the words as they are
    now; `before`: the last on other words, if there is none on these."""

    text: DraftText
    reasons: tuple[Reason, ...]
    verdicts: tuple[Clearance, ...]
    before: Clearance | None = None

    @property
    def needed(self) -> bool:
        return bool(self.reasons)

    @property
    def verdict(self) -> Verdict | None:
        """The strictest of those who read these words; None while nobody has."""
        found = {Verdict(one.verdict) for one in self.verdicts}
        strict_first = (Verdict.NOT_CLEARED, Verdict.WITH_CHANGES, Verdict.CLEARED)
        return next((one for one in strict_first if one in found), None)

    @property
    def is_free(self) -> bool:
        """Whether nothing keeps the text from being put. *With changes* clears the changed words only when
        they were looked at again, and a lawyer who says no is heard even where none was needed."""
        if self.verdict is None:
            return not self.needed
        return self.verdict == Verdict.CLEARED


def legal_states(draft: Draft) -> list[LegalState]:
    """Every written text of a draft the caller may read, Kazakh first: two queries.

    Words as the rows have them; `follow_draft` makes the rows follow.
    """
    texts = draft.texts.filter(revision__gt=0).defer("marked")
    ordered = sorted(texts, key=lambda text: Language.values.index(text.language))
    return [_state(draft, text, rows) for text, rows in _said_of(ordered)]


def legal_reasons(texts: Iterable[DraftText]) -> dict[str, tuple[Reason, ...]]:
    """Why each text needs a lawyer, by the words in it. It takes time: call it before a transaction."""
    return {text.language: _reasons(text.draft, text) for text in texts}


def _said_of(texts: list[DraftText]) -> list[tuple[DraftText, list[Clearance]]]:
    rows = Clearance.objects.filter(text__in=texts).select_related("reader__organisation", "person")
    said: dict[int, list[Clearance]] = {}
    for row in rows.order_by("id"):
        said.setdefault(row.text_id, []).append(row)
    return [(text, said.get(text.pk, [])) for text in texts]


def _state(draft: Draft, text: DraftText, rows: list[Clearance]) -> LegalState:
    return state_from(text, _reasons(draft, text), rows)


def state_from(text: DraftText, reasons: tuple[Reason, ...], rows: list[Clearance]) -> LegalState:
    """The state from everything that was said of the text, in the order in which it was."""
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


def states_of_texts(texts: Iterable[DraftText], reasons: dict[str, tuple[Reason, ...]]) -> list[LegalState]:
    """The states of the languages that `reasons` has, of texts as their rows are now. One query."""
    asked = [text for text in texts if text.language in reasons]
    return [state_from(text, reasons[text.language], rows) for text, rows in _said_of(asked)]


def _reasons(draft: Draft, text: DraftText) -> tuple[Reason, ...]:
    marked = (Reason(Need.MARKED),) if draft.needs_lawyer else ()
    reading = read(title=text.title, lead=text.lead, body=text.body)
    return (*marked, *reasons_of(reading, text.language, TextKind(draft.kind)))


def verdicts_of_guest(guest: UUID, text: DraftText) -> list[Clearance]:
    """What was said of a text by the link with this UUID, newest first."""
    return list(Clearance.objects.filter(guest=guest, text=text).order_by("-pk"))
