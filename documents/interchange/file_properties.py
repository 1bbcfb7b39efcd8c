"""What stands around the words of a file: its handling mark, and by what it is known when it comes back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sheet:
    """`mark` stands on every page. `token`: by which the file is recognised when it comes back, or empty.

    `tracked`: Word and LibreOffice record from now on who changes what.
    """

    title: str
    language: str
    mark: str
    token: str = ""
    tracked: bool = True
    holder: str = ""  # who was given this copy: in the file's properties, never in its words
    letterhead: tuple[str, ...] = ()
    """The rows above a letter: sender, place and date."""

    @property
    def locale(self) -> str:
        """The language with a country, as spell-checkers want it."""
        return {"kk": "kk-KZ", "ru": "ru-RU", "en": "en-GB"}.get(self.language, self.language)
