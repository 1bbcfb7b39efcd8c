"""For whom a draft or file is: some of the workspace's organisations, or the people that its mark names."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from coalition import live
from coalition.accounts.models import Organisation, User
from coalition.core.errors import Refused
from coalition.workspaces.domain import activity, grants
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import participants, seats_in
from coalition.workspaces.rules import Access
from documents.comments.models import Thread
from documents.drafts.enums import Handling
from documents.drafts.models.draft import Draft
from documents.drafts.queries.drafts import READING_ROLES
from documents.drafts.queries.readers import limits_of, who_may_be_named
from documents.files.models import StoredFile

PERMISSION = "read_restricted_draft"


def restrict_to(*, draft: Draft, access: Access, organisations: Collection[Organisation]) -> bool:
    """Say for which organisations a draft is; none means the whole workspace. Returns whether it changed.

    Belongs into the caller's transaction, with the draft's row locked, and before `hold`. Raises Refused as
    `check_list` does.
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
    return True


def mark(
    *, thing: Draft | StoredFile, access: Access, handling: Handling, people: Collection[User] | None = None
) -> bool:
    """Put a handling mark on a thing; returns whether it changes who reads it.

    Under *named people* `people` are its readers, with whoever made the thing and whoever names them; None
    keeps those who are named. Belongs into the caller's transaction, after `restrict_to`, with the row
    locked. Raises Refused for a mark that shuts the person out, and for readers who cannot see drafts here.
    """
    handling = Handling(handling)
    if handling == Handling.ORGANISATION and thing.organisation_id != access.organisation.pk:
        raise Refused(
            _("This belongs to another organisation: with that mark you could not open it yourself.")
        )
    before = (thing.handling, set(thing.named_people.values_list("pk", flat=True)))
    thing.handling = handling
    thing.save(update_fields=["handling"])
    named = _named(thing, access, people) if handling == Handling.NAMED_PEOPLE else set()
    thing.named_people.set(named)
    narrow = Handling(before[0]).names_readers or handling.names_readers
    return narrow and before != (handling, named)


def hold(thing: Draft | StoredFile) -> None:
    """What follows in the same transaction when a thing's readers changed: what was told of it before is
    heard by its readers only, and open sockets look at their rights again."""
    limits = limits_of(thing)
    subjects = [thing.uuid]
    if isinstance(thing, Draft):
        subjects += thing.rounds.values_list("uuid", flat=True)
        subjects += Thread.objects.filter(text__draft=thing).values_list("uuid", flat=True)
    activity.restrict(subjects=subjects, organisations=limits.organisations, people=limits.people)
    look_again(thing.workspace)


def look_again(workspace: Workspace) -> None:
    """Open sockets of everybody who reads drafts here look at their rights, after the commit."""
    readers = seats_in(workspace).filter(role__in=READING_ROLES).values_list("person", flat=True)
    live.kick(user_ids=sorted(set(readers)), reason="readers")


def restrict_file_to(*, file: StoredFile, access: Access, organisations: Collection[Organisation]) -> None:
    """Open a new file to these organisations only; the list is held by the file alone."""
    check_list(access=access, organisations=organisations)
    file.restricted = bool(organisations)
    file.save(update_fields=["restricted"])
    file.restricted_to.set(organisations)


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


def _named(thing: Draft | StoredFile, access: Access, people: Collection[User] | None) -> set[int]:
    possible = set(who_may_be_named(thing).values_list("person", flat=True))
    maker = thing.created_by_id if isinstance(thing, Draft) else thing.uploaded_by_id
    always = {access.user.pk} | ({maker} & possible if maker is not None else set())
    if people is None:
        return always | (set(thing.named_people.values_list("pk", flat=True)) & possible)
    wanted = {person.pk for person in people}
    if wanted - possible:
        raise Refused(
            _("One of the people named has no seat here that lets them see this draft. Choose again.")
        )
    return always | wanted
