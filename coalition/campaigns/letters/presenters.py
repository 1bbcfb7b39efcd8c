"""What the public page of a letter action shows."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final
from urllib.parse import quote, urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils.translation import gettext as _, override

from coalition.campaigns.appeals.public_presenters import appeal_path
from coalition.campaigns.appeals.public_queries import newest_version, shows_title
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.suppression import THRESHOLD, full_tens
from coalition.campaigns.letters.board.queries import agreed_targets
from coalition.campaigns.letters.models import LetterAction, Way
from coalition.campaigns.letters.queries import facts_of, letters_by_target, recipients_of
from coalition.campaigns.letters.refusals import CLOSED_WORDS
from coalition.campaigns.letters.texts import fact_blocks, offered_words
from coalition.campaigns.recipients.models import Body, Target
from coalition.core.localized_text import content_languages
from coalition.mail.outbox import absolute_url

MOST_MAILTO: Final = 1_900  # bytes of a whole mailto URI that mail programs take; assets/js/letters/mailto.js
MOST_TENS: Final = 99  # beyond, chance is as small as can be


@dataclass(frozen=True)
class Recipient:
    """One person in the chooser. `email`: "" where the recorded one is none (spaces in it, for example).

    `position`, `languages`, `address`: None where they are the usual ones of the body; "" where nothing is
    known, then the body's address stands for theirs. `tens`: how many full tens of letters more than who got
    fewest: those with few are drawn more often. Single letters are not shown, as on the board.
    """

    uuid: UUID
    name: str
    position: str | None
    languages: str | None
    email: str
    address: str | None
    tens: int
    is_ticked: bool = False


@dataclass(frozen=True)
class PeopleGroup:
    """The people of one committee and one list, "" for those in none. `number`, `list_number`: of the choices
    by which they are filtered; `starts_committee`: whether it is the first of its committee."""

    committee: str
    number: int
    list_name: str
    list_number: int
    starts_committee: bool
    recipients: list[Recipient]


@dataclass(frozen=True)
class BodyGroup:
    """A body, its official address, what most of its people have in common, and its people."""

    name: str
    address: str
    position: str
    languages: str
    groups: list[PeopleGroup]


@dataclass(frozen=True)
class Agreed:
    """Somebody who agreed already. `mailto`: opens a mail of thanks, "" without an address."""

    name: str
    position: str
    mailto: str


@dataclass
class Choices:
    """Names by which people are filtered, each with its number from 1 on."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """Return the number of the name, a new one at its first use; 0 for no name."""
        return self.numbers.setdefault(name, len(self.numbers) + 1) if name else 0


@dataclass
class Chooser:
    """Everybody who can be written to, and who is thanked instead."""

    bodies: list[BodyGroup] = field(default_factory=list)
    committees: Choices = field(default_factory=Choices)
    lists: Choices = field(default_factory=Choices)
    languages: list[tuple[str, str]] = field(default_factory=list)
    agreed: list[Agreed] = field(default_factory=list)
    count: int = 0


def usable_email(email: str) -> str:
    """Return the address if a mail program can take it, else "": an import may hold one with spaces."""
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email


def mailto_of(email: str, subject: str, body: str) -> str:
    """Return the mailto URI (RFC 6068), without the body where it would be longer than `MOST_MAILTO`; "" for
    no usable address."""
    if not usable_email(email):
        return ""
    start = f"mailto:{quote(email, safe='@')}?"
    whole = start + urlencode({"subject": subject, "body": body.replace("\n", "\r\n")}, quote_via=quote)
    return whole if len(whole) <= MOST_MAILTO else start + urlencode({"subject": subject}, quote_via=quote)


def chooser_of(action: LetterAction, *, title: str, ticked: Collection[UUID] = ()) -> Chooser:
    """Return the recipients of an action, in the active language. Two queries, and those of
    `agreed_targets`."""
    letters, agreed = letters_by_target(action), agreed_targets(action)
    everyone = list(recipients_of(action))
    standing = [one for one in everyone if one.uuid not in agreed]
    found = Chooser(count=len(standing))
    tens = _tens_more({one.pk: letters.get(one.pk, 0) for one in standing})
    for body, people in groupby(standing, key=lambda one: one.body):
        found.bodies.append(_body(body, list(people), found, tens, ticked))
    spoken = {code for one in standing for code in one.languages}
    found.languages = [(code, name) for code, name in content_languages() if code in spoken]
    found.agreed = [_agreed(one, title) for one in everyone if one.uuid in agreed]
    return found


def _tens_more(letters: Mapping[int, int]) -> dict[int, int]:
    tens = {pk: full_tens(count) // THRESHOLD for pk, count in letters.items()}
    fewest = min(tens.values(), default=0)
    return {pk: min(number - fewest, MOST_TENS) for pk, number in tens.items()}


def _body(
    body: Body, people: list[Target], chooser: Chooser, tens: Mapping[int, int], ticked: Collection[UUID]
) -> BodyGroup:
    position = _most_common(str(one.position) for one in people)
    languages = _most_common(", ".join(one.languages) for one in people)
    address = str(body.address)
    rows: dict[tuple[str, str], list[Recipient]] = {}
    for one in people:
        row = Recipient(
            uuid=one.uuid,
            name=str(one.name),
            position=_unless(str(one.position), position),
            languages=_unless(", ".join(one.languages), languages),
            email=usable_email(one.email),
            address=_unless(str(one.address), address),
            tens=tens[one.pk],
            is_ticked=one.uuid in ticked,
        )
        rows.setdefault((str(one.committee), str(one.electoral_list)), []).append(row)
    groups: list[PeopleGroup] = []
    committees = list(dict.fromkeys(committee for committee, _list in rows))
    for (committee, name), recipients in sorted(rows.items(), key=lambda row: committees.index(row[0][0])):
        starts = not groups or groups[-1].committee != committee
        numbers = chooser.committees.number(committee), chooser.lists.number(name)
        groups.append(PeopleGroup(committee, numbers[0], name, numbers[1], starts, recipients))
    return BodyGroup(str(body.name), address, position, languages, groups)


def _most_common(words: Iterable[str]) -> str:
    return next((word for word, _count in Counter(words).most_common(1)), "")


def _unless(words: str, usual: str) -> str | None:
    return None if words == usual else words


def _agreed(target: Target, title: str) -> Agreed:
    words = _("Thank you for supporting what we ask for: “%(title)s”.") % {"title": title}
    return Agreed(str(target.name), str(target.position), mailto_of(target.email, _("Thank you"), words))


def write_path(slug: str, code: str = "") -> str:
    """Return the path of the public page in the active language."""
    return reverse("write_letter_from", args=[slug, code]) if code else reverse("write_letter", args=[slug])


def language_switch(slug: str, language: str, *, code: str = "") -> list[dict[str, object]]:
    """The same page in each language, with the referral code."""
    found: list[dict[str, object]] = []
    for one, name in content_languages():
        with override(one):
            url = write_path(slug, code)
        found.append({"code": one, "name": name, "url": url, "current": one == language})
    return found


def page_context(action: LetterAction, language: str, *, closed: str, code: str = "") -> dict[str, Any]:
    """What the page shows whether people can write or not. `closed`: see `closed_reason`."""
    context: dict[str, Any] = {
        "letter_action": action,
        "closed": closed,
        "closed_words": CLOSED_WORDS.get(closed, ""),
        "canonical": absolute_url(reverse("write_letter", args=[action.slug])),
        "is_public": closed != "withdrawn",
        "language": language,
        **_appeal(action, code),
    }
    if closed == "withdrawn":
        return context | {"withdrawal_note": action.publication.withdrawal_note}
    words = offered_words(action.publication, language)
    sheet = reverse("documents_public:sheet", args=[action.publication.uuid])
    return context | {"text": words, "sheet_url": sheet}


def writing_context(action: LetterAction, language: str, *, ticked: Collection[UUID] = ()) -> dict[str, Any]:
    """What is needed to write: recipients, facts, the state's service. Six queries."""
    return {
        "chooser": chooser_of(action, title=action.publication.title, ticked=ticked),
        "facts": fact_blocks(facts_of(action), language),
        "letter_languages": content_languages(),
        "ways": Way.choices,
        "closes_on": action.closes_on,
    }


def _appeal(action: LetterAction, code: str) -> dict[str, str]:
    """Path and title of its appeal, if it may be shown. Two queries."""
    version = newest_version(action.appeal.pk) if action.appeal is not None else None
    if version is None or not shows_title(version, site_today()):
        return {"appeal_url": ""}
    return {"appeal_url": appeal_path(version.appeal.slug, code)}
