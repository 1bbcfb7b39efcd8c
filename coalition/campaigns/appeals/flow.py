"""How supporters are asked, proved and found again (`coalition.applicants`)."""

from typing import Final

from coalition.applicants.flow import Flow
from coalition.campaigns.appeals.models import Support

SUPPORT: Final = Flow[Support](
    purpose="campaigns.support",
    model=Support,
    own_page="support_link",
    mail_template="campaigns/support_confirm",
    related=("appeal", "version", "referral"),
)
