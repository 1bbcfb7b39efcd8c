"""What media packages hand to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.sections import register_section
from coalition.campaigns.media_package.actions.items import refuse_other_kind
from coalition.campaigns.media_package.actions.renditions import (
    PREPARE,
    give_up_preparing,
    note_released,
    prepare_rendition,
    refuse_deleting,
    refuse_while_preparing,
)
from coalition.campaigns.media_package.consent import register_items
from coalition.campaigns.media_package.presenters import packages_summary
from coalition.campaigns.media_package.queries import attachments_for, made_files
from coalition.campaigns.media_package.retention import MAKERS
from coalition.jobs.scheduler import register_given_up
from coalition.workspaces.capability import Capability
from documents.drafts.attachments import register_attachments
from documents.drafts.models import TextKind
from documents.hooks import HOOKS, Hooks


def _connect() -> None:
    register_items()
    register_given_up(PREPARE, give_up_preparing)
    register_attachments(TextKind.MEDIA_ITEM, attachments_for)
    HOOKS.extend(
        Hooks(
            kind_guards=[refuse_other_kind],
            version_guards=[refuse_while_preparing],
            file_guards=[refuse_deleting],
            made_files=[made_files],
            published=[note_released],
        )
    )
    register_section(
        "media_packages",
        title=_("Media package"),
        url_name="campaigns:media_packages",
        summary=packages_summary,
        order=70,
    )


MEDIA_PACKAGES = Capability(
    name="media_packages",
    urls="coalition.campaigns.media_package.urls",
    audit_actions={
        "media_package.created": _("A media package was made"),
        "media_package.changed": _("A media package was changed"),
        "media_package.access_changed": _("Audience or embargo of a media package was changed"),
        "media_package.published": _("The page of a media package was opened"),
        "media_package.unpublished": _("The page of a media package was closed"),
        "media_item.created": _("An item was added to a media package"),
        "media_item.changed": _("An item of a media package was changed"),
        "media_item.removed": _("An item was taken out of a media package"),
        "media_item.restored": _("An item was put back into a media package"),
        "media_item.file_added": _("A file was added to an item of a media package"),
        "media_item.file_tried_again": _("A file of an item of a media package is prepared anew"),
        "media_item.file_removed": _("A file of an item of a media package was taken out"),
        "media_item.file_restored": _("A file of an item of a media package was put back"),
    },
    retention_rules=(MAKERS,),
    due_work={PREPARE: prepare_rendition},
    connect=_connect,
)
