"""What this capability hands to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.media_package.actions.renditions import PREPARE
from coalition.campaigns.media_package.measuring.copies import make_copy
from coalition.campaigns.media_package.measuring.copy_work import COPY
from coalition.jobs import scheduler
from coalition.workspaces.capability import Capability


def _connect() -> None:
    scheduler.register_lengthy(PREPARE)  # cleaning and measuring take minutes
    scheduler.register_lengthy(COPY, thread="encoding")  # a long film takes hours


PACKAGE_MEASURING = Capability(
    name="package_measuring",
    urls="coalition.campaigns.media_package.measuring.urls",
    audit_actions={"media_item.copies_asked": _("Copies of a file of a media package were asked for")},
    due_work={COPY: make_copy},
    connect=_connect,
)
