"""How those who leave an address for corrections prove it and find it again (`coalition.applicants`)."""

from typing import Any, Final

from coalition.applicants.flow import Flow
from coalition.campaigns.media_package.models import CorrectionAddress


def _mail_context(row: CorrectionAddress) -> dict[str, Any]:
    return {"title": row.package.title.in_language(row.language)}


ADDRESSES: Final = Flow[CorrectionAddress](
    purpose="campaigns.media_address",
    model=CorrectionAddress,
    own_page="media_address",
    mail_template="campaigns/media_address_link",
    mail_context=_mail_context,
    related=("package",),
)
