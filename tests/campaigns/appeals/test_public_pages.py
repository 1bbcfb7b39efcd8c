"""The page of an appeal: for everybody the same and kept by caches, and what is posted to it."""

import gzip
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from coalition.applicants.views import new_stamp
from coalition.campaigns.appeals.counting import add_up_changes, count_of
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.appeals.views.public import FORM, MOST_FROM_ONE_PLACE, NAMES_ON_A_PAGE, AppealView
from coalition.campaigns.counters.subjects import subject_at
from coalition.campaigns.models import AppealVersion, Support, SupportTotal
from coalition.core.clock import now
from coalition.mail.models import OutboxMail
from documents.publication.actions import publish_approved, withdraw_publication
from documents.publication.models import TakenOff
from tests.campaigns.appeals.builders import ADDRESS, ask, support
from tests.campaigns.appeals.factories import AppealVersionFactory, SupportFactory, open_appeal
from tests.campaigns.appeals.test_counting import code
from tests.campaigns.appeals.test_support import close, mails, offer
from tests.documents.approval.builders import Stage, stage, withheld
from tests.filled import filled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
PAGE = "/en/support/for-a-law/"
OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def made() -> Stage:
    return stage()


@pytest.fixture
def version(made: Stage) -> AppealVersion:
    return open_appeal("kk", "en", made=made)


def words(version: AppealVersion, **given: object) -> dict[str, object]:
    return {
        "version": str(version.uuid),
        "stamp": new_stamp(FORM),
        "leave_empty": "",
        "address": ADDRESS,
        "region": "KZ-75",
        "name": "",
        **given,
    }


def post(client: Client, version: AppealVersion, *, path: str = PAGE, headers=OWN, **given: object):
    return client.post(path, words(version, **given), headers=headers)


def text(answer) -> str:
    return answer.content.decode()


def test_from_the_page_to_the_withdrawal(client, version):
    page = client.get(PAGE)
    assert page.status_code == 200
    assert not page.cookies
    assert "We ask for a law, in en." in text(page)
    assert "It is not an official petition under the law." in text(page)
    stamp = re.search(r'name="stamp" value="([^"]+)"', text(page))[1]
    sent = post(client, version, stamp=stamp)
    assert (sent.status_code, sent["Location"]) == (302, f"{PAGE}sent/")
    assert not sent.cookies
    assert "A mail is on its way" in text(client.get(sent["Location"]))
    link = SUPPORT.path(Support.objects.get())
    shown = client.get(link)
    assert (shown.status_code, shown["Referrer-Policy"], shown["Cache-Control"]) == (
        200,
        "strict-origin",
        "no-store, private",
    )
    assert "Confirm your support" in text(shown)
    assert count_of(version) == 0, "a scanner that opens the link counts nothing"
    assert client.post(link, {"act": "confirm"})["Location"] == link
    counted = text(client.get(link))
    assert "Your support is counted" in counted
    assert "wa.me" in counted
    assert "t.me" in counted
    assert count_of(version) == 1
    client.post(link, {"act": "withdraw"})
    assert "You took your support back" in text(client.get(link))
    assert count_of(version) == 0


def test_the_page_is_the_same_for_everybody_and_kept_for_seconds(client, version, client_of, made, settings):
    settings.PAGES_KEPT = 60
    stranger = client.get(PAGE)
    member = client_of(made.coordinator).get(PAGE)
    assert text(stranger) == text(member)
    assert not stranger.cookies
    assert stranger["Cache-Control"] == "public, no-cache"
    assert stranger["Referrer-Policy"] == "same-origin"
    assert "Vary" not in stranger
    assert stranger.proxy_max_age == 5


def test_the_page_counts_a_support_at_once(client, version):
    first = client.get(PAGE)
    support(version)
    second = client.get(PAGE)
    assert "<b>0</b>" in text(first)
    assert "<b>1</b>" in text(second)


