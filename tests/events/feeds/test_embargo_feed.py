"""The calendar of somebody of an outlet: what they agreed to, what becomes of it, when it is like none."""

import datetime
import re

import icalendar
import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalition.accounts.models import Membership, Organisation
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail.outbox import deliver_due
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.contacts.actions import archive_contact, forget_contact
from documents.drafts.access import NoSuchLink
from documents.drafts.actions.manage import create_draft
from documents.models import EmbargoFeed, Publication
from documents.publication.actions import publish_approved, withdraw_publication
from documents.publication.embargo.actions import (
    agree_to_embargo,
    end_feed,
    request_feed,
    revoke_access,
    schedule_publication,
    send_feed,
    unschedule_publication,
)
from documents.publication.queries import contacts_with
from tests.documents.approval.builders import stage
from tests.documents.publication.embargo.builders import (
    HOUR,
    contact,
    let_the_moment_come,
    offered,
    reader,
    scheduled,
    token_in_mail_of_feed,
)
from tests.factories import FreezeFactory, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
TITLE = "A law on harassment"


def address(token: str) -> str:
    return f"/calendar/press/{token}.ics"


def told(token: str) -> list[icalendar.Event]:
    answer = Client().get(address(token))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"
    return icalendar.Calendar.from_ical(answer.content).walk("VEVENT")


def another_text(made):
    made.draft = create_draft(access=made.access, title="Another")
    return made


def feed_of(made, publication):
    """Somebody who agreed, with the token of their calendar."""
    access, token = reader(made, publication)
    return access, token_in_mail_of_feed(request_feed(token=token))


def test_it_shows_the_moment_and_the_title_of_what_was_agreed_to():
    made = stage()
    publication = scheduled(made, "kk", "en")
    access, feed = feed_of(made, publication)
    [entry] = told(feed)
    assert str(entry["summary"]) == f"Embargo ends: {TITLE}"
    assert entry.decoded("dtstart") == publication.scheduled_at.replace(microsecond=0)
    assert "dtend" not in entry
    assert (entry["class"], entry["transp"]) == ("CONFIDENTIAL", "TRANSPARENT")
    assert str(entry["uid"]).startswith(str(access.uuid))
    words = Client().get(address(feed)).content.decode()
    assert "We ask for a law" not in words
    assert "Qala" not in words
    assert str(publication.uuid) not in words


def test_before_the_agreement_nothing_of_a_text_is_told():
    made = stage()
    who, first = contact(made), scheduled(made)
    other = scheduled(another_text(made))
    _access, token = offered(made, first, who)
    agree_to_embargo(token=token)
    feed = token_in_mail_of_feed(request_feed(token=token))
    offered(made, other, who)
    assert len(told(feed)) == 1


def test_who_has_not_agreed_gets_no_address():
    made = stage()
    _access, token = offered(made, scheduled(made))
    with pytest.raises(NoSuchLink):
        request_feed(token=token)


def test_the_address_goes_to_the_person_alone():
    made = stage()
    _access, token = reader(made, scheduled(made))
    feed = request_feed(token=token)
    deliver_due()
    message = mail.outbox[-1]
    assert message.to == ["press0@outlet.example"]
    assert "/calendar/press/" in message.body
    assert TITLE not in message.subject + message.body
    assert not [value for value in vars(feed).values() if str(value) in message.body and len(str(value)) > 20]


@pytest.mark.parametrize("how", ["lifted early", "its moment came"])
def test_the_entry_changes_at_once_when_it_is_public(how):
    made = stage()
    publication = scheduled(made, "kk", "en")
    _access, feed = feed_of(made, publication)
    [before] = told(feed)
    if how == "lifted early":
        publish_approved(access=made.access, round_=publication.round)
    else:
        let_the_moment_come(publication)
    [after] = told(feed)
    publication.refresh_from_db()
    assert str(after["summary"]) == f"Free to publish: {TITLE}"
    assert after.decoded("dtstart") == publication.published_at.replace(microsecond=0)
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert after.decoded("dtstamp") >= before.decoded("dtstamp")
    assert str(publication.uuid) in str(after["url"])


def test_another_moment_moves_it():
    made = stage()
    publication = scheduled(made)
    _access, feed = feed_of(made, publication)
    [before] = told(feed)
    schedule_publication(access=made.access, round_=publication.round, at=publication.scheduled_at + HOUR)
    [after] = told(feed)
    assert after.decoded("dtstart") - before.decoded("dtstart") == HOUR
    assert after["sequence"] > before["sequence"]


