"""An action to which codes lead, in the place of an appeal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from coalition.campaigns.referrals import targets
from coalition.campaigns.referrals.targets import ActionKind, register_action, register_credit
from tests.recording import same_patch

APPEAL = UUID("0190c0de-0000-7000-8000-00000000a001")
OTHER = UUID("0190c0de-0000-7000-8000-00000000a002")
TITLE = {"kk": "Қолдау хаты", "ru": "Обращение", "en": "The appeal"}


@dataclass
class PretendAction:
    """What is public now, which can be changed: `is_public`, `is_over`, `credited`."""

    is_public: bool = True
    is_over: bool = False
    credited: dict[int, int] = field(default_factory=dict)
    asked: list[list[UUID]] = field(default_factory=list)

    def title(self, target: UUID, language: str) -> str:
        return TITLE[language or "en"] if self.is_public else ""

    def address(self, target: UUID, language: str, code: str) -> str:
        if self.is_over or not self.is_public:
            return ""
        return f"/{language}/support/word/" + (f"from/{code}/" if code else "")

    def after(self, target: UUID, language: str) -> str:
        return f"/{language}/week/" if self.is_over else ""

    def credits(self, wanted: object) -> dict[int, int]:
        self.asked.append(sorted(wanted))  # type: ignore[call-overload]  # a collection of UUIDs
        return self.credited


@contextmanager
def pretend_action() -> Iterator[PretendAction]:
    """Register the action for as long as the block lasts."""
    made = PretendAction()
    with (
        same_patch("pretend_action", targets, "_actions", {}),
        same_patch("pretend_credit", targets, "_credits", {}),
    ):
        register_action(
            "appeal",
            ActionKind("Appeal", made.title, made.address, made.after, lambda _workspace: [APPEAL, OTHER]),
        )
        register_credit("appeal", made.credits)
        yield made