def test_the_answer_is_the_same_whatever_is_known_of_the_mailbox(client, version):
    states = ["unconfirmed", "counted", "held", "set_aside"]
    for state in states:
        SupportFactory(version=version, mailbox=f"{state}@mail.example", state=state)
    answers = [post(client, version, address=f"{state}@mail.example") for state in ["unknown", *states]]
    for answer in answers:
        del answer["Expires"]  # the second of the answer
    compared = [(one.status_code, one.content, sorted(one.items())) for one in answers]
    assert compared == [compared[0]] * len(compared)
    assert mails().count() == 5


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("address", "", "required"),
        ("address", "aru", "valid email"),
        ("address", "aru@mail.example\r\nBcc: all@mail.example", "valid email"),
        ("address", "a" * 5000 + "@mail.example", "valid email"),
        ("address", "ar\u200bu@mail.example", "email"),
        ("address", "aru@gm\u0430il.com", "two alphabets"),
        ("region", "", "required"),
        ("region", "XX-99", "valid choice"),
        ("name", "", "Write your name"),
        ("name", "x" * 5000, "at most 120"),
        ("name", "=HYPERLINK(1)", "letter"),
        ("name", "+7 701", "begins with a letter"),
        ("name", "@aru", "website"),
        ("name", "Aru https://x.example", "website"),
        ("name", "Aru\r\nBcc: x", "one line"),
        ("name", "Aru\u202eara", "one line"),
        ("name", "Ar\u200bu", "one line"),
    ],
)
def test_bad_input_is_refused_beside_the_field_and_nothing_typed_is_lost(client, version, field, value, said):
    given = {"name": "Айгүл", "is_listed": "on", "in_hand_over": "on", "region": "KZ-71", field: value}
    answer = post(client, version, **given)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert said.lower() in form.errors[field][0].lower()
    page = text(answer)
    assert f'aria-describedby="id_{field}' in page
    assert page.count("checked") >= 2
    for kept in {"name": "Айгүл", "address": ADDRESS, "region": '"KZ-71" selected'}.items() - {(field, "")}:
        assert kept[0] == field or kept[1] in page
    assert not Support.objects.exists()
    assert not mails().exists()
    assert "no-store" in answer["Cache-Control"]


def test_names_as_people_have_them_are_taken(client, version):
    for number, name in enumerate(["Айгүл Әбенова", "O’Neill Seán", "Ә. Қ.", "Жан-Пьер"]):
        answer = post(client, version, address=f"a{number}@mail.example", name=name, is_listed="on")
        assert answer.status_code == 302, name


def test_without_a_tick_no_name_is_needed_or_stored(client, version):
    assert post(client, version, name="Canary").status_code == 302
    assert Support.objects.get().name == ""


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://foreign.example"}, {"Origin": "null"}]
)
def test_posts_from_other_sites_are_refused_in_words(client, version, headers):
    answer = post(client, version, headers=headers)
    assert answer.status_code == 403
    assert "did not come from our own page" in text(answer)
    assert ADDRESS in text(answer), "browsers inside of other programs may say nothing of where they are"
    assert not Support.objects.exists()


def test_posts_from_other_sites_are_counted_before_a_page_is_drawn(client, version, monkeypatch):
    monkeypatch.setattr(AppealView, "most_from_one_place", 1)
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert [post(client, version, headers=foreign).status_code for _time in "12"] == [403, 429]


def test_mail_goes_to_the_domain_as_it_is_mapped(client, version, mailoutbox):
    assert post(client, version, address="aru@１２.kz").status_code == 302
    assert mails().get().address == "aru@12.kz"


def test_a_page_that_stood_open_for_long_keeps_what_was_typed(client, version):
    answer = post(client, version, stamp="1c9f4a2.00", name="Айгүл", is_listed="on")
    assert answer.status_code == 409
    assert "press the button once more" in text(answer)
    assert "Айгүл" in text(answer)
    stamp = re.search(r'name="stamp" value="([^"]+)"', text(answer))[1]
    assert post(client, version, stamp=stamp, name="Айгүл", is_listed="on").status_code == 302


def test_what_fills_every_field_gets_the_same_answer_and_nothing_is_kept(client, version):
    honest, program = post(client, version), post(client, version, address="x@mail.example", leave_empty="x")
    assert (honest.status_code, honest["Location"]) == (program.status_code, program["Location"])
    assert Support.objects.count() == 1


def test_a_network_is_told_when_it_was_too_much_and_keeps_what_it_typed(client, version, monkeypatch):
    monkeypatch.setattr(AppealView, "most_from_one_place", 2)
    answers = [post(client, version, address=f"a{number}@mail.example") for number in range(3)]
    assert [one.status_code for one in answers] == [302, 302, 429]
    assert "a2@mail.example" in text(answers[2])
    assert MOST_FROM_ONE_PLACE >= 300 * 10, "three hundred a minute are held, not refused"


def test_words_that_changed_meanwhile_are_shown_with_what_was_typed(client, version):
    AppealVersionFactory(appeal=version.appeal, publication=version.publication, number=2)
    answer = post(client, version, name="Айгүл", is_listed="on")
    assert answer.status_code == 409
    assert "was changed meanwhile" in text(answer)
    assert "Айгүл" in text(answer)
    assert not Support.objects.exists()


