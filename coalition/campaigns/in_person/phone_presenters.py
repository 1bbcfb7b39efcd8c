"""What a volunteer's phone shows of a table."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import segno
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, gettext_lazy, override

from coalition.accounts.naming import PUBLIC, display_name_for, may_see_name
from coalition.campaigns.appeals.public_queries import newest_words_of
from coalition.campaigns.in_person.actions.codes import MadeCode, state_of_code
from coalition.campaigns.in_person.enums import CodeState, TableState
from coalition.campaigns.in_person.guidance_words import default_police_words
from coalition.campaigns.in_person.links import code_address
from coalition.campaigns.in_person.models import Table, TableCode, TableGuidance
from coalition.campaigns.in_person.queries import TableTotal, guidance_of, table_totals
from coalition.campaigns.in_person.readiness import hides_permission_file, missing_for
from coalition.campaigns.in_person.taking import refuse_appeal, refuse_over
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import LocalizedText, content_languages, fallback_order
from documents.files.public_copy import may_be_public

PERMISSION_HIDDEN: Final = gettext_lazy(
    "The document with the permission is not shown any more. Tell your organisation: it has to choose "
    "another file."
)


@dataclass(frozen=True)
class PageLanguage:
    """The page of the link in one language of the site. `name`: in that language."""

    code: str
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class PhoneGuidance:
    """What stays one press away, in the active language where it is written in it, else in
    `police_language` and `note_language`.

    `telephone`: as it is shown, `dialled`: in a `tel:` address; `file_url`: of the permission as a file, ""
    if none is shown; `file_hidden`: words for one that was hidden since, or "".
    """

    police: list[str]
    police_language: str
    note: LocalizedText
    note_language: str
    row: TableGuidance | None
    telephone: str
    dialled: str
    file_url: str
    file_hidden: str


def phone_guidance(table: Table, guidance: TableGuidance | None, token: str) -> PhoneGuidance:
    """Return permission, lawyer's note, duty telephone and instructions, in the active language."""
    police = (guidance.police_words if guidance is not None else None) or default_police_words()
    note = guidance.legal_note if guidance is not None else LocalizedText()
    telephone = guidance.duty_telephone if guidance is not None else ""
    return PhoneGuidance(
        police=[line.strip() for line in str(police).splitlines() if line.strip()],
        police_language=police.language_shown(),
        note=note,
        note_language=note.language_shown(),
        row=guidance,
        telephone=telephone,
        dialled="".join(sign for sign in telephone if sign in "+0123456789"),
        file_url=reverse("table_permission", args=[token]) if may_be_public(table.permission_file) else "",
        file_hidden=str(PERMISSION_HIDDEN) if hides_permission_file(table) else "",
    )


def phone_context(table: Table, token: str) -> dict[str, Any]:
    """Return everything that the page shows but what belongs to one phone."""
    today, guidance = localdate(now()), guidance_of(table.workspace_id)
    state = table.state_on(today)
    version = newest_words_of(table.appeal.uuid)
    return {
        "table": table,
        "state": state,
        "is_today": table.day == today,
        "is_ahead": table.day > today,
        "missing": [str(one.words) for one in missing_for(table, guidance)],
        "desk_url": reverse("campaigns:table", args=[table.uuid]),
        "title": version.publication.title if version is not None else "",
        "appeal_url": reverse("support_appeal", args=[table.appeal.slug]) if version is not None else "",
        "organisation": _public_name(table),
        "guidance": phone_guidance(table, guidance, token),
        "closed": closed_words(table) if state in {TableState.OPEN, TableState.CLOSED} else "",
        "total": total_of(table),
        "words": _script_words(),
        **{
            f"{name}_url": reverse(f"table_{name}", args=[token])
            for name in ("open", "taps", "codes", "state", "worker")
        },
        "page": reverse("table", args=[token]),
    }


def page_languages(token: str, device: UUID | None = None) -> list[PageLanguage]:
    """Return the page of this link in every language. `device`: the phone, for the page without script."""
    current, query = fallback_order()[0], {"device": str(device)} if device is not None else None
    found = []
    for code, name in content_languages():
        with override(code):
            url = reverse("table", args=[token], query=query)
        found.append(PageLanguage(code, name, url, code == current))
    return found


def closed_words(table: Table) -> str:
    """Return why the table takes no support now, in words; "" while it does."""
    try:
        refuse_over(table)
        refuse_appeal(table)
    except Refused as refusal:
        return refusal.message
    return ""


def total_of(table: Table) -> TableTotal:
    """Return the numbers of one table. One query."""
    return table_totals([table.pk])[table.pk]


def table_json(table: Table) -> dict[str, Any]:
    """Return what the page asks for every few seconds."""
    total = total_of(table)
    return {
        "state": table.state_on(localdate(now())).value,
        "closed": closed_words(table),
        "taps": total.taps,
        "codes": total.codes,
    }


def code_json(made: MadeCode) -> dict[str, Any]:
    """Return a new code as the page shows it: its picture, its address in letters, and for how long."""
    address = code_address(made.code)
    return {
        "id": str(made.row.uuid),
        "picture": segno.make(address, error="m", micro=False).svg_data_uri(scale=8, border=4, light="#fff"),
        "address": address.partition("://")[2],
        "seconds": int((made.row.expires_at - now()).total_seconds()),
    }


def code_state(table: Table, uuid: str) -> str:
    """Return what became of a code of this table; "unknown" also for one of another table."""
    try:
        shown = UUID(uuid)
    except ValueError:
        return CodeState.UNKNOWN.value
    row = TableCode.objects.filter(table=table, uuid=shown).first()
    return state_of_code(row).value


def _public_name(table: Table) -> str:
    if not may_see_name(PUBLIC, table.organisation):
        return ""
    return display_name_for(PUBLIC, table.organisation)


def _script_words() -> dict[str, str]:
    """Messages of the script."""
    return {
        "online": _("Online"),
        "offline": _("No connection"),
        "sent": _("All sent"),
        "waiting": _("Not sent yet: {number}"),
        "used": _("One more supported by phone. Next code."),
        "no_codes": _("No connection: tap instead."),
        "not_stored": _("This phone could not store the tap: it is not counted. Press again."),
        "ended": _("This link opens no more. Not sent from this phone: {number}. Tell your organisation."),
    }
