"""What agreements of the coalition hand over to `documents.registry`."""

from coalition.workspaces.seat_conditions import register_seat_condition
from documents.agreement import messages
from documents.agreement.actions import REQUIRE, require_agreement
from documents.agreement.admission import not_accepted, way_in
from documents.agreement.queries import has_accepted
from documents.capability import Capability


def _connect() -> None:
    register_seat_condition(has_accepted, way_in, not_accepted)


AGREEMENT = Capability(
    name="agreement",
    urls="documents.agreement.urls",
    audit_actions=messages.ACTIONS,
    activities=messages.ACTIVITIES,
    due_work={REQUIRE: require_agreement},
    connect=_connect,
)
