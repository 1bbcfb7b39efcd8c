"""Links and coverage at the desk; who sees the names of outlets; mails."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import override

from coalition.accounts.models import Language, Listing, OrganisationKind
from coalition.campaigns.media_package.actions.packages import unpublish_package
from coalition.campaigns.media_package.enums import NoticeKind
from coalition.campaigns.media_package.models import ItemCoverage, PackageLink, Rendition
from coalition.campaigns.media_package.notices.actions import send_notice
from coalition.campaigns.media_package.outlets import actions
from coalition.campaigns.media_package.outlets.coverage import attach_coverage, log_airing
from coalition.campaigns.media_package.outlets.takers import takers_among
from coalition.campaigns.media_package.queries import renditions_of_item
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.core.throttling import fingerprint, hash_token
from coalition.mail import outbox
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.models import PressStop
from events.models import Coverage
from events.press.coverage.models import CoverageKind
from events.press.coverage.spreadsheet_import import (
    import_coverage,
    judge_coverage_sheet,
    read_coverage_sheet,
)
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.notices.builders import take
from tests.campaigns.media_package.outlets.builders import embargoed, given, page_of, partner
from tests.events.press.builders import known
from tests.events.press.builders_voices import covered
from tests.factories import OrganisationFactory, ParticipationFactory, seat

pytestmark = pytest.mark.django_db


def at(name: str, press: Press, *more: object) -> str:
    return reverse(f"campaigns:{name}", args=[press.package.uuid, *more])


def act(client_of, press: Press, link: PackageLink, name: str) -> str:
    path = at("media_package_link_change", press, link.uuid)
    return client_of(press.made.coordinator).post(path, {"act": name}, follow=True).content.decode()


def mails_to(mailoutbox, link: PackageLink) -> list:
    return [one for one in mailoutbox if link.address in one.to]


def test_contacts_get_links_of_their_own_and_mails_in_their_language(
    open_package: Press, client_of, mailoutbox
) -> None:
    first = known(open_package.access, 1, language=Language.RU)
    second = known(open_package.access, 2, language=Language.EN)
    client, path = client_of(open_package.made.coordinator), at("media_package_links", open_package)
    assert "Qala TV 1" in client.get(path).content.decode()
    assert "Qala TV 1" not in client.get(f"{path}?q=tv 2").content.decode()
    # The search does not lose somebody who was ticked before it.
    sent = {"contacts": [str(first.uuid), str(second.uuid)], "send": "on"}
    assert client.post(f"{path}?q=nobody", sent).status_code == 302
    rows = {one.outlet: one for one in PackageLink.objects.all()}
    link = rows["Qala TV 1"]
    assert (link.contact, link.address, link.language) == (first.uuid, first.address, "ru")
    assert link.token_hash == hash_token(actions.token_of(link))
    assert link.ends_at - link.made_at == datetime.timedelta(days=180)
    outbox.deliver_due()
    mails = {one.to[0]: one for one in mailoutbox}
    assert actions.link_path(link) in mails[first.address].body
    assert actions.link_path(rows["Qala TV 2"]) in mails[second.address].body
    assert "Package" in mails[second.address].subject
    assert "Qala TV 2" not in mails[first.address].body
    with pytest.raises(Refused, match="has a link already"):
        actions.give_to_contacts(
            access=open_package.access, package=open_package.package, contacts=[first.uuid, second.uuid]
        )


def test_a_mail_under_embargo_does_not_name_the_package(open_package: Press, mailoutbox) -> None:
    embargoed(open_package)
    link = given(open_package)
    actions.mail_link(access=open_package.access, link=link)
    outbox.deliver_due()
    [mail] = mails_to(mailoutbox, link)
    assert "under embargo" in mail.subject
    for words in (mail.subject, mail.body, mail.alternatives[0][0]):
        assert "Package" not in words
        assert "Every third" not in words


def test_who_ended_press_mail_gets_none(open_package: Press, client_of, mailoutbox) -> None:
    link = given(open_package)
    assert "A mail is on its way." in act(client_of, open_package, link, "mail")
    PressStop.objects.create(address_print=fingerprint(link.address), at=now())
    outbox.deliver_due()  # stopped since it was queued
    assert mails_to(mailoutbox, link) == []
    assert "gets no mail to the press any more" in act(client_of, open_package, link, "mail")
    assert actions.mail_new_links(access=open_package.access, package=open_package.package, links=[link]) == 0


def test_an_ended_link_is_not_mailed_any_more(open_package: Press, mailoutbox) -> None:
    link = given(open_package)
    actions.mail_link(access=open_package.access, link=link)
    actions.end_link(access=open_package.access, link=link)
    outbox.deliver_due()
    assert mails_to(mailoutbox, link) == []


def test_nothing_is_mailed_while_the_page_is_closed(open_package: Press) -> None:
    link = given(open_package)
    unpublish_package(access=open_package.access, package=open_package.package)
    with pytest.raises(Refused, match="Open the page"):
        actions.mail_link(access=open_package.access, link=link)
    with pytest.raises(Refused, match="Open the page"):
        actions.mail_new_links(access=open_package.access, package=open_package.package, links=[link])


def test_a_link_ends_and_a_new_one_undoes_it(open_package: Press, client_of) -> None:
    link = given(open_package)
    assert "opens nothing any more" in act(client_of, open_package, link, "end")
    link.refresh_from_db()
    assert link.ended_at is not None
    assert "new link is in the list" in act(client_of, open_package, link, "renew")
    new = PackageLink.objects.exclude(pk=link.pk).get()
    assert (new.outlet, new.address, new.ended_at) == (link.outlet, link.address, None)
    assert new.token_hash != link.token_hash
    with pytest.raises(Refused, match="still open"):
        actions.renew_link(access=open_package.access, link=new)


def test_a_media_partner_gets_one_and_nobody_else_is_offered(open_package: Press, client_of) -> None:
    organisation, _person = partner(open_package)
    other = OrganisationFactory(kind=OrganisationKind.MEDIA_PARTNER, name_en="Stranger TV")
    ngo = OrganisationFactory(name_en="Some NGO")
    ParticipationFactory(workspace=open_package.package.workspace, organisation=ngo)
    path = at("media_package_links", open_package)
    client = client_of(open_package.made.coordinator)
    page = client.get(path).content.decode()
    assert "Steppe TV" in page
    assert "Stranger TV" not in page
    assert "Some NGO" not in page
    assert client.post(path, {"organisation": str(organisation.uuid), "language": "en"}).status_code == 302
    assert PackageLink.objects.get().organisation == organisation
    for wrong in (other, ngo):
        with pytest.raises(Refused, match="no media partner here"):
            given(open_package, organisation=wrong)
    assert client.post(path, {"organisation": str(organisation.uuid), "language": "en"}).status_code == 422


def test_a_partner_is_called_what_the_reader_may_know(open_package: Press, client_of) -> None:
    organisation, _person = partner(open_package)
    link = given(open_package, organisation=organisation, outlet="")
    take(link, Rendition.objects.get())
    notice = send_notice(access=open_package.access, item=open_package.items[0], kind=NoticeKind.CORRECTION)
    log_airing(
        source=link,
        item=open_package.items[0],
        kind=CoverageKind.TELEVISION,
        on=localdate(now()),
        programme="Evening",
    )
    assert (link.outlet, Coverage.objects.get().outlet) == ("", "Steppe TV")
    desk = reverse("campaigns:media_notice", args=[notice.uuid])
    organisation.name_en = organisation.name_kk = "Steppe Channel"
    organisation.save()
    client = client_of(open_package.made.coordinator)
    assert "Steppe Channel" in client.get(desk).content.decode()
    assert "Steppe Channel" in page_of(link)
    organisation.listing = Listing.WITHHELD
    organisation.save()
    item = str(open_package.items[0].uuid)
    with override("en"):
        takers = [one.name for one in takers_among(renditions_of_item(item))]
    for words in (page_of(link), takers[0]):
        assert "Steppe" not in words
        assert "name is withheld" in words
    assert "Steppe Channel" in client.get(desk).content.decode()  # who shares the workspace knows it
    actions.end_link(access=open_package.access, link=link)
    assert actions.renew_link(access=open_package.access, link=link).organisation == organisation


def test_all_links_are_given_or_none(open_package: Press, client_of) -> None:
    organisation, _person = partner(open_package)
    given(open_package, organisation=organisation)
    contact = known(open_package.access, 1)
    client, path = client_of(open_package.made.coordinator), at("media_package_links", open_package)
    sent = {"contacts": [str(contact.uuid)], "organisation": str(organisation.uuid), "send": "on"}
    assert client.post(path, sent).status_code == 422
    assert PackageLink.objects.count() == 1
    assert client.post(path, sent | {"organisation": ""}).status_code == 302
    assert PackageLink.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"outlet": "Kept\u202eoutlet"},
        {"outlet": "Kept outlet", "address": "no address"},
        {"contacts": ["0190a1b2-0000-7000-8000-000000000000"]},
        {"contacts": ["x"]},
        {"language": "xx", "outlet": "Kept outlet"},
    ],
)
def test_wrong_input_is_said_and_nothing_is_made(open_package: Press, client_of, wrong) -> None:
    path = at("media_package_links", open_package)
    answer = client_of(open_package.made.coordinator).post(path, wrong)
    assert answer.status_code == 422
    assert str(wrong.get("outlet", "")) in answer.content.decode()
    assert not PackageLink.objects.exists()


@pytest.mark.parametrize("role", ["reviewer", "contributor", "editor"])
def test_only_those_who_serve_outlets_see_their_names(open_package: Press, client_of, role) -> None:
    link = given(open_package, "Canary outlet")
    taken = seat(workspace=open_package.package.workspace, role=SeatRole(role))
    client = client_of(taken.person)
    access = access_to(taken.person, open_package.package.workspace.uuid)
    desk = client.get(at("media_package", open_package))
    assert desk.status_code == 200
    assert "Canary" not in desk.content.decode()
    assert "Canary" not in client.get(at("media_package_coverage", open_package)).content.decode()
    for name, more in (("media_package_links", ()), ("media_package_link_messages", (link.uuid,))):
        answer = client.get(at(name, open_package, *more))
        assert answer.status_code == 403
        assert "Canary" not in answer.content.decode()
    for do in (actions.end_link, actions.renew_link, actions.mail_link):
        with pytest.raises(NotAllowed):
            do(access=access, link=link)
    with pytest.raises(NotAllowed):
        actions.give_link(access=access, package=open_package.package, outlet="B", language=Language.KK)
    with pytest.raises(NotAllowed):
        actions.give_to_contacts(access=access, package=open_package.package, contacts=[])


def test_another_workspace_does_not_reach_the_links(open_package: Press, client_of) -> None:
    link = given(open_package)
    stranger = seat(role=SeatRole.COORDINATOR)
    client = client_of(stranger.person)
    assert client.get(at("media_package_links", open_package)).status_code == 404
    path = at("media_package_link_change", open_package, link.uuid)
    assert client.post(path, {"act": "end"}).status_code == 404
    with pytest.raises(NotAllowed):
        actions.end_link(access=access_to(stranger.person, stranger.workspace.uuid), link=link)


def test_messages_choose_the_item_that_was_to_be_aired(open_package: Press, client_of) -> None:
    link = given(open_package)
    path = at("media_package_link_messages", open_package, link.uuid)
    page = client_of(open_package.made.coordinator).get(path).content.decode()
    assert f"{actions.link_path(link)}?aired=film#aired" in page
    assert "https://wa.me/" in page


def test_coverage_is_noted_attached_and_taken_off(open_package: Press, client_of) -> None:
    client, path = client_of(open_package.made.coordinator), at("media_package_coverage", open_package)
    said = {
        "act": "add",
        "item": "film",
        "outlet": "Dala TV",
        "kind": "tv",
        "on": localdate(now()).isoformat(),
        "programme": "Evening",
    }
    assert client.post(path, said).status_code == 302
    assert "Dala TV" in client.get(path).content.decode()
    refused = client.post(path, said)  # it is noted already
    assert refused.status_code == 422
    assert "Evening" in refused.content.decode()
    coverage = Coverage.objects.get()
    row = ItemCoverage.objects.get()
    assert (row.coverage, row.item, row.link) == (coverage, open_package.items[0], None)
    client.post(at("media_package_coverage_detach", open_package, coverage.uuid))
    assert not ItemCoverage.objects.exists()
    attached = {"act": "attach", "attach-coverage": str(coverage.uuid), "attach-item": "film"}
    assert client.post(path, attached | {"attach-item": "x"}).status_code == 422
    assert client.post(path, attached).status_code == 302
    assert ItemCoverage.objects.get().coverage == coverage


def test_coverage_of_another_workspace_is_not_attached(open_package: Press) -> None:
    stranger = seat(role=SeatRole.COORDINATOR)
    foreign = covered(access_to(stranger.person, stranger.workspace.uuid), "Foreign TV")
    with pytest.raises(Refused):
        attach_coverage(access=open_package.access, item=open_package.items[0], coverage=foreign)
    own = covered(open_package.access, "Own TV")
    with pytest.raises(NotAllowed):
        attach_coverage(
            access=access_to(stranger.person, stranger.workspace.uuid),
            item=open_package.items[0],
            coverage=own,
        )


def test_a_reader_of_drafts_notes_no_coverage(open_package: Press, client_of) -> None:
    taken = seat(workspace=open_package.package.workspace, role=SeatRole.REVIEWER)
    client, path = client_of(taken.person), at("media_package_coverage", open_package)
    assert "Note coverage of an item" not in client.get(path).content.decode()
    assert client.post(path, {"act": "add"}).status_code == 403
    assert client.post(path, {"act": "attach"}).status_code == 403


def test_a_spreadsheet_of_coverage_names_items(open_package: Press) -> None:
    day = localdate(now()).isoformat()
    content = (
        "outlet,date,link,item\n"
        f"Dala TV,{day},https://dala.example/1, Film\n"
        f"Qala TV,{day},https://qala.example/1,poster-of-others\n"
        f"Oral TV,{day},https://oral.example/1,\n"
    )
    access = open_package.access
    sheet = read_coverage_sheet(access=access, name="a.csv", content=content.encode())
    rows = judge_coverage_sheet(sheet)
    assert [row.left_out for row in rows] == [(), ("poster-of-others",), ()]
    assert import_coverage(access=access, sheet=sheet, all_new=True) == 3
    row = ItemCoverage.objects.get()
    assert (row.item, row.coverage.outlet) == (open_package.items[0], "Dala TV")


def test_links_of_the_server_do_not_use_up_those_of_the_press_desk(open_package: Press, monkeypatch) -> None:
    from events.press.coverage import actions as coverage_actions

    monkeypatch.setattr(coverage_actions, "MOST_OPEN", 1)
    fields = {"kind": CoverageKind.TELEVISION, "on": localdate(now()), "programme": "Evening"}
    log_airing(source=given(open_package), item=open_package.items[0], **fields)
    coverage_actions.make_coverage_link(access=open_package.access, label="Dala", language=Language.KK)
    with pytest.raises(Refused):
        coverage_actions.make_coverage_link(access=open_package.access, label="Qala", language=Language.KK)


def test_one_and_three_links_take_the_same_queries(open_package: Press, client_of) -> None:
    client = client_of(open_package.made.coordinator)
    pages = [at("media_package_links", open_package), at("media_package_coverage", open_package)]

    def asked() -> list[int]:
        counts = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            counts.append(len(queries))
        return counts

    def more(number: int) -> None:
        organisation, _person = partner(open_package, f"Partner {number}")
        given(open_package, organisation=organisation)
        known(open_package.access, number)
        row = covered(open_package.access, f"Outlet {number}", link=f"https://x.example/{number}")
        attach_coverage(access=open_package.access, item=open_package.items[0], coverage=row)
        covered(open_package.access, f"Free {number}", link=f"https://free.example/{number}")

    more(1)
    one = asked()
    more(2)
    more(3)
    assert asked() == one


def test_a_link_that_ended_by_itself_can_be_given_anew(open_package: Press) -> None:
    link = given(open_package)
    with freeze_clock_at(now() + datetime.timedelta(days=181)):
        new = actions.renew_link(access=open_package.access, link=link)
        assert new.ends_at > now()
