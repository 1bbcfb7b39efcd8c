"""What this capability hands to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.media_package.gate import MEDIA_ITEM
from coalition.campaigns.media_package.outlets.actions import MAIL_CATEGORY, MAILS
from coalition.campaigns.media_package.outlets.coverage import register_item_column
from coalition.campaigns.media_package.outlets.dashboard import packages_for_newsroom
from coalition.campaigns.media_package.outlets.retention import OUTLETS
from coalition.campaigns.media_package.outlets.takers import takers_among
from coalition.campaigns.media_package.queries import renditions_of_file, renditions_of_item
from coalition.consent.items import register_takers
from coalition.mail.outbox import register_mail_category
from coalition.workspaces.capability import Capability
from documents.files.consent import FILE


def _connect() -> None:
    register_mail_category(MAIL_CATEGORY, MAILS)
    register_takers(MEDIA_ITEM, lambda key: takers_among(renditions_of_item(key)))
    register_takers(FILE, lambda key: takers_among(renditions_of_file(key)))
    register_item_column()


PACKAGE_OUTLETS = Capability(
    name="package_outlets",
    urls="coalition.campaigns.media_package.outlets.urls",
    audit_actions={
        "media_package.link_given": _("An outlet got a link to a media package"),
        "media_package.link_sent": _("The link to a media package was mailed to an outlet"),
        "media_package.link_ended": _("An outlet's link to a media package was ended"),
        "media_package.embargo_agreed": _("An outlet agreed to the embargo of a media package"),
        "media_item.airing_logged": _("An outlet logged the airing of an item of a media package"),
        "media_item.coverage_attached": _("Coverage was attached to an item of a media package"),
        "media_item.coverage_detached": _("Coverage was taken off an item of a media package"),
    },
    retention_rules=(OUTLETS,),
    waiting=(packages_for_newsroom,),
    connect=_connect,
)
