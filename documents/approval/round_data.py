"""Input of a round's matrix: plain data, with names as visible to the reader."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.conf import settings

from documents.drafts.models import ApprovalRule, Voice, Way


@dataclass(frozen=True)
class SubmittedText:
    """The current version in one language. `current_hash`: of the text now; empty if it is not ready."""

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

    `excluded`: its silence does not count. `could_answer`: one of its deciders was notified and able to
    object through the whole notice period. `left`: it left the coalition while the round was open.
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
    """An organisation's recorded decision, not superseded. `person` is empty where it would disclose a name.

    `counts_from`: not before that moment. `objected_at`: the organisation disowned it. `slip`: made before a
    typo fix, kept for this version; `filled`: before gaps were filled. `fallen`: inherited from approved
    blocks of other texts, of which the organisation is no longer a signatory.
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
    fallen: bool = False

    @property
    def carried(self) -> bool:
        return self.way == Way.CARRIED_OVER


@dataclass(frozen=True)
class RoundData:
    """Input of the matrix.

    `decisions`: in chronological order. `opened`: when an organisation, by primary key, language and hash,
    first opened a version, and who did. `attested`: pairs of languages whose current versions a reviewer
    attested to say the same. `speaker`: primary key of the organisation in whose voice the text speaks.
    `moment`: time of evaluation.
    """

    texts: tuple[SubmittedText, ...]
    asked: tuple[AskedOrganisation, ...]
    decisions: tuple[Decision, ...] = ()
    opened: Mapping[tuple[int, str, str], tuple[datetime.datetime, str]] = field(default_factory=dict)
    attested: Collection[tuple[str, str]] = ()
    rule: ApprovalRule = ApprovalRule.ALL
    voice: Voice = Voice.COALITION
    speaker: int | None = None
    deadline: datetime.datetime | None = None
    moment: datetime.datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether the deadline has passed."""
        return self.deadline is not None and self.moment is not None and self.moment >= self.deadline

    @property
    def speaker_name(self) -> str:
        """Return the speaker's name as visible to the reader; empty without one."""
        return next((one.name for one in self.asked if one.pk == self.speaker), "")
