"""What a round's matrix is made from: rows as plain facts, under names the reader may be told."""

import datetime
from dataclasses import dataclass

from django.conf import settings

from documents.drafts.enums import Rule, Voice, Way


@dataclass(frozen=True)
class PutText:
    """The version put in one language. `current_hash`: of the words the text has now (empty: not ready).
    `uncleared`: a lawyer says that these words are not cleared as they are."""

    language: str
    number: int
    hash: str
    current_hash: str
    put_at: datetime.datetime
    gaps: tuple[str, ...] = ()
    unspoken: tuple[str, ...] = ()  # speakers who have not approved what they are quoted with
    uncleared: bool = False

    @property
    def is_current(self) -> bool:
        return self.hash == self.current_hash

    @property
    def language_name(self) -> str:
        return str(dict(settings.LANGUAGES)[self.language])


@dataclass(frozen=True)
class AskedOrganisation:
    """An organisation that is asked, under the name that the reader of the matrix may be told.

    `excluded`: it will not be counted by its silence. `could_answer`: somebody who decides for it was told
    and able to object through the whole notice. `left`: the coalition, while this was open.
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
    """What an organisation recorded, not superseded. `person` is empty where it would tell a name.

    `counts_from`: not before that moment. `objected_at`: the organisation said it had not decided so.
    `slip`: made on the words before a slip of the pen, kept for these; `filled`: before gaps were filled.
    `carried`: over from approved words of other texts; `fallen`: the organisation does not stand under those
    any more.
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
class Opened:
    """The organisation opened the version with this hash."""

    organisation: int
    language: str
    hash: str
    at: datetime.datetime
    person: str = ""


@dataclass(frozen=True)
class Attested:
    """A reviewer answers that a translation with this hash says what the source with that hash says."""

    language: str
    hash: str
    source: str
    source_hash: str


@dataclass(frozen=True)
class RoundData:
    """Everything the matrix is made from. Decisions and openings in the order in which they came.

    `speaker`: the organisation in whose voice the text speaks, by its key. `moment`: when it is looked at.
    """

    texts: tuple[PutText, ...]
    asked: tuple[AskedOrganisation, ...]
    decisions: tuple[Decision, ...] = ()
    opened: tuple[Opened, ...] = ()
    attested: tuple[Attested, ...] = ()
    rule: Rule = Rule.ALL
    voice: Voice = Voice.COALITION
    speaker: int | None = None
    deadline: datetime.datetime | None = None
    moment: datetime.datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether the deadline has passed."""
        return self.deadline is not None and self.moment is not None and self.moment >= self.deadline
