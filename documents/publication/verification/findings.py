"""Findings of a verification: kinds of differences, and their messages."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coalition.jobs.date_formats import moment_with_time_zone
from documents.publication.models import Publication
from documents.publication.verification.models import TakenOff


class FindingKind(StrEnum):
    """The part that differs from the record."""

    WORDS = "words"
    NAMES = "names"
    STATE = "state"
    PICTURE = "picture"
    RENDERING = "rendering"
    LIST = "list"
    SHARE_IMAGE = "share_image"


# Grave: the page shows something that its organisations did not approve, so it is taken off the
# site.
GRAVE_KINDS: Final = frozenset({FindingKind.WORDS, FindingKind.NAMES, FindingKind.STATE, FindingKind.PICTURE})

# An exception occurred. It may be a software fault, so it only raises the alarm.
NOT_VERIFIED: Final = "not_verified"


@dataclass(frozen=True)
class Finding:
    """One difference between the record of a publication (its primary key) and what readers get.

    `code`: key of its message (`register_messages`). `language`: of the page, empty if it is not
    about one language.
    """

    kind: FindingKind
    publication: int
    code: str
    language: str = ""

    @property
    def is_grave(self) -> bool:
        """Whether it requires taking the page off the site."""
        return self.kind in GRAVE_KINDS

    @property
    def key(self) -> str:
        """Return a key that is stable for the same difference in every run."""
        return f"{self.kind}:{self.code}:{self.language}"

    @property
    def message(self) -> str:
        """Return a sentence in the active language."""
        sentence = str(_messages.get(self.code, self.code))
        if not self.language:
            return sentence
        return _("%(language)s: %(sentence)s") % {"language": self.language, "sentence": sentence}

    def as_json(self) -> dict[str, Any]:
        """Return the stored form; `from_json` reads it."""
        return {name: value for name, value in asdict(self).items() if name != "publication"}


def findings_from_json(publication: int, stored: Iterable[Mapping[str, str]]) -> list[Finding]:
    """Return the findings stored for a publication (its primary key)."""
    return [
        Finding(FindingKind(one["kind"]), publication, one["code"], one.get("language", "")) for one in stored
    ]


_messages: dict[str, str | Promise] = {
    NOT_VERIFIED: gettext_lazy("it could not be verified; the log of the server says why."),
    "unreadable": gettext_lazy("the record cannot be read."),
    "record": gettext_lazy("the approval sheet does not verify."),
    "sheet_names": gettext_lazy("more or fewer names are shown or counted than the record holds."),
    "sheet_state": gettext_lazy("date, number or predecessor are not those of the record."),
    "commitments": gettext_lazy("a name has no commitment in the record."),
    "inherited": gettext_lazy("an inherited approval has no decision that it comes from."),
    "listing": gettext_lazy("a name is shown more openly than its organisation agreed to for this text."),
    "decisions": gettext_lazy(
        "a name stands there without the decision in the round that is recorded with it."
    ),
    "way": gettext_lazy("how or when an organisation approved is not what its decisions say."),
    "withdrawn_is_public": gettext_lazy("it was withdrawn, and its state is public."),
    "withdrawal_incomplete": gettext_lazy("its state is withdrawn, without a date or a note."),
    "published_is_hidden": gettext_lazy("it was published, and its state is neither public nor withdrawn."),
    "correction_note": gettext_lazy("the correction note is not the one that was published."),
}


def register_messages(messages: Mapping[str, str | Promise]) -> None:
    """Add the messages for a higher layer's findings, by their codes."""
    _messages.update(messages)


# --- responses ---
# Responses of the public site while a publication is off the site.


RETRY_AFTER_SECONDS: Final = 3600  # seconds: it is verified again every hour


def offline_row(publication: Publication) -> TakenOff | None:
    """Return the row of a publication that is off the site; no query if `publications_with_all`
    loaded it."""
    return getattr(publication, "taken_off", None)


def offline_page(request: HttpRequest, since: datetime.datetime, context: dict[str, Any]) -> HttpResponse:
    """Render a 503 page: the text is off the site during verification. `context`: of the site's
    frame."""
    context = {**context, "since": moment_with_time_zone(since)}
    return retry_later(render(request, "documents/publications/taken_off.html", context, status=503))


def retry_later[T: HttpResponse](response: T) -> T:
    """Forbid caching the response, and set when to retry."""
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
