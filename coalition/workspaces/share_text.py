"""Ready messages for messengers, in which much of this field lives: nothing confidential, and a link that
leads through the sign-in and signs nobody in. Who has no business here, and the programs that look at links
for a preview, get the page to sign in and nothing else."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.mail.links import absolute_url


class ShareSubject(StrEnum):
    """What a message is about."""

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
    """The message in one language; `current`: the reader's own."""

    code: str
    name: str
    text: str
    current: bool


def share_messages(
    about: ShareSubject, path: str, *, deadline: datetime.datetime | None = None
) -> list[ShareMessage]:
    """The message in each language, with the address of a page of the members' area.

    A DECISION needs its deadline, which may be told: it says of no text what is in it.
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
