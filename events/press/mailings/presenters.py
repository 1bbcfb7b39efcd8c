"""A mail-out before it is sent, as it will be read; and after, what became of each letter."""

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from coalition.accounts.enums import Language
from coalition.workspaces.permissions import Access
from documents.publication.embargo.queries import contacts_with
from events.press.enums import LetterState
from events.press.mailings.actions import TEMPLATES, all_told, context_of, sender_of
from events.press.models import MailOut
from events.press.queries import letters_for

MOST_ROWS = 500  # letters that a page names; the rest are counted
_KINDS = {
    LetterState.SENT: ("yes", "check"),
    LetterState.REFUSED: ("no", "warn"),
    LetterState.ENDED: ("wait", "stop"),
    LetterState.KEPT_BACK: ("wait", "minus"),
    LetterState.WAITING: ("internal", "clock"),
    LetterState.CHOSEN: ("internal", "pen"),
}


@dataclass(frozen=True)
class Preview:
    """The mail in one language: who gets it, and how many of them would have liked another one."""

    code: str
    name: str
    sender: str
    subject: str
    body: str
    readers: int
    otherwise: int


@dataclass(frozen=True)
class LetterRow:
    """One letter, as far as the person may know of it."""

    name: str
    outlet: str
    language: str
    instead_of: str
    state: str
    kind: str
    icon: str
    why: str


def previews(mail_out: MailOut) -> list[Preview]:
    """The mail in every language in which somebody gets it."""
    rows = list(mail_out.letters.values_list("language", "wished"))
    readers = Counter(language for language, _wished in rows)
    otherwise = Counter(language for language, wished in rows if language != wished)
    found = []
    for code, words in all_told(mail_out).items():
        if not readers[code]:
            continue
        context = {
            **context_of(mail_out, words),
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
        }
        with override(code):
            mail = render_to_string(f"mail/{TEMPLATES[mail_out.event_id is not None]}.txt", context)
        subject, _line, body = mail.strip().partition("\n")
        found.append(
            Preview(
                code=code,
                name=str(Language(code).label),
                sender=sender_of(mail_out, code),
                subject=subject.strip(),
                body=body.strip(),
                readers=readers[code],
                otherwise=otherwise[code],
            )
        )
    return found


def letter_rows(access: Access, mail_out: MailOut) -> list[LetterRow]:
    """The letters that the person may see one by one: two queries."""
    letters = list(letters_for(access, mail_out)[:MOST_ROWS])
    contacts = contacts_with(one.contact for one in letters)
    rows = []
    for one in letters:
        contact = contacts.get(one.contact)
        there = contact if contact is not None and contact.removed_at is None else None
        state = LetterState(one.state)
        kind, icon = _KINDS[state]
        rows.append(
            LetterRow(
                name=there.name if there else _("A contact that was removed"),
                outlet=there.outlet.name if there else "",
                language=str(Language(one.language).label),
                instead_of=str(Language(one.wished).label) if one.wished != one.language else "",
                state=str(state.label),
                kind=kind,
                icon=icon,
                why=_why(one.error),
            )
        )
    return rows


def _why(error: str) -> str:
    if error.startswith("refused "):
        code = error.removeprefix("refused ")
        return _("The mail server does not take mail for this address (code %(code)s).") % {"code": code}
    if error.startswith("came back "):
        code = error.removeprefix("came back ")
        return _("The mail came back: it did not arrive (code %(code)s).") % {"code": code}
    return _("The mail server could not be reached, or did not take the mail.") if error else ""
