"""Who may do what with drafts, texts, versions and files: named predicates, composed.

Each takes the person's access to the workspace and a thing that the person may *read*: `queries` has
decided that before. What is refused here is answered with words, not with 404.
"""

from coalition.roles import Right
from coalition.workspaces.rules import Access, NotAllowed
from documents.models import Draft, StoredFile


def works_here(access: Access, right: Right) -> bool:
    """The right, in a workspace that is not archived."""
    return access.may(right) and access.workspace.archived_at is None


def is_admitted(access: Access, thing: Draft | StoredFile) -> bool:
    """Whether the organisation in whose name the person acts is one that the thing is open to."""
    return not thing.restricted or thing.restricted_to.filter(pk=access.organisation.pk).exists()


def is_own(access: Access, draft: Draft) -> bool:
    """Made by the person, on behalf of the organisation in whose name they act now."""
    return draft.created_by_id == access.user.pk and draft.organisation_id == access.organisation.pk


def may_read_draft(access: Access, draft: Draft) -> bool:
    return access.may(Right.SEE_DRAFTS) and is_admitted(access, draft)


def may_create(access: Access) -> bool:
    """Start drafts and share files."""
    return works_here(access, Right.CREATE)


def may_tend(access: Access, draft: Draft) -> bool:
    """Change what stands around the text, and archive it: editors, and contributors for their own."""
    may = works_here(access, Right.EDIT) or (works_here(access, Right.CREATE) and is_own(access, draft))
    return may and may_read_draft(access, draft)


def may_edit_text(access: Access, draft: Draft) -> bool:
    return draft.archived_at is None and may_tend(access, draft)


def may_name_version(access: Access, draft: Draft) -> bool:
    return draft.archived_at is None and works_here(access, Right.EDIT) and may_read_draft(access, draft)


def may_restrict(access: Access, draft: Draft) -> bool:
    """Say for which organisations a draft is: who coordinates, and who made it."""
    leads = works_here(access, Right.MANAGE) or is_own(access, draft)
    return leads and may_tend(access, draft)


def may_change_file(access: Access, file: StoredFile) -> bool:
    """Describe, mark, delete: editors, and contributors for what they brought."""
    own = file.uploaded_by_id == access.user.pk and file.organisation_id == access.organisation.pk
    may = works_here(access, Right.EDIT) or (works_here(access, Right.CREATE) and own)
    return may and is_admitted(access, file)


def require_that(allowed: bool, why: object = "") -> None:
    """Raise NotAllowed with the words unless allowed."""
    if not allowed:
        raise NotAllowed(why)


def may_put_to_approval(access: Access, draft: Draft) -> bool:
    """Put versions to organisations, put newer ones, close the round, publish: who holds the right."""
    return draft.archived_at is None and works_here(access, Right.PUBLISH) and may_read_draft(access, draft)


def may_withdraw(access: Access, draft: Draft) -> bool:
    """Also when the draft is archived: what is public can always be taken back."""
    return works_here(access, Right.PUBLISH) and may_read_draft(access, draft)
