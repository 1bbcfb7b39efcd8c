"""How supporters are asked, proved and found again (`coalition.applicants`)."""

from typing import Any, Final

from django.utils.translation import override

from coalition.applicants.flow import Flow
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.appeals.models import Support
from coalition.campaigns.appeals.titles import title_of

PROVED: Final = (SupportState.COUNTED, SupportState.HELD, SupportState.SET_ASIDE)  # by the link in a mail


def _mail_context(support: Support) -> dict[str, Any]:
    with override(support.language):
        return {"title": title_of(support.version.publication)}


SUPPORT: Final = Flow[Support](
    purpose="campaigns.support",
    model=Support,
    own_page="support_link",
    mail_template="campaigns/support_confirm",
    mail_context=_mail_context,
)
