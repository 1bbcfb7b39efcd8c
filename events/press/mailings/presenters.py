"""Mailing presenters: the preview, and the state of each letter after sending."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _, override

from coalition.accounts.models import Language
from coalition.workspaces.permissions import Access
from documents.publication.queries import contacts_with
from events.press.mailings.actions import TEMPLATES, letter_context, press_messages_by_language, sender_of
from events.press.models import LetterState, MailOut
from events.press.presenters import removed_contact
from events.press.queries import letters_for

MOST_ROWS = 500  # letters listed on a page; the rest are counted
BADGES = {  # kind and icon
    LetterState.SENT: ("yes", "check"),
    LetterState.REFUSED: ("no", "warn"),
    LetterState.ENDED: ("wait", "stop"),
    LetterState.KEPT_BACK: ("wait", "minus"),
    LetterState.WAITING: ("internal", "clock"),
    LetterState.CHOSEN: ("internal", "pen"),
}


def mail_previews(mail_out: MailOut) -> list[dict[str, Any]]:
    """Return the mail in every language that a recipient gets; `otherwise`: who prefer another one."""
    rows = list(mail_out.letters.values_list("language", "wished"))
    readers = Counter(language for language, _wished in rows)
    otherwise = Counter(language for language, wished in rows if language != wished)
    found = []
    for code, words in press_messages_by_language(mail_out).items():
        if not readers[code]:
            continue
        context = {
            **letter_context(mail_out, words),
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
        }
        with override(code):
            mail = render_to_string(f"mail/{TEMPLATES[mail_out.event_id is not None]}.txt", context)
        subject, _line, body = mail.strip().partition("\n")
        found.append(
            {
                "code": code,
                "name": Language(code).label,
                "sender": sender_of(mail_out, code),
                "subject": subject.strip(),
                "body": body.strip(),
                "readers": readers[code],
                "otherwise": otherwise[code],
            }
        )
    return found


def letter_rows(access: Access, mail_out: MailOut) -> list[dict[str, Any]]:
    """Return the letters that the person may see individually: two queries."""
    letters = list(letters_for(access, mail_out)[:MOST_ROWS])
    found = contacts_with(one.contact for one in letters)
    contacts = {uuid: one for uuid, one in found.items() if one.removed_at is None}
    removed = removed_contact()
    return [
        {
            "letter": one,
            "contact": contacts.get(one.contact, removed),
            "badge": BADGES[LetterState(one.state)],
            "why": _failure_reason(one.error),
        }
        for one in letters
    ]


def _failure_reason(error: str) -> str:
    if error.startswith("refused "):
        code = error.removeprefix("refused ")
        return _("The mail server does not take mail for this address (code %(code)s).") % {"code": code}
    if error.startswith("came back "):
        code = error.removeprefix("came back ")
        return _("The mail came back: it did not arrive (code %(code)s).") % {"code": code}
    return _("The mail server could not be reached, or did not take the mail.") if error else ""
