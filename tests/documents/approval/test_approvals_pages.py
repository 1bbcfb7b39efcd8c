"""Rounds, decisions and publications in the browser."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from coalition.accounts.models import Listing
from coalition.core.clock import now
from coalition.roles import SeatRole
from documents.drafts.actions.manage import change_draft
from documents.drafts.models import CellState, DecisionKind
from documents.models import Approval, ApprovalRound, Publication, Version
from documents.publication.actions import publish_approved
from documents.publication.queries import sheet_address
from tests.documents.approval.builders import stage, withheld
from tests.documents.publication.embargo.builders import scheduled
from tests.factories import UserFactory, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def url(name, *arguments):
    return reverse(f"documents:{name}", args=arguments)


def words(response):
    return response.content.decode()


def test_a_coordinator_names_versions_and_puts_them_in_one_step(client_of):
    made = stage(3)
    made.write("Kazakh words.", "kk")
    made.write("Russian words.", "ru")
    client = client_of(made.coordinator)
    page = client.get(url("put", made.draft.uuid))
    assert page.status_code == 200
    assert "name the text as it stands now" in words(page)
    deadline = timezone.localtime(now() + datetime.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    sent = {
        "put_kk": "on",
        "voice": "coalition",
        "rule": "joined",
        "put_ru": "on",
        "version_name": "For all",
        "organisations": [organisation.pk for organisation in made.organisations],
        "withheld": [made.organisations[2].pk],
        "deadline": deadline,
        "message": "Please by Thursday.",
        "acknowledged": "on",
    }
    answer = client.post(url("put", made.draft.uuid), sent)
    round_ = ApprovalRound.objects.get()
    assert answer.url == url("round", round_.uuid)
    assert {version.name for version in Version.objects.all()} == {"For all"}
    assert round_.asked.get(organisation=made.organisations[2]).listing == Listing.WITHHELD
    assert "Please by Thursday." in words(client.get(answer.url))


def test_what_is_wrong_stands_in_the_form(client_of):
    made = stage()
    made.write("Kazakh words.")
    client = client_of(made.coordinator)
    answer = client.post(url("put", made.draft.uuid), {"organisations": [], "deadline": "soon"})
    assert answer.status_code == 422
    assert not Version.objects.exists()
    late = {
        "put_kk": "on",
        "voice": "coalition",
        "rule": "joined",
        "organisations": [made.organisations[0].pk],
        "deadline": "2020-01-01T10:00",
    }
    answer = client.post(url("put", made.draft.uuid), late)
    assert "has passed already" in words(answer)
    assert not Version.objects.exists(), "a version must not be named for a round that was refused"


def test_the_matrix_says_first_and_in_words_what_is_missing(client_of):
    made = stage(3)
    round_ = made.put("kk", "ru")
    made.approve(round_, made.organisations[0])
    page = words(client_of(made.coordinator).get(url("round", round_.uuid)))
    assert page.index("approvals are missing") < page.index("<table")
    assert f"Not opened: {made.organisations[1].name_en} and {made.organisations[2].name_en}." in page
    assert 'id="refused"' in page


def test_people_without_the_right_to_drafts_find_nothing(client_of, client):
    made = stage()
    round_ = made.put()
    addresses = [
        url("rounds", made.workspace.uuid),
        url("round", round_.uuid),
        url("put", made.draft.uuid),
        url("decide", round_.uuid),
    ]
    observer = seat(workspace=made.workspace, role=SeatRole.OBSERVER)
    elsewhere = stage()
    for person in (observer.person, elsewhere.coordinator, UserFactory(is_superuser=True)):
        browser = client_of(person)
        assert {browser.get(address).status_code for address in addresses} == {404}
        for name in ("renew", "close_round", "publish"):
            assert browser.post(url(name, round_.uuid)).status_code in {302, 404}
    assert all(client.get(address).status_code == 302 for address in addresses)
    round_.refresh_from_db()
    assert round_.state == "open"


def test_editors_see_the_matrix_and_lead_nothing(client_of):
    made = stage()
    round_ = made.put()
    editor = client_of(seat(workspace=made.workspace, role=SeatRole.EDITOR).person)
    page = editor.get(url("round", round_.uuid))
    assert page.status_code == 200
    assert "Lead this round" not in words(page)
    assert editor.post(url("close_round", round_.uuid)).status_code == 403
    assert editor.get(url("put", made.draft.uuid)).status_code == 403


def test_a_representative_without_a_seat_reads_and_approves(client_of):
    made = stage()
    round_, organisation = made.put("kk", "ru"), made.organisations[1]
    person = made.representatives[organisation.pk]
    client = client_of(person)
    page = words(client.get(url("decide", round_.uuid)))
    assert "We ask for a law, in kk." in page
    assert "We ask for a law, in ru." not in page
    assert round_.readings.get().version.language == "kk"
    assert "in ru." in words(client.get(url("decide", round_.uuid) + "?language=ru"))
    assert client.get(url("round", round_.uuid)).status_code == 404
    hashes = [f"{code}:{digest}" for code, digest in made.hashes(round_).items()]
    answer = client.post(url("approve", round_.uuid, organisation.uuid), {"words": hashes}, follow=True)
    assert "Recorded: approved in" in words(answer)
    assert Approval.objects.filter(organisation=organisation, person=person).count() == 2


def test_approving_asks_who_it_is_first_and_then_goes_on(client_of):
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    client = client_of(made.representatives[organisation.pk], ago=3600)
    words_ = [f"kk:{made.hashes(round_)['kk']}"]
    answer = client.post(url("approve", round_.uuid, organisation.uuid), {"words": words_})
    assert answer.status_code == 302
    assert "reauthenticate" in answer.url
    assert not Approval.objects.exists()
    client.post(answer.url, {"password": "a-password-of-tests"})
    assert Approval.objects.count() == 1


def test_hashes_of_another_page_are_refused_in_words(client_of):
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    client = client_of(made.representatives[organisation.pk])
    for sent in (["kk:" + "0" * 64], ["kk"], ["xx:1"], []):
        answer = client.post(url("approve", round_.uuid, organisation.uuid), {"words": sent})
        assert answer.status_code == 302
    assert not Approval.objects.exists()


def test_asking_for_changes_shows_in_the_matrix(client_of):
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    sent = {"words": f"kk:{made.hashes(round_)['kk']}", "reason": "Name the period <b>."}
    client_of(made.representatives[organisation.pk]).post(
        url("ask_changes", round_.uuid, organisation.uuid), sent
    )
    assert Approval.objects.get().decision == DecisionKind.CHANGES_ASKED
    page = words(client_of(made.coordinator).get(url("round", round_.uuid)))
    assert "Name the period &lt;b&gt;." in page
    assert f"state--{CellState.CHANGES_ASKED.value}" in page


def test_a_reason_that_was_typed_is_never_lost(client_of):
    """The words moved on, or the reason is too long: the page comes back with what was typed."""
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    client = client_of(made.representatives[organisation.pk])
    address = url("ask_changes", round_.uuid, organisation.uuid)
    current = f"kk:{made.hashes(round_)['kk']}"
    outdated = client.post(address, {"words": f"kk:{'0' * 64}", "reason": "Name the period."})
    assert outdated.status_code == 422
    assert "A newer version was put" in words(outdated)
    assert "Name the period." in words(outdated)
    assert current in words(outdated), "sent again, it is about the words that are shown now"
    long = client.post(address, {"words": current, "reason": "Name the period. " * 200})
    assert long.status_code == 422
    assert "Name the period. Name the period." in words(long)
    made.write("Other words.")
    changed = client.post(address, {"words": current, "reason": "Name the period."})
    assert "Name the period." in words(changed), "also where nothing can be decided at the moment"
    assert not Approval.objects.exists()


def test_nobody_decides_for_another_organisation(client_of):
    made = stage(3)
    round_ = made.put()
    first, second = made.organisations[1:]
    client = client_of(made.representatives[first.pk])
    sent = {"words": [f"kk:{made.hashes(round_)['kk']}"]}
    assert client.post(url("approve", round_.uuid, second.uuid), sent).status_code == 404
    assert client.get(url("decide_for", round_.uuid, second.uuid)).status_code == 404


def test_the_newer_words_are_put_and_named_in_one_step(client_of):
    made = stage()
    round_ = made.put("kk", "ru")
    made.approve_all(round_)
    made.write("One word more.", "kk")
    client = client_of(made.coordinator)
    assert "name the text as it stands now, and put it" in words(client.get(url("round", round_.uuid)))
    client.post(url("renew", round_.uuid), {"language": ["kk"], "deadline": ""})
    assert round_.texts.get(language="kk").version.number == 2
    assert "Approved other words" in words(client.get(url("round", round_.uuid)))


@pytest.mark.parametrize(
    ("deadline", "why"), [("next Tuesday", "Enter a valid date/time"), ("2020-01-01T10:00", "has passed")]
)
def test_a_deadline_that_cannot_be_is_said_at_the_field_and_nothing_is_lost(client_of, deadline, why):
    made = stage()
    round_ = made.put("kk", "ru")
    for code in ("kk", "ru"):
        made.write("One word more.", code)
    answer = client_of(made.coordinator).post(
        url("renew", round_.uuid), {"language": ["ru"], "deadline": deadline}
    )
    page = words(answer)
    assert answer.status_code == 422
    assert 'class="field field--short field--error"' in page
    assert why in page
    assert f'value="{deadline}"' in page
    assert 'value="ru" checked' in page
    assert 'value="kk" checked' not in page
    assert round_.texts.get(language="ru").version.number == 1
    round_.refresh_from_db()
    assert round_.deadline > now()


def test_publishing_needs_the_word_and_what_all_approved(client_of):
    made = stage()
    round_ = made.put()
    client = client_of(made.coordinator)
    refused = client.post(url("publish", round_.uuid), {"word": "publish"})
    assert refused.status_code == 409
    assert "Not opened" in words(refused)
    made.approve_all(round_)
    assert client.post(url("publish", round_.uuid), {"word": "yes"}).status_code == 422
    assert not Publication.objects.exists()
    answer = client.post(url("publish", round_.uuid), {"word": "Publish "}, follow=True)
    assert "It is public" in words(answer)
    assert Publication.objects.get().published_by == made.coordinator


def test_publishing_asks_who_it_is(client_of):
    made = stage()
    round_ = made.put()
    made.approve_all(round_)
    answer = client_of(made.coordinator, ago=3600).post(url("publish", round_.uuid), {"word": "publish"})
    assert "reauthenticate" in answer.url
    assert not Publication.objects.exists()


def test_withdrawing_asks_for_a_public_note(client_of):
    made = stage()
    publication = made.publish()
    client = client_of(made.coordinator)
    assert client.post(url("withdraw", publication.uuid), {"note": ""}).status_code == 422
    answer = client.post(url("withdraw", publication.uuid), {"note": "A wrong figure."}, follow=True)
    assert "A wrong figure." in words(answer)


def test_observers_see_what_is_public_and_no_approvals(client_of):
    made = stage()
    publication = made.publish()
    observer = client_of(seat(workspace=made.workspace, role=SeatRole.OBSERVER).person)
    assert observer.get(url("publications", made.workspace.uuid)).status_code == 200
    page = observer.get(url("publication", publication.uuid))
    assert page.status_code == 200
    assert observer.get(url("withdraw", publication.uuid)).status_code == 403
    for address in [
        url("publications", made.workspace.uuid),
        url("publication", publication.uuid),
        reverse("workspaces:activity", args=[made.workspace.uuid]),
    ]:
        seen = words(observer.get(address))
        assert "A law on harassment" in seen, address
        assert made.draft.title not in seen, "a working title is for those who read drafts"
    stranger = client_of(stage().coordinator)
    assert stranger.get(url("publication", publication.uuid)).status_code == 404


def test_a_corrected_text_is_known_by_its_page_and_in_the_lists(client_of, client):
    made = stage()
    first = made.publish("kk", "en")
    round_ = made.put(versions=[made.version("Other words."), Version.objects.get(text=made.text("en"))])
    made.approve_all(round_)
    second = publish_approved(
        access=made.access, round_=round_, correction_note="Canary: the date was wrong."
    )
    coordinator = client_of(made.coordinator)
    listed = words(coordinator.get(url("publications", made.workspace.uuid)))
    assert listed.count("Corrected since") == 1
    page = words(coordinator.get(url("publication", second.uuid)))
    assert "Canary: the date was wrong." in page
    assert "Corrected since" not in page
    assert page.index("Қазақша") < page.index("English")
    old = words(coordinator.get(url("publication", first.uuid)))
    assert "A corrected text has taken the place of this one." in old
    assert sheet_address(second) in old
    sheets = words(client.get("/en/publications/"))
    assert sheets.count("A corrected text has taken the place of this one.") == 1
    assert sheets.count("Corrected: ") == 1


def test_what_is_to_become_public_stands_before_what_is_for_who_reads_drafts(client_of):
    made = stage()
    made.publish("en")
    planned = scheduled(made, "kk")
    here = url("publications", made.workspace.uuid)
    page = words(client_of(made.coordinator).get(here))
    assert page.index("What is to become public") < page.index("What is public")
    assert url("embargo", planned.uuid) in page
    observer = client_of(seat(workspace=made.workspace, role=SeatRole.OBSERVER).person)
    assert "What is to become public" not in words(observer.get(here))


def test_a_draft_restricted_later_is_told_of_no_more(client_of):
    """Also what happened in its rounds, which carries the working title."""
    made = stage()
    made.put()
    other = client_of(seat(workspace=made.workspace, role=SeatRole.EDITOR).person)
    told = reverse("workspaces:activity", args=[made.workspace.uuid])
    assert made.draft.title in words(other.get(told))
    change_draft(
        access=made.access,
        draft=made.draft,
        title=made.draft.title,
        kind=made.draft.kind,
        handling=made.draft.handling,
        restricted_to=made.organisations,
    )
    assert made.draft.title not in words(other.get(told))
    assert made.draft.title in words(client_of(made.coordinator).get(told))


def test_a_confidential_organisation_has_no_name_and_no_person_for_others(client_of):
    made = stage()
    hidden = withheld(made)
    hidden.listing = Listing.CONFIDENTIAL
    hidden.save()
    round_ = made.put()
    made.approve(round_, hidden)
    person = made.representatives[hidden.pk]
    editor = client_of(seat(workspace=made.workspace, role=SeatRole.EDITOR).person)
    page = words(editor.get(url("round", round_.uuid)))
    assert hidden.code in page
    assert hidden.name_en not in page
    assert person.name not in page
    assert hidden.name_en in words(client_of(made.coordinator).get(url("round", round_.uuid)))


@pytest.mark.parametrize(("organisations", "languages"), [(3, ["kk"]), (12, ["kk", "ru", "en"])])
def test_the_matrix_costs_the_same_whatever_its_size(
    client_of, django_assert_max_num_queries, organisations, languages
):
    made = stage(organisations)
    round_ = made.put(*languages)
    made.approve(round_, made.organisations[1])
    client = client_of(made.coordinator)
    client.get(url("round", round_.uuid))
    with django_assert_max_num_queries(22):
        assert client.get(url("round", round_.uuid)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_with_one_and_three(client_of, django_assert_max_num_queries, count):
    made = stage()
    for number in range(count):
        versions = {"versions": [made.version(f"Words {number}.")]}
        round_ = made.put(**versions)
        made.approve_all(round_)
        publish_approved(access=made.access, round_=round_)
    client = client_of(made.coordinator)
    for name in ("rounds", "publications"):
        client.get(url(name, made.workspace.uuid))
        with django_assert_max_num_queries(13):
            assert client.get(url(name, made.workspace.uuid)).status_code == 200
