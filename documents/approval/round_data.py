"""Input of a round's matrix: plain data, with names as visible to the reader."""

import datetime
from dataclasses import dataclass

from django.conf import settings

from documents.drafts.enums import ApprovalRule, Voice, Way


@dataclass(frozen=True)
class SubmittedText:
    """The current version in one language. `current_hash`: of the text now (empty: not ready).
    `uncleared`: a lawyer has refused to clear this text."""

    language: str
    number: int
    hash: str
    current_hash: str
    put_at: datetime.datetime
    gaps: tuple[str, ...] = ()
    unspoken: tuple[str, ...] = ()  # speakers who have not approved their quotations
    uncleared: bool = False

    @property
    def is_current(self) -> bool:
        return self.hash == self.current_hash

    @property
    def language_name(self) -> str:
        return str(dict(settings.LANGUAGES)[self.language])


@dataclass(frozen=True)
class AskedOrganisation:
    """An organisation asked, under its name as visible to the reader of the matrix.

    `excluded`: its silence does not count. `could_answer`: one of its deciders was notified and
    able to object through the whole notice period. `left`: it left the coalition while the round
    was open.
    """

    pk: int
    name: str
    frozen: bool = False
    takes_part: bool = True
    excluded: bool = False
    could_answer: bool = True
    left: bool = False

    @property
    def can_answer(self) -> bool:
        return self.takes_part and not self.frozen


@dataclass(frozen=True)
class Decision:
    """An organisation's recorded decision, not superseded. `person` is empty where it would
    disclose a name.

    `counts_from`: not before that moment. `objected_at`: the organisation disowned it. `slip`: made
    before a typo fix, kept for this version; `filled`: before gaps were filled. `carried`:
    inherited from approved blocks of other texts; `fallen`: the organisation is no longer a
    signatory of those.
    """

    organisation: int
    language: str
    hash: str
    number: int
    kind: str
    at: datetime.datetime
    person: str = ""
    reason: str = ""
    way: str = Way.MEMBERS_AREA
    counts_from: datetime.datetime | None = None
    objected_at: datetime.datetime | None = None
    slip: bool = False
    filled: bool = False
    carried: bool = False
    fallen: bool = False


@dataclass(frozen=True)
class RoundOpening:
    """A record that the organisation opened the version with this hash."""

    organisation: int
    language: str
    hash: str
    at: datetime.datetime
    person: str = ""


@dataclass(frozen=True)
class Attested:
    """A reviewer's attestation that the translation with one hash matches the source with
    another."""

    language: str
    hash: str
    source: str
    source_hash: str


@dataclass(frozen=True)
class RoundData:
    """Input of the matrix. Decisions and openings in chronological order.

    `speaker`: key of the organisation in whose voice the text speaks. `moment`: time of evaluation.
    """

    texts: tuple[SubmittedText, ...]
    asked: tuple[AskedOrganisation, ...]
    decisions: tuple[Decision, ...] = ()
    opened: tuple[RoundOpening, ...] = ()
    attested: tuple[Attested, ...] = ()
    rule: ApprovalRule = ApprovalRule.ALL
    voice: Voice = Voice.COALITION
    speaker: int | None = None
    deadline: datetime.datetime | None = None
    moment: datetime.datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether the deadline has passed."""
        return self.deadline is not None and self.moment is not None and self.moment >= self.deadline
