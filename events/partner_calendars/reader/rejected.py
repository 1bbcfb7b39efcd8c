"""Why an event, or a whole calendar, was not taken: a code and its values, told in words by `reasons`.

This module and those of the reading (`lines`, `zones`, `guard`, `read`) know nothing of Django: they run
in a process of their own, which may be stopped at any moment.
"""

type Values = dict[str, str | int]


class SetAside(Exception):
    """One event is set aside; the others are kept."""

    def __init__(self, code: str, **values: str | int) -> None:
        self.code = code
        self.values: Values = values
        super().__init__(code)

    def as_json(self) -> Values:
        return {"code": self.code, **self.values}


class NotRead(SetAside):
    """The calendar as a whole is not read."""
