"""What this capability hands to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.media_package.gate import MEDIA_ITEM
from coalition.campaigns.media_package.notices.automatic import (
    TELL_CORRECTION,
    follow_consent,
    show_nothing,
    tell_of_correction,
    tell_of_withdrawal,
    tell_when_set,
)
from coalition.campaigns.media_package.notices.dashboard import outlets_to_call
from coalition.campaigns.media_package.notices.queries import takers_among
from coalition.campaigns.media_package.notices.retention import ADDRESSES_RULE, PEOPLE_RULE
from coalition.campaigns.media_package.notices.untold import outlets_to_tell
from coalition.campaigns.media_package.queries import renditions_of_file, renditions_of_item
from coalition.consent.items import register_change_listener, register_takers
from coalition.workspaces.capability import Capability
from documents.files.consent import FILE
from documents.hooks import HOOKS, Hooks
from documents.publication.hooks import register_presenter


def _connect() -> None:
    HOOKS.extend(Hooks(corrected=[tell_of_correction]))
    register_presenter(show_nothing, tell_of_withdrawal)
    register_change_listener(follow_consent)
    register_takers(MEDIA_ITEM, lambda key: takers_among(renditions_of_item(key)))
    register_takers(FILE, lambda key: takers_among(renditions_of_file(key)))


PACKAGE_NOTICES = Capability(
    name="package_notices",
    urls="coalition.campaigns.media_package.notices.urls",
    audit_actions={
        "media_notice.sent": _("A notice about an item of a media package was sent"),
        "media_notice.answered": _("An answer to a notice about an item was recorded"),
        "media_notice.called": _("An outlet was called about a notice and not reached"),
    },
    due_work={TELL_CORRECTION: tell_when_set},
    retention_rules=(ADDRESSES_RULE, PEOPLE_RULE),
    seated=(outlets_to_call, outlets_to_tell),
    connect=_connect,
)
