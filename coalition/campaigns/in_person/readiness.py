"""What a table needs before it opens: a permission, a lawyer's note and a duty telephone."""

import enum
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.in_person.models import Table, TableGuidance
from documents.files.public_copy import may_be_public


class FilledInAt(enum.StrEnum):
    """The page at which something missing is filled in."""

    TABLE = "table"
    GUIDANCE = "guidance"


@dataclass(frozen=True)
class Missing:
    """One thing that is missing, in words, and the page at which it is filled in."""

    words: Promise
    at: FilledInAt


_OWNER = Missing(_("who owns the place and allowed the table"), FilledInAt.TABLE)
_DAY = Missing(_("the day of the owner’s permission"), FilledInAt.TABLE)
_PERMISSION = Missing(_("the owner’s written permission, as a file or in words"), FilledInAt.TABLE)
_NOTE = Missing(_("the lawyer’s note on the law on assemblies"), FilledInAt.GUIDANCE)
_LAWYER = Missing(_("name and role of the lawyer, and the day of the note"), FilledInAt.GUIDANCE)
_TELEPHONE = Missing(_("the duty telephone"), FilledInAt.GUIDANCE)


def missing_for(table: Table, guidance: TableGuidance | None) -> list[Missing]:
    """Return what is missing before this table can open; empty if it can. No query if `permission_file` is
    loaded."""
    checks = [
        (_OWNER, bool(table.permission_by)),
        (_DAY, table.permission_on is not None),
        (_PERMISSION, may_be_public(table.permission_file) or bool(table.permission_words)),
    ]
    return [missing for missing, is_there in checks if not is_there] + missing_in(guidance)


def hides_permission_file(table: Table) -> bool:
    """Whether the chosen file with the permission is not shown to volunteers any more: it was deleted, or
    only some people may read it."""
    return table.permission_file is not None and not may_be_public(table.permission_file)


def missing_in(guidance: TableGuidance | None) -> list[Missing]:
    """Return what is missing for every table of the workspace."""
    if guidance is None:
        return [_NOTE, _LAWYER, _TELEPHONE]
    checks = [
        (_NOTE, bool(guidance.legal_note)),
        (_LAWYER, bool(guidance.lawyer_name and guidance.lawyer_role and guidance.noted_on)),
        (_TELEPHONE, bool(guidance.duty_telephone)),
    ]
    return [missing for missing, is_there in checks if not is_there]
