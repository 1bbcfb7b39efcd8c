"""What agreements of the coalition hand over to `documents.registry`."""

from coalition.workspaces.seat_conditions import register_seat_condition
from documents.agreement import messages
from documents.agreement.actions import REQUIRE, require_agreement
from documents.agreement.admission import agreement_page_for, missing_acceptances
from documents.agreement.queries import has_accepted
from documents.capability import Capability


def _connect() -> None:
    register_seat_condition(has_accepted, agreement_page_for, missing_acceptances)


AGREEMENT = Capability(
    name="agreement",
    urls="documents.agreement.urls",
    audit_actions=messages.ACTIONS,
    activities=messages.ACTIVITIES,
    due_work={REQUIRE: require_agreement},
    connect=_connect,
)