def test_a_closed_appeal_thanks_and_takes_nothing(client, version):
    support(version)
    close(version)
    page = text(client.get(PAGE))
    assert "Thank you to everyone who supported it" in page
    assert "<b>1</b>" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert post(client, version, address="b@mail.example").status_code == 409
    assert Support.objects.count() == 1


def test_a_withdrawn_text_is_not_shown_and_takes_nothing(client, made, version):
    token = ask(version, name="Canary", is_listed=True)
    withdraw_publication(access=made.access, publication=version.publication, note="It was wrong.")
    page = client.get(PAGE)
    assert page.status_code == 200
    for gone in ("We ask for a law", "A law on harassment", "Canary"):
        assert gone not in text(page)
    assert "It was wrong." in text(page)
    assert client.get(f"{PAGE}names/").status_code == 404
    link = text(client.get(f"/en/support/link/{token}/"))
    assert "A law on harassment" not in link
    assert "was withdrawn" in link
    assert client.post(f"/en/support/link/{token}/", {"act": "confirm"}).status_code == 409


def test_a_corrected_text_waits_for_the_organisers(client, made, version):
    round_ = made.put(versions=[made.version("We ask for a better law.")])
    made.approve_all(round_)
    publish_approved(access=made.access, round_=round_)
    page = text(client.get(PAGE))
    assert "was corrected" in page
    assert "Support the appeal" not in page


def test_a_text_that_is_checked_is_off_the_page_and_takes_nothing(client, version):
    token = ask(version)
    filled(TakenOff, publication=version.publication)
    for answer in (client.get(PAGE), post(client, version, address="b@mail.example")):
        assert answer.status_code == 503
        assert "We ask for a law" not in text(answer)
        assert "no-store" in answer["Cache-Control"]
    link = client.post(f"/en/support/link/{token}/", {"act": "confirm"})
    assert link.status_code == 409
    assert "is off the site while it is checked" in text(link)
    assert "A law on harassment" not in text(link)
    assert Support.objects.count() == 1
    assert subject_at("for-a-law", "en") is None


def test_what_was_never_opened_is_not_there(client, version):
    version.appeal.opened_at = None
    version.appeal.save()
    for path in (PAGE, f"{PAGE}sent/", f"{PAGE}names/", "/en/support/another/"):
        assert client.get(path).status_code == 404
    assert client.post(PAGE, words(version), headers=OWN).status_code == 404


def test_only_organisations_that_may_be_named_are(client, made):
    made_withheld = withheld(made)
    version = open_appeal("kk", "en", made=made)
    offer(version, made)
    version.appeal.contact_offers.create(organisation=made_withheld, offered_at=now())
    page = text(client.get(PAGE))
    assert "Canary withheld" not in page
    assert f"{made.organisations[0].name_en} may write to me" in page
    assert page.count('name="contact"') == 1
    answer = post(client, version, contact=[str(made_withheld.uuid)])
    assert answer.status_code == 422


def test_an_organisation_of_another_appeal_cannot_be_ticked(client, version, made):
    offer(version, made)
    assert post(client, version, contact=[str(made.organisations[1].uuid)]).status_code == 422


def test_names_stand_there_only_with_the_tick_and_once_counted(client, version):
    support(version, "a@mail.example", name="Canary Listed", is_listed=True)
    support(version, "b@mail.example", name="Canary Handed", in_hand_over=True)
    ask(version, "c@mail.example", name="Canary Unconfirmed", is_listed=True)
    SupportFactory(version=version, state="held", name="Canary Held", is_listed=True)
    for path in (PAGE, f"{PAGE}names/"):
        page = text(client.get(path))
        assert "Canary Listed" in page
        assert page.count("Canary") == 1


