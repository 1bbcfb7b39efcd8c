"""The desk's pages of letters, and where appeals lead to them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.core.regional_actions import ANY_REGION, regional_actions
from coalition.campaigns.letters.desk_presenters import letters_summary
from coalition.campaigns.models import LetterAction, LetterDay, Target
from coalition.campaigns.recipients.outreach import outreach_kinds
from coalition.campaigns.referrals.targets import action_of, is_credited, targets_in
from coalition.core.clock import now
from coalition.roles import SeatRole
from tests.campaigns.appeals.builders import support
from tests.campaigns.appeals.factories import open_appeal
from tests.campaigns.appeals.test_counting import code
from tests.campaigns.letters.builders import (
    BodyFactory,
    LetterActionFactory,
    TargetFactory,
    open_letters,
    publish_letter,
)
from tests.documents.approval.builders import Stage, stage, withheld
from tests.factories import seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


@pytest.fixture
def made() -> Stage:
    return stage()


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_from_the_empty_list_to_an_open_action(client_of, made):
    client, start = client_of(made.coordinator), f"/workspaces/{made.workspace.uuid}/letters/"
    assert "Nobody is asked to write yet" in text(client.get(start))
    assert "There is no text for letters yet" in text(client.get(f"{start}new/"))
    publication = publish_letter(made)
    assert "There is nobody to write to yet" in text(client.get(f"{start}new/"))
    body = BodyFactory(workspace=made.workspace)
    TargetFactory(body=body)
    data = {
        "publication": str(publication.uuid),
        "slug": "to-deputies",
        "bodies": [str(body.uuid)],
        "service_url": "https://state.example",
        "service_name_en": "State",
    }
    answer = client.post(f"{start}new/", data)
    assert answer.status_code == 422
    assert "Say on which day somebody looked" in text(answer)
    assert 'value="to-deputies"' in text(answer), "nothing typed is lost"
    answer = client.post(f"{start}new/", {**data, "service_checked_on": localdate(now()).isoformat()})
    action = LetterAction.objects.get()
    assert answer["Location"] == f"/workspaces/letters/{action.uuid}/"
    assert "Nobody sees it yet" in text(client.get(answer["Location"]))
    assert "Open it to the public" in text(client.get(f"{answer['Location']}open/"))
    client.post(f"{answer['Location']}open/")
    action.refresh_from_db()
    assert action.opened_at is not None
    assert client.get("/en/write/to-deputies/").status_code == 200
    settings = f"{answer['Location']}settings/"
    assert "disabled" in re.search(r'<input[^>]*name="slug"[^>]*>', text(client.get(settings)))[0]
    assert client.post(settings, {**data, "service_url": "", "slug": "other"}).status_code == 302
    client.post(f"{answer['Location']}close/")
    assert "This letter action is closed" in text(client.get("/en/write/to-deputies/"))


def test_numbers_by_recipient_way_and_day_stand_on_the_desk(client_of, made):
    letters = open_letters(made)
    first, second, _third = Target.objects.all()
    today = localdate(now())
    for target, way, count in ((first, "mail", 4), (first, "print", 2), (second, "copy", 5)):
        LetterDay.objects.create(
            action=letters, target=target, way=way, language="kk", day=today, count=count
        )
    Target.objects.filter(pk=first.pk).update(gone_on=today)
    page = text(client_of(made.coordinator).get(f"/workspaces/letters/{letters.uuid}/"))
    assert "<strong>11</strong>" in page
    assert page.index(str(first.name)) < page.index(str(second.name))
    assert "no longer in office" in page
    for way in ("Own mail program", "Copied", "Printed"):
        assert way in page


def test_the_warning_about_an_old_check(client_of, made):
    letters = open_letters(made, service_url="https://state.example")
    client = client_of(made.coordinator)
    assert "for more than 90 days" in text(client.get(f"/workspaces/letters/{letters.uuid}/"))
    assert "Check the state’s service" in text(client.get(f"/workspaces/{made.workspace.uuid}/letters/"))
    assert letters_summary(made.access).needs_attention
    LetterAction.objects.update(service_checked_on=localdate(now()))
    assert "for more than 90 days" not in text(client.get(f"/workspaces/letters/{letters.uuid}/"))
    assert not letters_summary(made.access).needs_attention


def test_strangers_find_nothing_and_observers_are_refused(client_of, made):
    letters = open_letters(made)
    paths = ["", "settings/", "open/", "close/"]
    stranger = client_of(seat(role=SeatRole.COORDINATOR).person)
    for path in paths:
        assert stranger.get(f"/workspaces/letters/{letters.uuid}/{path}").status_code == 404
    assert stranger.get(f"/workspaces/{made.workspace.uuid}/letters/").status_code == 404
    observer = client_of(seat(workspace=made.workspace, role=SeatRole.OBSERVER).person)
    assert observer.get(f"/workspaces/{made.workspace.uuid}/letters/").status_code == 403
    editor = client_of(seat(workspace=made.workspace, role=SeatRole.EDITOR).person)
    assert editor.get(f"/workspaces/letters/{letters.uuid}/").status_code == 200
    for path in ("settings/", "open/"):
        assert editor.get(f"/workspaces/letters/{letters.uuid}/{path}").status_code == 403
    assert editor.post(f"/workspaces/letters/{letters.uuid}/close/").status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_needs_as_many_queries_for_one_and_three(client_of, made, number):
    publication = publish_letter(made)
    for _time in range(number):
        LetterActionFactory(
            workspace=made.workspace, organisation=made.organisations[0], publication=publication
        )
    client = client_of(made.coordinator)
    client.get(f"/workspaces/{made.workspace.uuid}/letters/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/workspaces/{made.workspace.uuid}/letters/")
    assert page.status_code == 200
    assert len([one for one in asked if "campaigns_letteraction" in one["sql"]]) == 1
    assert len([one for one in asked if "documents_publicationtext" in one["sql"]]) == 1
    access = made.access
    with CaptureQueriesContext(connection) as summed:
        letters_summary(access)
    assert len(summed) <= 2


@pytest.mark.parametrize("number", [1, 3])
def test_one_action_needs_as_many_queries_for_one_and_three_recipients(client_of, made, number):
    letters = open_letters(made, people=number)
    for target in Target.objects.all():
        LetterDay.objects.create(
            action=letters, target=target, way="mail", language="kk", day=localdate(now()), count=1
        )
    client = client_of(made.coordinator)
    path = f"/workspaces/letters/{letters.uuid}/"
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    assert len([one for one in asked if "campaigns_target" in one["sql"]]) == 1
    assert len([one for one in asked if "campaigns_letterday" in one["sql"]]) == 1


def test_the_name_of_a_withheld_organisation_is_not_public(client, made):
    hidden = withheld(made)
    letters = open_letters(made)
    LetterAction.objects.update(organisation=hidden)
    for path in ("", "sent/"):
        page = client.get(f"/en/write/{letters.slug}/{path}").content.decode()
        assert "Canary" not in page


def test_who_supports_an_appeal_is_asked_to_write(client, made):
    version = open_appeal("kk", "en", made=made)
    letters = open_letters(made, appeal=version.appeal)
    credited = code(version)
    row = support(version, code=credited.code)
    link = 'href="/en/write/to-deputies/'
    own = SUPPORT.path(row)
    for path in ("/en/support/for-a-law/", "/en/support/for-a-law/sent/", own):
        assert link in text(client.get(path)), path
    assert f"{link}from/{credited.code}/" in text(client.get(f"/en/support/for-a-law/from/{credited.code}/"))
    assert f"{link}from/{credited.code}/" in text(client.get(own))
    assert "/en/support/for-a-law/" in text(client.get("/en/write/to-deputies/"))
    for hidden in ({"closed_at": now()}, {"closed_at": None, "opened_at": None}):
        LetterAction.objects.filter(pk=letters.pk).update(**hidden)
        for path in ("/en/support/for-a-law/", "/en/support/for-a-law/sent/", own):
            assert link not in text(client.get(path)), path


def test_an_appeal_that_was_withdrawn_is_not_linked(client, made):
    version = open_appeal("kk", "en", made=made)
    open_letters(made, appeal=version.appeal)
    version.publication.state = "withdrawn"
    version.publication.withdrawn_at = now()
    version.publication.save()
    assert "/en/support/" not in text(client.get("/en/write/to-deputies/"))


def test_codes_can_lead_to_letters(client, made):
    letters = open_letters(made)
    kind = action_of("letter")
    assert is_credited("letter")
    assert [one.title for one in targets_in(made.workspace, "en") if one.action == "letter"] == [
        "About the law"
    ]
    assert kind.address(letters.uuid, "ru", "ABCD2345") == "/ru/write/to-deputies/from/ABCD2345/"
    assert kind.after(letters.uuid, "kk") == "/kk/write/to-deputies/"
    LetterAction.objects.update(closed_at=now())
    assert kind.address(letters.uuid, "ru", "ABCD2345") == ""
    LetterAction.objects.update(opened_at=None)
    assert (kind.title(letters.uuid, "en"), kind.after(letters.uuid, "en")) == ("", "")


def test_letters_stand_among_regional_actions_and_on_the_board(made):
    version = open_appeal("kk", "en", made=made)
    letters = open_letters(made)
    credited = code(version, target=letters.uuid, action="letter")
    target = Target.objects.first()
    for referral, count in ((credited, 14), (None, 3)):
        LetterDay.objects.create(
            action=letters, target=target, referral=referral, way="mail", language="kk", day=localdate(now()),
            count=count,
        )  # fmt: skip
    regional = next(one for one in regional_actions() if one.name == "letters")
    assert regional.done(made.workspace) == {(credited.organisation_id, ANY_REGION): 10}
    kind = next(one for one in outreach_kinds() if one.name == "letters")
    assert kind.reached(made.workspace) == {
        (target.uuid, credited.organisation_id): 14,
        (target.uuid, None): 3,
    }
    assert regional.done(stage().workspace) == {}
