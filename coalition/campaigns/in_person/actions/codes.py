"""Single-use codes: made for a volunteer's screen, used once by whoever scans it."""

import datetime
import secrets
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.models import AppealVersion
from coalition.campaigns.appeals.public_queries import newest_version
from coalition.campaigns.in_person.actions.opening import lock_table
from coalition.campaigns.in_person.enums import CodeState
from coalition.campaigns.in_person.models import Table, TableCode
from coalition.campaigns.in_person.queries import usable_tables
from coalition.campaigns.in_person.taking import TABLE_AWAY, refuse_appeal, refuse_over
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests, hash_token
from events.core.printed_codes import LETTERS, normalise_code

CODE_LENGTH: Final = 12  # of 30 letters: 59 bits
CODE_MINUTES: Final = 15  # in which a code can be used
CODE_KEPT: Final = datetime.timedelta(
    hours=24
)  # after it expired: until then its page says what became of it
MOST_WAITING: Final = 200  # codes of one table that are not used and not expired

CODE_WORDS: dict[CodeState, Promise] = {
    CodeState.USED: _("This code was used: it was counted once, and counts no more."),
    CodeState.EXPIRED: _("This code has expired. Ask the volunteer for the next one."),
    CodeState.UNKNOWN: _("There is no such code. Ask the volunteer for the next one."),
}


@dataclass(frozen=True)
class MadeCode:
    """A new code: `code` is what people scan, and is stored nowhere."""

    row: TableCode
    code: str


def make_code(*, table: Table) -> MadeCode:
    """Make a code for a screen of this table, which was found by the volunteers' link.

    Raises Refused if the table is not open or its appeal takes no support, TooManyRequests if 200 codes wait.
    """
    code = "".join(secrets.choice(LETTERS) for _place in range(CODE_LENGTH))
    moment = now()
    with transaction.atomic():
        locked = lock_table(table)
        refuse_over(locked)
        refuse_appeal(locked)
        if (
            TableCode.objects.filter(table=locked, is_used=False, expires_at__gt=moment).count()
            >= MOST_WAITING
        ):
            raise TooManyRequests
        row = TableCode.objects.create(
            table=locked,
            code_hash=hash_token(code),
            expires_at=moment + datetime.timedelta(minutes=CODE_MINUTES),
        )
    return MadeCode(row, code)


def find_code(code: str) -> TableCode | None:
    """Return the code as it was scanned or typed, with its table and appeal; None if there is none. One
    query."""
    rows = TableCode.objects.filter(code_hash=hash_token(normalise_code(code[:40])))
    return rows.select_related("table__appeal").first()


def state_of_code(row: TableCode | None) -> CodeState:
    """Return what became of a code."""
    if row is None:
        return CodeState.UNKNOWN
    if row.is_used:
        return CodeState.USED
    return CodeState.WAITING if now() < row.expires_at else CodeState.EXPIRED


def use_code(*, code: str, version: str) -> AppealVersion:
    """Count one person by the code; return the words that they support.

    `version`: UUID of the words that the person read. However often and in parallel it is called, one code
    counts once. Raises Refused, in words, for a code that is unknown, used or expired, for a table that is
    closed, and for an appeal that takes no support or has other words by now.
    """
    found = find_code(code)
    if found is None:
        raise Refused(CODE_WORDS[CodeState.UNKNOWN])
    with transaction.atomic():
        rows = usable_tables().select_for_update(of=("self",))
        table = rows.filter(pk=found.table_id).first()
        row = TableCode.objects.select_for_update(of=("self",)).filter(pk=found.pk).first()
        state = state_of_code(row)
        if row is None or state != CodeState.WAITING:
            raise Refused(CODE_WORDS[state])
        if table is None:
            raise Refused(TABLE_AWAY)
        refuse_over(table)
        current = refuse_appeal(table)
        if str(current.uuid) != version:
            raise Refused(_("The words of the appeal are others now. Read them, and press once more."))
        row.is_used = True
        row.save(update_fields=["is_used"])
        Table.objects.filter(pk=table.pk).update(codes_used=F("codes_used") + 1)
        if current.frozen_at is None:
            AppealVersion.objects.filter(pk=current.pk, frozen_at=None).update(frozen_at=now())
    return current


def supported_version(row: TableCode) -> AppealVersion:
    """Return the words that somebody with this code supports. Raises Refused if the table or its appeal takes
    no support now, or if the table's organisation may not act."""
    if not usable_tables().filter(pk=row.table_id).exists():
        raise Refused(TABLE_AWAY)
    refuse_over(row.table)
    return refuse_appeal(row.table, newest_version(row.table.appeal_id))
