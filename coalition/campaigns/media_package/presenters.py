"""Packages at the desk, as pages show them."""

from django.utils.translation import gettext as _, ngettext

from coalition.campaigns.core.sections import Summary
from coalition.campaigns.media_package.queries import counts_in
from coalition.workspaces.permissions import Access


def packages_summary(access: Access) -> Summary:
    """Say how many packages and items there are, and how many answers of outlets are open."""
    packages, items, waiting = counts_in(access.workspace)
    if not packages:
        step = _("Make one: posters, films and texts that outlets take as they are.")
        return Summary(_("There is no media package yet."), next_step=step)
    words = [
        ngettext("%(count)d package", "%(count)d packages", packages) % {"count": packages},
        ngettext("%(count)d item", "%(count)d items", items) % {"count": items},
    ]
    text = ", ".join(words) + "."
    if waiting:
        text += " " + ngettext(
            "%(count)d outlet has not answered yet.", "%(count)d outlets have not answered yet.", waiting
        ) % {"count": waiting}
    return Summary(text, needs_attention=bool(waiting))
