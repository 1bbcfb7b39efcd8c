"""Legal reviews, and whether a text needs one.

The rule is simple enough to explain: a text needs a review if it names a person, an employer or a case, or if
an editor has marked it.

A *person* is a first and a last name, or initials. People who speak in their own name are excluded: speakers
of quotations and events, and officials and heads of organisations who say something; in advisories and
minutes everybody, since these list speakers. An *employer* is a firm with its legal form, or a house with its
own name or number next to a person. A *case* is one with its number or with the name of its subject.

The words are those of `identifying_words/`, and the list `legal` of `words/`. The rule misses some texts;
editors mark these. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.consent.enums import DetailKind
from documents.checklist.lines import TextLine, TextReading, load_checklist_words, read_text
from documents.checklist.rules import shorten_quote
from documents.drafts.identifying import STRONG, details_of_others
from documents.drafts.models import Draft, DraftText, TextKind, Verdict
from documents.legal_review.models import Clearance

_LIST_SPEAKERS: Final = frozenset({TextKind.ADVISORY, TextKind.MINUTES})
_OWN_WORDS: Final = frozenset({"speaker", "picture", "approved"})


class LegalNeed(TextChoices):
    """A reason for a lawyer's review."""

    MARKED = "marked", _("somebody who edits it has marked it")
    PERSON = "person", _("it names a person")
    EMPLOYER = "employer", _("it names an employer")
    CASE = "case", _("it names a case")


@dataclass(frozen=True)
class LegalReason:
    """One need, and its first match in the text."""

    need: LegalNeed
    quote: str = ""


type ReasonsByLanguage = dict[str, tuple[LegalReason, ...]]


def legal_reasons_in(reading: TextReading, language: str, kind: TextKind) -> tuple[LegalReason, ...]:
    """Return why the content needs a lawyer's review, each need once, in the order of `LegalNeed`."""
    found = added_legal_reasons(None, reading, language)
    return tuple(one for one in found if one.need != LegalNeed.PERSON or kind not in _LIST_SPEAKERS)


def added_legal_reasons(
    before: TextReading | None, after: TextReading, language: str
) -> tuple[LegalReason, ...]:
    """Return the reasons in the lines `after` that are not in the same lines `before` gaps were filled;
    None: all reasons. Each need once, in the order of `LegalNeed`."""
    found: dict[LegalNeed, str] = {}
    for index, line in enumerate(after.lines):
        known = (
            Counter(need for need, _start in _needs(before.lines[index], language)) if before else Counter()
        )
        for need, start in _needs(line, language):
            known[need] -= 1
            if known[need] < 0:
                found.setdefault(need, shorten_quote(line.text, around=start))
    return tuple(LegalReason(need, found[need]) for need in LegalNeed if need in found)


def _needs(line: TextLine, language: str) -> Iterator[tuple[LegalNeed, int]]:
    if line.kind in _OWN_WORDS:
        return
    words = load_checklist_words(language)
    for case in words["case"].finditer(line.text):
        yield LegalNeed.CASE, case.start()
    if words["presents"].search(line.text):
        return
    details = details_of_others(line.text, language)
    people = [one for one in details if one.kind is DetailKind.NAME and " " in one.words.strip()]
    for one in people:
        yield LegalNeed.PERSON, one.start
    for one in details:
        is_house = one.kind is DetailKind.WORKPLACE and one.weight == STRONG
        if is_house and (people or words["firm"].search(one.words)):
            yield LegalNeed.EMPLOYER, one.start


def refused_by_lawyer() -> Exists:
    """Condition on a text in approval: some lawyer's latest verdict on this version is not *cleared*."""
    later = Clearance.objects.filter(
        Q(reader=OuterRef("reader")) | Q(reader=None, guest=OuterRef("guest")),
        text=OuterRef("text"),
        hash=OuterRef("hash"),
        pk__gt=OuterRef("pk"),
    )
    latest = Clearance.objects.filter(
        ~Exists(later), text=OuterRef("version__text"), hash=OuterRef("version__hash")
    )
    return Exists(latest.exclude(verdict=Verdict.CLEARED))


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
        """Whether the text may be submitted for approval. *With changes* clears the changed text only after
        another review; a lawyer's objection counts even where no lawyer was needed."""
        return not self.needed if self.verdict is None else self.verdict == Verdict.CLEARED


def legal_states(draft: Draft) -> list[LegalState]:
    """Return the states of a draft's stored texts, Kazakh first: two queries. See `update_draft_texts`."""
    texts = draft.texts.filter(revision__gt=0).defer("marked")
    ordered = sorted(texts, key=lambda text: Language.values.index(text.language))
    return legal_states_of_texts(ordered, legal_reasons(ordered))


def legal_reasons(texts: Iterable[DraftText]) -> ReasonsByLanguage:
    """Return why each text needs a lawyer. Slow: call before a transaction. Needs `draft` loaded."""
    found: ReasonsByLanguage = {}
    for text in texts:
        marked = (LegalReason(LegalNeed.MARKED),) if text.draft.needs_lawyer else ()
        reading = read_text(title=text.title, lead=text.lead, body=text.body)
        found[text.language] = (
            *marked,
            *legal_reasons_in(reading, text.language, TextKind(text.draft.kind)),
        )
    return found


def legal_states_of_texts(texts: Iterable[DraftText], reasons: ReasonsByLanguage) -> list[LegalState]:
    """Return the states of the languages in `reasons`, for texts as they are stored now. One query."""
    wanted = [text for text in texts if text.language in reasons]
    rows = Clearance.objects.filter(text__in=wanted).select_related("reader__organisation", "person")
    by_text: dict[int, list[Clearance]] = defaultdict(list)
    for row in rows.order_by("id"):
        by_text[row.text_id].append(row)
    states = []
    for text in wanted:
        current = [row for row in by_text[text.pk] if row.hash == text.content_hash]
        other = [row for row in by_text[text.pk] if row.hash != text.content_hash]
        latest = {(row.reader_id, row.guest): row for row in current if text.content_hash}
        states.append(
            LegalState(
                text=text,
                reasons=reasons[text.language],
                verdicts=tuple(sorted(latest.values(), key=lambda row: row.pk)),
                before=other[-1] if other and not latest else None,
            )
        )
    return states


def verdicts_of_guest(guest: UUID, text: DraftText) -> list[Clearance]:
    """Return the verdicts on a text by the link with this UUID, newest first."""
    return list(Clearance.objects.filter(guest=guest, text=text).order_by("-pk"))
