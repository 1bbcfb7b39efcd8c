"""Writing about a line: a new line, a draft of other words, a proposal, and taking a draft away."""

import datetime
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.audit import log
from coalition.campaigns.helplines.content import CALLED_FIELDS, differs, put_content
from coalition.campaigns.helplines.enums import HELPLINE_KIND, EntryState
from coalition.campaigns.helplines.models import Helpline, HelplineEntry
from coalition.campaigns.helplines.permissions import organisations_to_add_for, require_helpline_editor
from coalition.campaigns.helplines.queries import OPEN_STATES, today
from coalition.campaigns.helplines.wording import fields_naming_unlisted
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed


class CallNeeded(Refused):
    """Words that only a call can prove are proposed without one."""

    def __init__(self) -> None:
        super().__init__(
            _("Call the line first: what you write about reaching it must be true on the day you propose it.")
        )


class UnlistedName(Refused):
    """Words for the public name an organisation that is not to be named to it. `fields`: where."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        self.fields = fields
        super().__init__(
            _(
                "This names an organisation that is not to be named to the public. Say it without the name:"
                " an organisation’s own line is named by its listing."
            )
        )


class EntryChanged(Refused):
    """Somebody saved, published or discarded the entry in work since the form was shown."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody changed this entry meanwhile. What you wrote is still below: compare it with what"
                " is saved now, and save again if yours is right."
            )
        )


def stamp_of(entry: HelplineEntry | None) -> str:
    """Return what tells one state of an entry in work from another, "" for none: forms send it back."""
    if entry is None:
        return ""
    return f"{entry.uuid}:{entry.written_at.astimezone(datetime.UTC).isoformat()}"


def add_helpline(
    *, person: User, organisation: UUID, content: Mapping[str, Any], proposes: bool, has_called: bool
) -> HelplineEntry:
    """Begin a line that an organisation of the person answers for, with its first entry.

    `content`: the values of `CONTENT_FIELDS`. `proposes`: put to review, else a draft. Raises NotAllowed;
    CallNeeded; UnlistedName.
    """
    answering = next((one for one in organisations_to_add_for(person) if one.uuid == organisation), None)
    if answering is None:
        raise NotAllowed(_("Members add lines that their own organisation answers for."))
    with transaction.atomic():
        helpline = Helpline.objects.create(organisation=answering)
        entry = HelplineEntry(helpline=helpline)
        _write(entry, person, answering, content)
        _save(entry, None, proposes=proposes, has_called=has_called)
        _record("helpline.added", person, entry, proposed=proposes)
    return entry


def write_entry(
    *,
    person: User,
    helpline: Helpline,
    content: Mapping[str, Any],
    seen: str,
    proposes: bool,
    has_called: bool,
) -> HelplineEntry:
    """Write other words for a line; those that are published stay until these are reviewed.

    `seen`: the stamp (`stamp_of`) of the entry in work that the person had before them. Raises NotAllowed;
    EntryChanged if it is another one by now; Refused if the line is out of use; CallNeeded; UnlistedName.
    """
    with transaction.atomic():
        locked = lock_for_edit(person, helpline)
        if locked.retired_at is not None:
            raise Refused(_("This line is out of use. Bring it back first."))
        in_work = _in_work(locked)
        if stamp_of(in_work) != seen:
            raise EntryChanged
        entry = in_work or HelplineEntry(helpline=locked)
        published = locked.published_entry()
        _write(entry, person, locked.organisation, content)
        _save(entry, published, proposes=proposes, has_called=has_called)
        _record("helpline.changed", person, entry, proposed=proposes)
    return entry


def discard_entry(*, person: User, helpline: Helpline, seen: str) -> bool:
    """Delete the entry in work; a line that was never published goes with it. Returns whether it did.

    Raises NotAllowed; Refused if somebody wrote meanwhile.
    """
    if not seen:
        return False
    with transaction.atomic():
        locked = lock_for_edit(person, helpline)
        entry = _in_work(locked)
        if entry is None or stamp_of(entry) != seen:
            raise Refused(_("This entry has changed since you opened it. Read it again."))
        _record("helpline.discarded", person, entry)
        entry.delete()
        if not locked.entries.exists():
            locked.delete()
            return True
    return False


def lock_for_edit(person: User, helpline: Helpline) -> Helpline:
    """Return the line, locked until the transaction ends. Raises NotAllowed for who does not keep it."""
    rows = Helpline.objects.select_for_update(of=("self",)).select_related("organisation")
    locked = rows.get(pk=helpline.pk)
    require_helpline_editor(person, locked)
    return locked


def _in_work(helpline: Helpline) -> HelplineEntry | None:
    """Return the entry in work, locked, if there is one."""
    return helpline.entries.select_for_update().filter(state__in=OPEN_STATES).first()


def _write(
    entry: HelplineEntry, person: User, organisation: Organisation, content: Mapping[str, Any]
) -> None:
    put_content(entry, content)
    if fields := fields_naming_unlisted(entry):
        raise UnlistedName(fields)
    entry.written_by, entry.written_for, entry.written_at = person, organisation, now()
    entry.reviewed_by = entry.reviewed_for = entry.reviewed_at = None
    entry.review_note = ""


def _save(entry: HelplineEntry, published: HelplineEntry | None, *, proposes: bool, has_called: bool) -> None:
    entry.state = EntryState.PROPOSED if proposes else EntryState.DRAFT
    entry.checked_on = today() if has_called else None
    if proposes and not has_called and differs(published, entry, CALLED_FIELDS):
        raise CallNeeded
    entry.save()


def _record(action: str, person: User, entry: HelplineEntry, **detail: Any) -> None:
    log.record_audit(
        action,
        actor=person,
        organisation=entry.written_for.uuid,
        target_kind=HELPLINE_KIND,
        target=entry.helpline.uuid,
        entry=str(entry.uuid),
        **detail,
    )
