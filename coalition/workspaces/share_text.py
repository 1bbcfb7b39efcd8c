"""Share texts for messengers, which many members use: nothing confidential, and a link that
requires sign-in. People without access, and link preview bots, get only the sign-in page."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import get_language, gettext_lazy as _, override

from coalition.accounts.models import Language
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.mail.outbox import absolute_url


class ShareSubject(StrEnum):
    """Topic of a share text."""

    TEXT = "text"
    VERSION = "version"
    DECISION = "decision"
    ROUND = "round"
    EVENT = "event"


SENTENCES = {
    ShareSubject.TEXT: _("A text of the coalition waits for you. Sign in to read it: %(link)s"),
    ShareSubject.VERSION: _(
        "A version of a text of the coalition waits for you. Sign in to read it: %(link)s"
    ),
    ShareSubject.DECISION: _(
        "The coalition waits for your decision on a text until %(deadline)s. Sign in to read it: %(link)s"
    ),
    ShareSubject.ROUND: _("There is news of an approval in the coalition. Sign in to see it: %(link)s"),
    ShareSubject.EVENT: _("There is news of an event of the coalition. Sign in to see it: %(link)s"),
}


@dataclass(frozen=True)
class ShareMessage:
    """The share text in one language; `current`: the reader's own."""

    code: str
    name: str
    text: str
    current: bool


def share_messages(
    about: ShareSubject, path: str, *, deadline: datetime.datetime | None = None
) -> list[ShareMessage]:
    """Return the text in each language, with the URL of a page of the member area.

    A DECISION needs its deadline, which is not confidential: it reveals no content of a text.
    """
    own = get_language()
    found = []
    for language in Language:
        with override(language.value):
            words = {
                "link": absolute_url(path),
                "deadline": moment_with_time_zone(deadline) if deadline else "",
            }
            text = str(SENTENCES[about]) % words
        found.append(ShareMessage(language.value, str(language.label), text, current=language.value == own))
    return found
