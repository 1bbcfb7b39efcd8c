"""The answer *no*, in words: what a domain function raises when a rule forbids what was asked."""


class Refused(Exception):
    """A rule forbids it. `reasons` are whole sentences in the active language, the first thing first."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = reasons

    def __str__(self) -> str:
        return " ".join(self.reasons)
