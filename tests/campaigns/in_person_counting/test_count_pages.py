"""The pages of counting: two presses from the notification, and no number before both have counted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.accounts.models import Listing, Organisation
from coalition.campaigns.core.count_notifications import SECOND
from coalition.campaigns.in_person.counting.actions import close_table, count_sheets, give_count
from coalition.campaigns.in_person.counting.presenters import counts_summary
from coalition.campaigns.models import Tally
from coalition.core.clock import freeze_clock_at, now
from coalition.roles import SeatRole
from coalition.workspaces.models import Notification
from coalition.workspaces.notifications.kinds import all_notification_subjects
from tests.campaigns.in_person_sheets.builders import KOSTANAY
from tests.factories import seat

pytestmark = pytest.mark.django_db
NUMBER = 4711  # a count that nobody else may see yet


def at(here, name="counts", *args):
    return reverse(f"campaigns:{name}", args=[here.made.workspace.uuid, *args])


def at_count(tally, name="count"):
    return reverse(f"campaigns:{name}", args=[tally.uuid])


def at_table(table):
    return reverse("campaigns:table_counting", args=[table.uuid])


def text(answer):
    return answer.content.decode()


@pytest.fixture
def browser(here, client_of):
    return client_of(here.made.coordinator)


def close(here, count=NUMBER, **given):
    return close_table(access=here.access, table=here.table(**given), count=count)


def test_a_table_is_closed_on_one_page(here, browser):
    table = here.table()
    assert "Library" in text(browser.get(at(here)))
    answer = browser.post(at_table(table), {"count": "63"}, follow=True)
    assert "The table is closed: you are done." in text(answer)
    assert browser.get(at_table(table)).url == at_count(Tally.objects.get())


def test_from_the_notification_to_the_settled_count_are_two_presses(here, client_of):
    second = here.person()
    tally = close(here)
    note = Notification.objects.get(kind=SECOND, person=second)
    described = all_notification_subjects()["tally"].describe([note.subject])[note.subject]
    phone = client_of(second)
    page = text(phone.get(described.url))
    assert "Save my count" in page
    assert "Second count" in page
    assert "Counted by two: 4711" in text(phone.post(described.url, {"count": NUMBER}, follow=True))
    assert Tally.objects.get(pk=tally.pk).count == NUMBER
    note.refresh_from_db()
    assert note.read_at is not None


def test_nobody_sees_the_number_before_both_have_counted(here, browser, client_of):
    second, reader = here.person(), here.person(role=SeatRole.REVIEWER)
    tally = close(here)
    assert str(NUMBER) in text(browser.get(at_count(tally)))
    for person in (second, reader):
        for address in (at_count(tally), at(here)):
            assert str(NUMBER) not in text(client_of(person).get(address))
    give_count(access=here.access_of(second), tally=tally, count=NUMBER - 1)
    for person in (second, reader):
        page = text(client_of(person).get(at_count(tally)))
        assert str(NUMBER) in page
        assert str(NUMBER - 1) in page


def test_who_cannot_count_reads_why(here, client_of):
    here.person()
    tally = close(here)
    mate = client_of(here.person(here.access.organisation))
    page = text(mate.get(at_count(tally)))
    assert "Somebody of another one counts now" in page
    assert "Save my count" not in page
    answer = mate.post(at_count(tally), {"count": "5"})
    assert answer.status_code == 422
    assert "Somebody of another one counts now" in text(answer)


def test_the_read_back_needs_no_choice_and_after_72_hours_says_what_to_do(here, client_of):
    tally = close(here, region="KZ-79")
    mate = here.person(here.access.organisation)
    phone = client_of(mate)
    page = text(phone.get(at_count(tally)))
    assert "Call the person who counted" in page
    assert 'name="method"' not in page
    late = tally.counts.get().at.replace(year=2020)
    tally.counts.update(at=late)
    page = text(phone.get(at_count(tally)))
    assert "72 hours have passed" in page
    assert "Save my count" not in page
    tally.counts.update(at=now())
    phone.post(at_count(tally), {"count": NUMBER})
    assert Tally.objects.get().by_telephone
    assert "read back by telephone" in text(phone.get(at(here)))


def test_somebody_from_elsewhere_says_how_they_counted(here, client_of):
    tally = close(here, region="KZ-79")
    far = client_of(here.person(regions=[KOSTANAY]))
    assert 'name="method"' in text(far.get(at_count(tally)))
    far.post(at_count(tally), {"count": NUMBER, "method": "at_hand"})
    found = Tally.objects.get()
    assert (found.count, found.by_telephone) == (NUMBER, False)


def test_a_difference_is_shown_and_settled_on_the_page(here, browser, client_of):
    tally = close(here, 63)
    second = client_of(here.person())
    page = text(second.post(at_count(tally), {"count": "61"}, follow=True))
    assert "Your counts differ" in page
    assert "Count again" in text(browser.get(at_count(tally)))
    page = text(browser.post(at_count(tally), {"count": "61"}, follow=True))
    assert "Counted by two: 61" in page


def test_what_was_typed_wrongly_stays(here, browser, client_of):
    tally = close(here, 63)
    answer = client_of(here.person()).post(at_count(tally), {"count": "100001"})
    assert answer.status_code == 422
    assert 'value="100001"' in text(answer)
    here.returned(3)
    given = {"appeal": here.appeal.uuid, "numbers": "2–9", "count": "40"}
    answer = browser.post(at(here), given)
    assert answer.status_code == 422
    assert "No sheet of this appeal has the number 4–9" in text(answer)
    assert 'value="2–9"' in text(answer)


def test_a_bundle_is_made_on_the_list_and_dissolved_again(here, browser):
    here.returned(3)
    assert "Returned and not counted: 1–3" in text(browser.get(at(here)))
    given = {"appeal": here.appeal.uuid, "numbers": "1–3", "count": "40"}
    page = text(browser.post(at(here), given, follow=True))
    assert "Sheets 1–3" in page
    tally = Tally.objects.get()
    answer = browser.post(at_count(tally, "count_take_back"), follow=True)
    assert answer.redirect_chain[-1][0] == at(here)
    assert "Returned and not counted: 1–3" in text(answer)
    assert browser.get(at_count(tally)).status_code == 404


def test_an_earlier_text_is_said_beside_its_count(here, browser):
    tally = close(here)
    assert "another text by now" not in text(browser.get(at_count(tally)))
    here.new_words()
    assert "another text by now" in text(browser.get(at_count(tally)))


def test_who_gets_in(here, client_of):
    tally = close(here)
    table = here.table()
    addresses = [at(here), at_count(tally)]
    closing = at_table(table)
    reviewer = client_of(here.person(role=SeatRole.REVIEWER))
    assert [reviewer.get(one).status_code for one in addresses] == [200, 200]
    assert reviewer.get(closing).status_code == 403
    assert reviewer.post(at_count(tally), {"count": "1"}).status_code == 403
    assert reviewer.post(at_count(tally, "count_take_back")).status_code == 403
    observer = client_of(here.person(role=SeatRole.OBSERVER))
    assert [observer.get(one).status_code for one in (*addresses, closing)] == [403, 404, 404]
    outsider = client_of(seat(role=SeatRole.COORDINATOR).person)
    assert {outsider.get(one).status_code for one in (*addresses, closing)} == {404}
    assert client_of(here.person()).get(closing).status_code == 403


def test_a_confidential_name_is_shown_to_nobody_who_may_not_read_it(here, client_of):
    hidden = here.other(listing=Listing.CONFIDENTIAL, name_en="Canary Shelter", regions=["KZ-79"])
    hidden.user.name = "Canary Counter"
    hidden.user.save()
    tally = close_table(access=hidden, table=here.table(hidden.organisation), count=1)
    browser = client_of(here.person())
    for address in (at(here), at_count(tally)):
        page = text(browser.get(address))
        assert "Canary" not in page
        assert hidden.organisation.code in page


def test_the_list_costs_the_same_for_one_and_three(here, browser):
    def queries():
        browser.get(at(here))
        with CaptureQueriesContext(connection) as found:
            assert browser.get(at(here)).status_code == 200
        return len(found)

    here.returned(9)
    close(here)
    before = queries()
    for numbers in ([1, 2], [3]):
        count_sheets(access=here.access, appeal=here.appeal, numbers=numbers, count=1)
    here.table()
    between = queries()
    here.table()
    assert between <= before + 1  # the list of tables that are to be closed
    assert queries() == between


def test_the_section_says_what_waits(here, django_assert_num_queries):
    access = here.access
    assert counts_summary(access).text == "Nothing is counted yet."
    tally = close(here, 1)
    close(here)
    give_count(access=here.other(), tally=tally, count=1)
    with django_assert_num_queries(1):
        found = counts_summary(access)
    assert found.text == "1 count is settled, 1 waiting."
    assert found.needs_attention


def test_the_deadline_is_shown(here, client_of):
    with freeze_clock_at(now()):
        tally = close(here)
    assert "until" in text(client_of(here.person()).get(at_count(tally)))


def test_whoever_is_alone_after_a_count_by_telephone_counts_with_the_papers(here, browser, client_of):
    Organisation.objects.exclude(pk=here.access.organisation.pk).update(regions=[])
    tally = close(here)
    second, third = here.person(here.access.organisation), here.person(here.access.organisation)
    phone = client_of(second)
    phone.post(at_count(tally), {"count": NUMBER - 1})
    browser.post(at_count(tally, "count_take_back"))
    answer = client_of(third).post(at_count(tally), {"count": NUMBER - 1}, follow=True)
    assert "Counted by two: 4710" in text(answer)
