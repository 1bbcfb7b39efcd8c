"""What posters hand to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.media_package.posters.dashboard import changed_figures
from coalition.campaigns.media_package.posters.setting import (
    SET_POSTERS,
    set_after_publication,
    set_posters,
    set_under_embargo,
)
from coalition.jobs.scheduler import register_lengthy
from coalition.workspaces.capability import Capability
from documents.hooks import HOOKS, Hooks


def _connect() -> None:
    register_lengthy(SET_POSTERS)  # other due work need not wait for pictures
    HOOKS.extend(Hooks(published=[set_after_publication], planned=[set_under_embargo]))


PACKAGE_POSTERS = Capability(
    name="package_posters",
    urls="coalition.campaigns.media_package.posters.urls",
    audit_actions={
        "media_item.figure_updated": _("Changed figures were taken into the text of an item"),
        "media_item.setting_asked": _("Missing files of an item were set from its text"),
    },
    due_work={SET_POSTERS: set_posters},
    seated=(changed_figures,),
    connect=_connect,
)
