"""A public appeal with numbers, in the place of a true one."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from coalition.campaigns.counters import columns, subjects
from coalition.campaigns.counters.columns import ColumnSource, Count, register_column
from coalition.campaigns.counters.enums import Column
from coalition.campaigns.counters.subjects import Subject, SubjectSource, register_subjects
from tests.recording import same_patch

APPEAL = UUID("0190c0de-0000-7000-8000-00000000a001")
MOMENT = datetime.datetime(2026, 3, 3, 6, 0, tzinfo=datetime.UTC)
METHOD = "Each mailbox counts once."


@dataclass
class PretendAppeal:
    """What is counted, which can be changed."""

    titles: dict[str, str] = field(
        default_factory=lambda: {"kk": "Заң қажет", "ru": "Нужен закон", "en": "We need a law"}
    )
    is_public: bool = True
    is_open: bool = True
    goal: int | None = 5000
    online: Count = field(default_factory=lambda: Count(1240, MOMENT))
    official: Count = field(default_factory=lambda: Count(8315, datetime.date(2026, 3, 2)))

    def subject(self, language: str) -> Subject | None:
        if not self.is_public:
            return None
        url = f"/{language}/support/word/"
        return Subject(APPEAL, "word", self.titles[language], url, self.goal, self.is_open)

    def by_slug(self, slug: str, language: str) -> Subject | None:
        return self.subject(language) if slug == "word" else None

    def by_uuid(self, uuid: UUID, language: str) -> Subject | None:
        return self.subject(language) if uuid == APPEAL else None

    def choices(self, language: str) -> list[tuple[UUID, str]]:
        return [(APPEAL, self.titles[language])] if self.is_public else []


@contextmanager
def pretend_appeal() -> Iterator[PretendAppeal]:
    """Register it, and its numbers, for as long as the block lasts."""
    made = PretendAppeal()
    with (
        same_patch("pretend_columns", columns, "_sources", {}),
        same_patch("pretend_subjects", subjects, "_sources", []),
    ):
        register_subjects(SubjectSource(made.by_slug, made.by_uuid, made.choices))
        register_column(ColumnSource(Column.ONLINE, METHOD, lambda _subject: made.online))
        register_column(ColumnSource(Column.OFFICIAL, "Typed in.", lambda _subject: made.official))
        yield made
