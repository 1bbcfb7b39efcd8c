"""The page behind the link: GET shows, POST acts, and who is held sees what everybody sees."""

import pytest
from django.conf import settings
from django.utils.translation import override

from coalition.campaigns.appeals.counting import count_of
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.models import AppealVersion, Hold, Support, SupportTotal
from coalition.core.clock import now
from tests.campaigns.appeals.builders import ADDRESS, ask, support
from tests.campaigns.appeals.factories import AppealVersionFactory, SupportFactory, open_appeal
from tests.campaigns.appeals.test_counting import code
from tests.campaigns.appeals.test_support import close, offer
from tests.documents.approval.builders import Stage, stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


@pytest.fixture
def made() -> Stage:
    return stage()


@pytest.fixture
def version(made: Stage) -> AppealVersion:
    return open_appeal("kk", "en", made=made)


def own(row: Support) -> str:
    return SUPPORT.path(row)


def main(answer) -> str:
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def test_before_the_press_it_says_what_will_be_counted(client, made, version):
    offer(version, made)
    ask(version, name="Айгүл", is_listed=True, contact=(made.organisations[0],))
    page = main(client.get(own(Support.objects.get())))
    assert "csrfmiddlewaretoken" not in page
    for said in ("Almaty", "Айгүл", f"{made.organisations[0].name_en} may write to me", "Confirm"):
        assert said in page
    assert ADDRESS not in page


@pytest.mark.parametrize("state", ["held", "set_aside"])
def test_who_is_held_sees_what_everybody_sees(client, version, state):
    def shown(row: Support) -> str:
        return main(client.get(own(row))).replace(str(row.uuid), "")

    hold = Hold.objects.create(appeal=version.appeal, rule="one_pattern", made_at=now())
    counted = SupportFactory(version=version)
    held = SupportFactory(version=version, state=state, hold=hold, address=ADDRESS)
    assert shown(counted) == shown(held)
    assert "Your support is counted" in shown(held)


def test_it_speaks_the_language_of_the_mail(client, version):
    row = SupportFactory(version=version, language="kk")
    assert own(row).startswith("/kk/support/link/")
    for language in ("kk", "en"):  # who asks again in another language gets a mail in it
        answer = client.get(own(row).replace("/kk/", f"/{language}/"))
        assert answer["Content-Language"] == language
        assert f'<html lang="{language}">' in answer.content.decode()


def test_ticks_are_changed_and_a_name_is_asked_for_beside_the_field(client, version):
    row = support(version)
    answer = client.post(own(row), {"act": "change", "is_listed": "on", "name": ""})
    assert answer.status_code == 422
    assert "Write your name" in answer.context["form"].errors["name"][0]
    answer = client.post(own(row), {"act": "change", "is_listed": "on", "name": "=1+1"})
    assert answer.status_code == 422
    assert 'value="=1+1"' in main(answer)
    assert client.post(own(row), {"act": "change", "is_listed": "on", "name": "Айгүл"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.is_listed) == ("Айгүл", True)
    client.post(own(row), {"act": "change", "name": "Айгүл"})
    row.refresh_from_db()
    assert (row.name, row.is_listed) == ("", False)


def test_each_consent_is_ended_by_itself(client, made, version):
    offer(version, made, 0)
    offer(version, made, 1)
    row = support(version, contact=tuple(made.organisations))
    page = main(client.get(own(row)))
    assert page.count('name="organisation"') == 2
    for organisation in made.organisations:
        client.post(own(row), {"act": "end", "organisation": str(organisation.uuid)})
    page = main(client.get(own(row)))
    assert "your address is not kept" in page
    row.refresh_from_db()
    assert row.address == ""
    assert client.post(own(row), {"act": "end", "organisation": "x"}).status_code == 400


def test_a_link_that_leads_to_nothing_any_more_says_so_and_where_to_ask(client, version):
    answer = client.get("/en/support/link/kR4nary/")
    assert answer.status_code == 404
    page = main(answer)
    assert "There is nothing behind this link any more" in page
    assert 'href="/en/support/for-a-law/"' in page
    assert answer["Cache-Control"] == "no-store, private"
    assert client.post("/en/support/link/kR4nary/", {"act": "confirm"}).status_code == 404


def test_what_was_never_confirmed_can_be_deleted(client, version):
    ask(version)
    answer = client.post(own(Support.objects.get()), {"act": "withdraw"})
    assert "What was written is deleted" in main(answer)
    assert not Support.objects.exists()


def test_after_closing_a_link_confirms_nothing_and_says_so(client, version):
    ask(version)
    row = Support.objects.get()
    close(version)
    assert "takes no more support" in main(client.get(own(row)))
    assert 'value="confirm"' not in main(client.get(own(row)))
    answer = client.post(own(row), {"act": "confirm"})
    assert answer.status_code == 409
    assert "takes no more support" in main(answer)
    assert count_of(version) == 0


def test_other_words_are_offered_and_nobody_is_carried_over(client, version):
    ask(version)
    row, counted = Support.objects.get(), support(version, "b@mail.example")
    AppealVersionFactory(appeal=version.appeal, publication=version.publication, number=2)
    for one in (row, counted):
        page = main(client.get(own(one)))
        assert "words of this appeal are others now" in page
        assert 'href="/en/support/for-a-law/"' in page
    assert client.post(own(row), {"act": "confirm"}).status_code == 409
    assert client.post(own(counted), {"act": "withdraw"}).status_code == 302
    assert count_of(version) == 0


def test_what_is_passed_on_holds_nothing_of_the_supporter(client, version):
    code(version)
    row = support(version, name="Canary", is_listed=True, code="ABCD2345")
    page = main(client.get(own(row)))
    with override("en"):
        credited = f"{settings.SITE_URL}/en/support/for-a-law/from/ABCD2345/"
    assert credited.replace(":", "%3A").replace("/", "%2F") in page
    share = page.partition('id="share"')[2].partition("</section>")[0]
    assert "Canary" not in share
    assert SUPPORT.token(row) not in share
    assert 'href="/en/support/for-a-law/from/ABCD2345/story.png"' in share


def test_an_unknown_press_changes_nothing(client, version):
    row = support(version)
    assert client.post(own(row), {"act": "x"}).status_code == 400
    assert count_of(version) == 1


@pytest.mark.parametrize(("count", "said"), [(9, False), (10, True)])
def test_the_number_is_said_only_where_it_hides_who_is_held(client, version, count, said):
    """With 0 beside it, somebody who is held would know it."""
    SupportTotal.objects.create(version=version, region="KZ-75", language="en", count=count)
    page = main(client.get(own(SupportFactory(version=version))))
    assert ("people support it, with you" in page) is said
    assert ("You are among the first" in page) is not said
