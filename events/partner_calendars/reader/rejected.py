"""Reasons for rejecting an event or a whole calendar: a code and its values, translated by
`reasons`.

This module and those of the reader (`lines`, `zones`, `guard`, `read`) do not depend on Django:
they run in a separate process, which may be stopped at any moment.
"""

type ReasonValues = dict[str, str | int]


class SetAside(Exception):
    """One event is rejected; the others are stored."""

    def __init__(self, code: str, **values: str | int) -> None:
        self.code = code
        self.values: ReasonValues = values
        super().__init__(code)

    def as_json(self) -> ReasonValues:
        return {"code": self.code, **self.values}


class NotRead(SetAside):
    """The calendar as a whole cannot be read."""
