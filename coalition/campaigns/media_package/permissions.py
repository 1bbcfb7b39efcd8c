"""Who may do what with media packages.

| predicate | who |
|---|---|
| may_see_packages | who sees drafts in the workspace |
| may_edit_packages | editors and coordinators: packages, items, files |
| may_publish_packages | who may publish (coordinators): page, audience, embargo, marks of what is public |
| may_take_out | items and files: editors before they are given out, press officers and coordinators since |
| may_serve_outlets | press officers and coordinators: links, notices, answers |
"""

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right, may_serve_press


def may_see_packages(access: Access) -> bool:
    """See packages with everything that is prepared; also in an archived workspace."""
    return access.may(Right.SEE_DRAFTS)


def may_edit_packages(access: Access) -> bool:
    """Make packages and items, bring files."""
    return has_active_right(access, Right.EDIT)


def may_publish_packages(access: Access) -> bool:
    """Open and close the page, set audience and embargo, change the marks of an item that is public."""
    return has_active_right(access, Right.PUBLISH)


def may_serve_outlets(access: Access) -> bool:
    """Give links to outlets, send notices, record answers. Outlets' names are for these people only."""
    return may_serve_press(access)


def may_take_out(access: Access, *, was_given: bool) -> bool:
    """Take an item or a file out, and put it back. `was_given`: it was given out at any time, so that outlets
    have to be told, and only those who serve them decide."""
    return may_serve_outlets(access) if was_given else may_edit_packages(access)
