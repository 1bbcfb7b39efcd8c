"""Opening a draft or file to some of the workspace's organisations only."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from coalition.partners.models import Organisation
from coalition.refused import Refused
from coalition.workspaces.domain import activity, grants
from coalition.workspaces.queries import participants
from coalition.workspaces.rules import Access
from documents.models import Draft, StoredFile

PERMISSION = "read_restricted_draft"


def restrict_to(*, draft: Draft, access: Access, organisations: Collection[Organisation]) -> bool:
    """Say for whom a draft is; none means the whole workspace. Returns whether anything changed.

    Belongs into the caller's transaction, with the draft's row locked. What was told of the draft before
    is restricted with it. Raises Refused as `check_list` does.
    """
    check_list(access=access, organisations=organisations)
    before = set(draft.restricted_to.values_list("pk", flat=True))
    wanted = {organisation.pk for organisation in organisations}
    if before == wanted and draft.restricted == bool(wanted):
        return False
    draft.restricted = bool(wanted)
    draft.save(update_fields=["restricted"])
    draft.restricted_to.set(organisations)
    grants.restrict(draft, PERMISSION, workspace=draft.workspace, organisations=organisations)
    for subject in [draft.uuid, *draft.rounds.values_list("uuid", flat=True)]:
        activity.restrict(subject=subject, organisations=organisations)
    return True


def restrict_file_to(*, file: StoredFile, access: Access, organisations: Collection[Organisation]) -> None:
    """The same for a file, whose list is held by the file alone."""
    check_list(access=access, organisations=organisations)
    file.restricted = bool(organisations)
    file.save(update_fields=["restricted"])
    file.restricted_to.set(organisations)
    activity.restrict(subject=file.uuid, organisations=organisations)


def check_list(*, access: Access, organisations: Collection[Organisation]) -> None:
    """Raise Refused if the list shuts out the person's own organisation or names one from elsewhere."""
    if not organisations:
        return
    wanted = {organisation.pk for organisation in organisations}
    if access.organisation.pk not in wanted:
        raise Refused(
            _("Keep your own organisation in the list: otherwise you could not open this yourself.")
        )
    there = set(participants(access.workspace).values_list("pk", flat=True))
    if wanted - there:
        raise Refused(_("One of the organisations no longer takes part in this workspace. Choose again."))
