"""Opening a table by the volunteers' link."""

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.models import AppealVersion
from coalition.campaigns.appeals.public_queries import closed_reason, newest_version
from coalition.campaigns.appeals.refusals import CLOSED_WORDS
from coalition.campaigns.in_person.models import Table
from coalition.campaigns.in_person.queries import guidance_of, usable_tables
from coalition.campaigns.in_person.readiness import missing_for
from coalition.campaigns.in_person.records import record_table_action
from coalition.core.clock import now
from coalition.core.errors import Refused

LINK_ENDED = _("This link opens no more. Ask the organisation for another one.")


def open_table(*, table: Table) -> Table:
    """Open a table on its day, for the words of the appeal as they are now. Opening twice is one.

    `table`: found by the volunteers' link, which is the right to open it. Raises Refused on another day,
    while something is missing (`readiness.missing_for`), and if the appeal takes no support.
    """
    with transaction.atomic():
        locked = lock_table(table)
        if locked.opened_at is not None:
            return locked
        day = localdate(now())
        if locked.day != day:
            raise Refused(_("The table opens on its day."))
        if missing_for(locked, guidance_of(locked.workspace)):
            raise Refused(_("Something is missing: the table cannot open yet."))
        locked.version = open_version(locked)
        locked.opened_at = now()
        locked.save(update_fields=["opened_at", "version"])
        record_table_action(None, locked, "table.opened")
    return locked


def lock_table(table: Table) -> Table:
    """Return the row behind a link, locked until the transaction ends. Raises Refused if the link ended, the
    table was cancelled or its organisation may not act now."""
    rows = usable_tables().select_for_update(of=("self",))
    rows = rows.select_related("workspace", "organisation", "appeal", "permission_file")
    locked = rows.filter(pk=table.pk, link_hash=table.link_hash).first()
    if locked is None:
        raise Refused(LINK_ENDED)
    return locked


def open_version(table: Table) -> AppealVersion:
    """Return the words that the table's appeal takes support for now. Raises Refused."""
    version = newest_version(table.appeal_id)
    reason = "over" if version is None else closed_reason(version, localdate(now()))
    if version is None or reason:
        raise Refused(CLOSED_WORDS[reason])
    return version
