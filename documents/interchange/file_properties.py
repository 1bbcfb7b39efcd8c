"""Properties of a file: its handling mark, and the token that identifies it on import."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileProperties:
    """`mark`: on every page. `token`: identifies the file on import, or empty.

    `tracked`: Word and LibreOffice track changes from now on.
    """

    title: str
    language: str
    mark: str
    token: str = ""
    tracked: bool = True
    holder: str = ""  # recipient of this copy: in the file's properties, never in its words
    letterhead: tuple[str, ...] = ()
    """The rows above a letter: sender, place and date."""

    @property
    def locale(self) -> str:
        """Return the language with a country, as spell-checkers need it."""
        return {"kk": "kk-KZ", "ru": "ru-RU", "en": "en-GB"}.get(self.language, self.language)