def test_lists_of_names_cost_the_same_however_long(client, version):
    def cost(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as found:
            client.get(path)
        return len(found)

    SupportFactory(version=version, name="Canary 0", is_listed=True)
    one = [cost(PAGE), cost(f"{PAGE}names/")]
    for number in range(1, 4):
        SupportFactory(version=version, name=f"Canary {number}", is_listed=True)
    assert [cost(PAGE), cost(f"{PAGE}names/")] == one
    assert one[0] <= 20


def test_all_names_stand_on_pages_of_their_own_which_search_engines_leave(client, version):
    rows = NAMES_ON_A_PAGE + 1
    for number in range(rows):
        SupportFactory(version=version, name=f"Canary {number};", is_listed=True)
    answer = client.get(f"{PAGE}names/?page=2")
    assert text(answer).count("Canary") == 1
    assert "noindex" in answer["X-Robots-Tag"]
    assert f"All {rows} names" in text(client.get(PAGE))


def test_regions_are_shown_in_full_tens(client, version):
    for region, count in (("KZ-75", 27), ("KZ-71", 9)):
        SupportTotal.objects.create(version=version, region=region, language="kk", count=count)
    page = text(client.get(PAGE))
    assert "<b>36</b>" in page
    assert re.search(r"<dt>Almaty</dt><dd>20\+</dd>", page)
    assert "<dt>Astana</dt>" not in page


def test_the_official_petition_stands_in_the_first_lines_with_its_day(client, version):
    appeal = version.appeal
    appeal.official_number, appeal.official_url = "4711", "https://petitions.example/4711"
    appeal.official_count, appeal.official_as_of = 45_000, localdate(now())
    appeal.save()
    main = text(client.get(PAGE)).partition("<main")[2]
    assert main.index("https://petitions.example/4711") < main.index("<h1")
    assert "Official petition No. 4711" in main
    assert "45,000 on" in main.replace("\xa0", ",").replace("&nbsp;", ",")
    row = support(version)
    page = text(client.get(SUPPORT.path(row)))
    assert "One step more: the official petition" in page


def test_a_code_in_the_address_is_credited_and_search_engines_find_the_plain_page(client, version):
    poster = code(version)
    path = f"{PAGE}from/ABCD2345/"
    page = text(client.get(path))
    assert f'<link rel="canonical" href="{settings.SITE_URL}{PAGE}">' in page
    assert f'action="{path}#support"' in page
    assert 'hreflang="ru" href' not in page
    assert 'href="/ru/support/for-a-law/from/ABCD2345/"' in page
    answer = post(client, version, path=path)
    assert answer["Location"] == f"{path}sent/"
    assert f'href="{path}"' in text(client.get(f"{path}sent/"))
    assert Support.objects.get().referral == poster
    assert client.get(f"{PAGE}from/UNKNOWN/")["Location"] == PAGE
    assert client.get(f"{PAGE}from/UNKNOWN/sent/")["Location"] == f"{PAGE}sent/"


def test_earlier_words_are_listed_with_their_own_count(client, version):
    support(version)
    add_up_changes()
    AppealVersionFactory(appeal=version.appeal, publication=version.publication, number=2)
    page = text(client.get(PAGE))
    assert "<b>0</b>" in page
    assert "Version 1" in page
    assert "Nobody was carried over" in page


def test_how_long_mails_take_is_said_only_if_it_is_known(client, version):
    OutboxMail.objects.all().delete()
    sent = f"{PAGE}sent/"
    assert "Mails take about" not in text(client.get(sent))
    post(client, version)
    assert "Mails take about 1 minute now." in text(client.get(sent))


def test_the_page_is_light(client, made, version):
    offer(version, made)
    for number in range(30):
        SupportFactory(version=version, name=f"Айгүл Әбенова {number}", is_listed=True)
    page = text(client.get(PAGE))
    assert len(gzip.compress(page.encode())) < 12_000, "60 kB are the first view, with style and script"
    assert re.findall(r'<link rel="stylesheet" href="([^"]+)"', page) == ["/static/light.css"]
    assert "style=" not in page


@pytest.mark.parametrize("others", [0, 1])
def test_a_tick_for_whoever_does_not_ask_any_more_is_said_beside_the_form(client, version, made, others):
    ended = offer(version, made)
    organisation = str(ended.organisation.uuid)
    ended.ended_at = now()
    ended.save()
    for number in range(others):
        offer(version, made, number + 1)
    answer = post(client, version, contact=organisation)
    assert answer.status_code == 422
    assert "An organisation that you ticked does not ask any more" in text(answer)
    assert ADDRESS in text(answer)
    assert not Support.objects.exists()


def test_asking_and_confirming_take_few_queries(client, version):
    """Thousands do both in a minute."""
    post(client, version)  # the title is read once a minute
    with CaptureQueriesContext(connection) as asked:
        assert post(client, version, address="bota@ngo.example").status_code == 302
    assert len(asked) <= 16, [one["sql"][:90] for one in asked]
    link = SUPPORT.path(Support.objects.latest("pk"))
    with CaptureQueriesContext(connection) as opened:
        assert client.get(link).status_code == 200
    assert len(opened) <= 5, [one["sql"][:90] for one in opened]
    with CaptureQueriesContext(connection) as confirmed:
        assert client.post(link, {"act": "confirm"}, headers=OWN).status_code == 302
    assert len(confirmed) <= 12, [one["sql"][:90] for one in confirmed]
