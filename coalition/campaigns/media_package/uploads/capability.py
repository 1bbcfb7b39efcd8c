"""What this capability hands to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.media_package.uploads.actions import ASSEMBLE
from coalition.campaigns.media_package.uploads.assembly import assemble_upload, give_up_assembly
from coalition.campaigns.media_package.uploads.retention import UPLOADS_RULE
from coalition.jobs.scheduler import register_given_up, register_lengthy
from coalition.workspaces.capability import Capability


def _connect() -> None:
    register_lengthy(ASSEMBLE)  # copying 4 GB takes minutes
    register_given_up(ASSEMBLE, give_up_assembly)


PACKAGE_UPLOADS = Capability(
    name="package_uploads",
    urls="coalition.campaigns.media_package.uploads.urls",
    audit_actions={
        "media_item.upload_begun": _("An upload to an item of a media package was begun"),
        "media_item.upload_cancelled": _("An upload to an item of a media package was cancelled"),
    },
    retention_rules=(UPLOADS_RULE,),
    due_work={ASSEMBLE: assemble_upload},
    connect=_connect,
)