def test_what_is_put_off_is_cancelled_and_has_no_title():
    made = stage()
    publication = scheduled(made)
    _access, feed = feed_of(made, publication)
    [before] = told(feed)
    unschedule_publication(access=made.access, publication=publication)
    [after] = told(feed)
    assert after["status"] == "CANCELLED"
    assert TITLE not in str(after.to_ical())
    assert after["sequence"] > before["sequence"]
    with time_machine.travel(now() + datetime.timedelta(days=61)):
        assert told(feed) == []


def test_a_withdrawn_text_has_no_title_either():
    made = stage()
    publication = scheduled(made)
    _access, feed = feed_of(made, publication)
    publish_approved(access=made.access, round_=publication.round)
    withdraw_publication(access=made.access, publication=publication, note="Wrong.")
    [entry] = told(feed)
    assert TITLE not in str(entry.to_ical())
    assert str(publication.uuid) in str(entry["url"])


def test_what_is_taken_back_leaves_it():
    made = stage()
    access, feed = feed_of(made, scheduled(made))
    revoke_access(access=made.access, embargo=access)
    assert told(feed) == []


@pytest.mark.parametrize("why", ["ended", "removed", "frozen", "left", "nobody", "new address"])
def test_an_address_that_ended_is_like_one_that_never_was(why):
    made = stage()
    access, token = reader(made, scheduled(made))
    feed = token_in_mail_of_feed(request_feed(token=token))
    assert len(told(feed)) == 1
    who = contact_of(access)
    if why == "ended":
        end_feed(access=made.access, contact=who)
    elif why == "removed":
        forget_contact(archive_contact(access=made.access, contact=who).uuid)
    elif why == "frozen":
        FreezeFactory(organisation=made.organisations[0], frozen_at=now())
    elif why == "left":
        Organisation.objects.filter(pk=made.organisations[0].pk).update(left_at=now())
    elif why == "nobody":
        Membership.objects.filter(organisation=made.organisations[0]).update(ended_at=now())
    else:
        with time_machine.travel(now() + HOUR):
            send_feed(access=made.access, embargo=access)
    assert said(feed) == said("x" * 43)


def said(token: str) -> str:
    """What an address that opens nothing answers, without the address and what differs at every request."""
    answer = Client().get(address(token))
    assert answer.status_code == 404
    words = answer.content.decode().replace(token, "here")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", words)


def contact_of(access):
    return contacts_with([access.contact])[access.contact]


def test_only_the_organisation_that_brought_the_contact_sends_and_ends():
    made = stage()
    access, _token = reader(made, scheduled(made))
    other = seat(workspace=made.workspace, role="coordinator").person
    theirs = access_to(other, made.workspace.uuid)
    with pytest.raises(NotAllowed):
        send_feed(access=theirs, embargo=access)
    with pytest.raises(NotAllowed):
        end_feed(access=theirs, contact=contact_of(access))
    assert send_feed(access=made.access, embargo=access)


def test_two_presses_send_one_mail():
    made = stage()
    _access, token = reader(made, scheduled(made))
    request_feed(token=token)
    with pytest.raises(Refused, match="few minutes"):
        request_feed(token=token)
    assert EmbargoFeed.objects.filter(ended_at=None).count() == 1


def test_who_has_it_already_is_answered_304_until_something_changes():
    made = stage()
    publication = scheduled(made)
    _access, feed = feed_of(made, publication)
    etag = Client().get(address(feed))["ETag"]
    again = Client().get(address(feed), headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    publish_approved(access=made.access, round_=publication.round)
    assert Client().get(address(feed), headers={"if-none-match": etag}).status_code == 200


def test_while_something_is_under_embargo_it_asks_to_be_read_every_minute():
    made = stage()
    publication = scheduled(made)
    _access, feed = feed_of(made, publication)
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1M" in Client().get(address(feed)).content.decode()
    publish_approved(access=made.access, round_=publication.round)
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in Client().get(address(feed)).content.decode()


def test_it_costs_the_same_however_much_it_holds():
    made = stage()
    who, costs, feed = contact(made), [], ""
    for many in (1, 3):
        while Publication.objects.count() < many:
            another_text(made)
            _access, token = offered(made, scheduled(made), who)
            agree_to_embargo(token=token)
            feed = feed or token_in_mail_of_feed(request_feed(token=token))
        told(feed)
        with CaptureQueriesContext(connection) as queries:
            assert len(told(feed)) == many
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_its_use_is_noted_once_an_hour():
    made = stage()
    _access, feed = feed_of(made, scheduled(made))
    told(feed)
    noted = EmbargoFeed.objects.get().last_used_at
    assert noted
    told(feed)
    assert EmbargoFeed.objects.get().last_used_at == noted
