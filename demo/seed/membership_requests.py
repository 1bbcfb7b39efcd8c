"""Requests for membership: the form, the confirmation by mail, the vouches."""

from functools import partial

from coalition.accounts.actions.admission import confirm_request, request_membership, vouch
from coalition.accounts.models import MembershipRequest
from coalition.mail import outbox
from demo.load import Demo, Record
from demo.seed.accounts import Accounts, mark_as_demo
from demo.seed.history import History


def plan_requests(demo: Demo, accounts: Accounts, history: History) -> None:
    """Plan every request and its vouches."""
    for record in demo.requests:
        made: list[MembershipRequest] = []
        history.add(record["days_ago"], partial(_ask, record, made))
        for one in record["vouches"]:
            history.add(one["days_ago"], partial(_vouch, demo, accounts, one, made))


def _ask(record: Record, made: list[MembershipRequest]) -> None:
    row = request_membership(
        name=record["name"],
        region=record["region"],
        why=record["why"],
        contact=record["contact"],
        address=record["email"],
        language=record["language"],
    )
    if row is None:
        raise LookupError(record["id"])
    outbox.delete_waiting_mail(about=f"membership-confirm:{row.uuid}")
    confirm_request(request=row)
    outbox.delete_waiting_mail(
        about=f"membership-asked:{row.uuid}"
    )  # a secretariat may be there that is not the demo's
    mark_as_demo(row)
    made.append(row)


def _vouch(demo: Demo, accounts: Accounts, record: Record, made: list[MembershipRequest]) -> None:
    person = accounts.people[demo.representative_of(record["organisation"])["email"]]
    for row in made:
        vouch(by=person, request=row, organisation=accounts.organisations[record["organisation"]])
