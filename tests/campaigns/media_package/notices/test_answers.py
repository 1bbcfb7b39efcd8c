"""What outlets answer to a notice by their link, and what the desk records."""

import datetime
import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import override

from coalition.accounts.models import OfficeKind
from coalition.accounts.naming import Viewer
from coalition.campaigns.media_package.actions.packages import set_access
from coalition.campaigns.media_package.enums import AnswerWay, NoticeKind, OutletAnswer, PackageAudience
from coalition.campaigns.media_package.models import (
    ItemNotice,
    MediaPackage,
    NoticeRecipient,
    PackageLink,
    Rendition,
)
from coalition.campaigns.media_package.notices.actions import (
    answer_by_link,
    answer_path,
    note_call,
    record_answer,
    send_notice,
)
from coalition.campaigns.media_package.notices.dashboard import outlets_to_call
from coalition.campaigns.media_package.notices.presenters import open_words_of
from coalition.campaigns.media_package.outlets.actions import link_path
from coalition.campaigns.media_package.queries import counts_in, open_answers
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.core.log_redaction import mask_tokens
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.models import Contact, Outlet
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.notices.builders import correction_address, outlet_with
from tests.factories import OfficeFactory, seat

pytestmark = pytest.mark.django_db

AGO = datetime.timedelta(hours=49)


@pytest.fixture
def film(open_package: Press) -> Rendition:
    return Rendition.objects.get()


@pytest.fixture
def oral(open_package: Press, film: Rendition) -> NoticeRecipient:
    """Oral TV, which has got a correction."""
    outlet_with(film)
    return sent(open_package).recipients.get()


def sent(press: Press, kind: NoticeKind = NoticeKind.CORRECTION) -> ItemNotice:
    return send_notice(access=press.access, item=press.items[0], kind=kind)


def today() -> datetime.date:
    return localdate(now())


def button_of(recipient: NoticeRecipient) -> bool | str:
    """Where “Open the new files” leads; False without it."""
    words = Client().get(answer_path(recipient)).content.decode()
    found = re.search(r'href="([^"]+)">Open the new files', words)
    return found[1] if found else False


def test_new_files_are_on_the_outlets_own_page_and_on_the_public_one_for_others(
    open_package: Press, film: Rendition
) -> None:
    outlet_with(film)
    correction_address(open_package.package)
    recipients = sent(open_package).recipients.all()
    blogger, oral = recipients.get(link=None), recipients.exclude(link=None).get()
    public = "/en/media/package/"
    link = oral.link
    assert link is not None
    assert button_of(blogger) == public
    assert button_of(oral) == link_path(link)
    set_access(
        access=open_package.access,
        package=open_package.package,
        audience=PackageAudience.OUTLETS,
        opens_at=None,
    )
    assert button_of(blogger) is False
    assert button_of(oral) == link_path(link)
    PackageLink.objects.update(ended_at=now())
    assert button_of(oral) is False
    MediaPackage.objects.update(audience=PackageAudience.PUBLIC)
    assert button_of(oral) == public


def test_one_press_answers_without_cookies_and_can_be_changed(oral: NoticeRecipient) -> None:
    path = answer_path(oral)
    page = Client().get(path)
    words = page.content.decode()
    assert "Video: film" in words
    client = Client(enforce_csrf_checks=True)  # the browser of a messenger has no cookie
    assert page["X-Robots-Tag"] == "noindex"
    assert page["Content-Language"] == "en"
    oral.refresh_from_db()
    assert oral.answer == ""  # a GET answers nothing

    assert client.post(path, {"answer": "replaced"}).status_code == 302
    oral.refresh_from_db()
    assert (oral.answer, oral.way, oral.answers.get().answered_by) == ("replaced", "link", None)
    client.post(path, {"answer": "replaced"})
    assert oral.answers.count() == 1  # the same again
    assert "Thank you. Your answer:" in Client().get(path).content.decode()

    client.post(path, {"answer": "removed", "removed_from": ["telegram", "site", "instagram"]})
    removed = oral.answers.latest("pk")
    assert (removed.answer, removed.removed_from) == ("removed", ["site", "instagram", "telegram"])
    assert "Removed: Site, Instagram, Telegram" in Client().get(path).content.decode()

    client.post(path, {"answer": "aired", "aired_on": today().isoformat()})
    aired = oral.answers.latest("pk")
    assert (aired.answer, aired.aired_on, aired.removed_from) == ("aired", today(), [])
    client.post(path, {"answer": "not_used"})
    assert oral.answers.latest("pk").aired_on is None
    oral.refresh_from_db()
    assert (oral.answer, oral.answers.count()) == ("not_used", 4)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"answer": "burnt"},
        {"answer": "aired"},
        {"answer": "aired", "aired_on": "2099-01-01"},
        {"answer": "aired", "aired_on": "yesterday"},
        {"answer": "removed", "removed_from": ["the moon"]},
    ],
)
def test_a_wrong_answer_stores_nothing_and_says_why(oral: NoticeRecipient, wrong: dict[str, str]) -> None:
    refused = Client().post(answer_path(oral), wrong)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert wrong.get("aired_on", "") in refused.content.decode()
    oral.refresh_from_db()
    assert (oral.answer, oral.answers.count()) == ("", 0)


def test_foreign_pages_and_unknown_links_answer_nothing(oral: NoticeRecipient, client: Client) -> None:
    path = answer_path(oral)
    foreign = client.post(path, {"answer": "replaced"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    oral.refresh_from_db()
    assert oral.answer == ""
    assert client.get(reverse("media_answer", args=["x" * 43])).status_code == 410
    assert client.post(reverse("media_answer", args=["x" * 43]), {"answer": "replaced"}).status_code == 410


def test_the_links_are_masked_in_logs(oral: NoticeRecipient) -> None:
    assert mask_tokens(answer_path(oral)) == "/media-answer/***/"
    assert mask_tokens("/kk/media/address/secret/") == "/kk/media/address/***/"


def test_the_page_of_an_older_notice_leads_to_the_newer_one(
    open_package: Press, oral: NoticeRecipient, client: Client
) -> None:
    newer = sent(open_package).recipients.get()
    words = client.get(answer_path(oral)).content.decode()
    assert answer_path(newer) in words
    assert "What became of it" not in words
    assert client.post(answer_path(oral), {"answer": "replaced"}).status_code == 409
    with override("en"), pytest.raises(Refused, match="newer notice"):
        answer_by_link(recipient=oral, answer=OutletAnswer.REPLACED)


def test_one_of_seven_is_open(open_package: Press, film: Rendition) -> None:
    package = open_package.package
    assert open_words_of(package) == ""
    for number in range(6):
        outlet_with(film, f"Outlet {number}")
    correction_address(package)
    recipients = list(sent(open_package).recipients.all())
    assert len(recipients) == 7
    for one in recipients[1:]:
        answer_by_link(recipient=one, answer=OutletAnswer.NOT_USED)
    assert open_answers(package).get() == recipients[0]
    assert counts_in(open_package.made.workspace) == (1, 1, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coalition.campaigns.media_package.notices.presenters._", lambda words: words)
        assert open_words_of(package) == "1 of 7 open"


def test_the_desk_records_what_it_heard_and_saw(
    open_package: Press, oral: NoticeRecipient, client_of
) -> None:
    desk = client_of(open_package.made.coordinator)
    address = reverse("campaigns:media_recipient", args=[oral.uuid])
    assert "Oral TV" in desk.get(address).content.decode()
    wrong = desk.post(address, {"way": "phone", "answer": "aired", "aired_on": "2099-01-01"})
    assert wrong.status_code == 422
    assert "2099-01-01" in wrong.content.decode()
    told = {"way": "phone", "answer": "aired", "aired_on": today().isoformat()}
    answer = desk.post(address, told)
    assert answer["Location"] == reverse("campaigns:media_notice", args=[oral.notice.uuid])
    oral.refresh_from_db()
    assert (oral.answer, oral.way) == ("aired", "phone")
    assert oral.answers.get().answered_by == open_package.made.coordinator
    words = desk.get(answer["Location"]).content.decode()
    assert "Oral TV" in words
    assert "The only recipient has answered." in words
    with pytest.raises(Refused, match="telephone"):
        record_answer(
            access=open_package.access, recipient=oral, answer=OutletAnswer.REPLACED, way=AnswerWay.LINK
        )


def test_the_desk_and_the_outlet_do_not_overwrite_each_other(
    open_package: Press, oral: NoticeRecipient, client_of
) -> None:
    answer_by_link(recipient=oral, answer=OutletAnswer.REMOVED, removed_from=["site", "youtube"])
    seen = {"way": AnswerWay.SEEN, "answer": OutletAnswer.AIRED, "aired_on": today()}
    record_answer(access=open_package.access, recipient=oral, **seen)

    desk = client_of(open_package.made.coordinator)
    for address in (
        reverse("campaigns:media_notice", args=[oral.notice.uuid]),
        reverse("campaigns:media_recipient", args=[oral.uuid]),
    ):
        words = desk.get(address).content.decode()
        assert "Removed: Site, YouTube" in words
        assert "By its link" in words
        assert re.search(r"Aired on [^<]+ · Seen by us|Aired on [^<]+</strong> · Seen by us", words)

    own = Client().get(answer_path(oral)).content.decode()
    assert "Removed: Site, YouTube" in own
    assert "cannot be undone</p>" not in own  # what the desk saw is not the outlet's answer
    assert f'value="{today().isoformat()}" max' not in own

    answer_by_link(recipient=oral, answer=OutletAnswer.NOT_USED)
    words = desk.get(reverse("campaigns:media_notice", args=[oral.notice.uuid])).content.decode()
    assert "Not used" in words
    assert "Seen by us" in words
    assert "Removed: Site" not in words  # by the link the last one counts
    assert oral.answers.count() == 3
    assert not open_answers(open_package.package).exists()


def test_outlets_are_called_after_48_hours(open_package: Press, film: Rendition, client_of) -> None:
    made = open_package.made
    paper = Outlet.objects.create(organisation=open_package.access.organisation.uuid, name="Oral TV")
    contact = Contact.objects.create(
        organisation=open_package.access.organisation.uuid,
        outlet=paper,
        name="Aru Ibrayeva",
        phone="+7 711 000 00 00",
        added_at=now(),
    )
    outlet_with(film, contact=contact.uuid)
    correction_address(open_package.package)
    with freeze_clock_at(now() - AGO):
        recipient = sent(open_package).recipients.get(link__isnull=False)
    desk = client_of(made.coordinator)
    calls = reverse("campaigns:media_calls", args=[made.workspace.uuid])
    words = desk.get(calls).content.decode()
    assert "1 outlet has not answered for 48 hours." in words
    assert "+7 711 000 00 00" in words
    assert "An address for corrections" not in words
    assert (
        "1 outlet has not answered for 48 hours."
        in desk.get(reverse("workspaces:dashboard")).content.decode()
    )

    desk.post(reverse("campaigns:media_not_reached", args=[recipient.uuid]))
    recipient.refresh_from_db()
    assert recipient.called_at is not None
    assert "called, not reached" in desk.get(calls).content.decode()
    answer_by_link(recipient=recipient, answer=OutletAnswer.REPLACED)
    assert "Nobody has to be called" in desk.get(calls).content.decode()
    with pytest.raises(Refused, match="answered already"):
        note_call(access=open_package.access, recipient=recipient)


def test_nobody_is_called_before(open_package: Press, oral: NoticeRecipient, client_of) -> None:
    calls = reverse("campaigns:media_calls", args=[open_package.made.workspace.uuid])
    assert "Nobody has to be called" in client_of(open_package.made.coordinator).get(calls).content.decode()


def test_a_press_officer_is_told_whom_to_call_and_an_editor_is_not(
    open_package: Press, film: Rendition
) -> None:
    workspace = open_package.made.workspace
    outlet_with(film)
    with freeze_clock_at(now() - AGO):
        recipient = sent(open_package).recipients.get()
    editor = seat(workspace=workspace, role=SeatRole.EDITOR)
    access = access_to(editor.person, workspace.uuid)
    assert not list(outlets_to_call(editor.person, Viewer(signed_in=True)))
    with pytest.raises(NotAllowed):
        note_call(access=access, recipient=recipient)
    OfficeFactory(kind=OfficeKind.PRESS_OFFICER, person=editor.person, organisation=access.organisation)
    [row] = outlets_to_call(editor.person, Viewer(signed_in=True))
    assert urlsplit(row.url).path == reverse("campaigns:media_calls", args=[workspace.uuid])
    note_call(access=access_to(editor.person, workspace.uuid), recipient=recipient)


def test_an_editor_does_not_read_who_took_what(open_package: Press, oral: NoticeRecipient, client_of) -> None:
    workspace = open_package.made.workspace
    editor = client_of(seat(workspace=workspace, role=SeatRole.EDITOR).person)
    for name, key in [
        ("media_notice", oral.notice.uuid),
        ("media_recipient", oral.uuid),
        ("media_item_notices", open_package.items[0].uuid),
        ("media_calls", workspace.uuid),
    ]:
        assert editor.get(reverse(f"campaigns:{name}", args=[key])).status_code == 403
    stranger = client_of(seat(role=SeatRole.COORDINATOR).person)
    assert stranger.get(reverse("campaigns:media_notice", args=[oral.notice.uuid])).status_code == 404


def test_the_desk_sends_from_the_page_of_the_item(open_package: Press, film: Rendition, client_of) -> None:
    item = open_package.items[0]
    desk = client_of(open_package.made.coordinator)
    address = reverse("campaigns:media_item_notices", args=[item.uuid])
    assert desk.post(address, {"act": "correction"})["Location"] == address  # nobody took it
    assert "Nobody took a file" in desk.get(address).content.decode()
    outlet_with(film)
    first = desk.post(address, {"act": "correction"})["Location"]
    second = desk.post(address, {"act": "remove"})["Location"]
    assert [one.kind for one in ItemNotice.objects.order_by("pk")] == ["correction", "withdrawal"]
    assert "closed this one" in desk.get(first).content.decode()
    assert "1 of 1 open" in desk.get(second).content.decode()
    assert "Closed by a newer notice" in desk.get(address).content.decode()


def test_three_recipients_take_as_many_queries_as_one(
    open_package: Press, film: Rendition, client_of, django_assert_num_queries
) -> None:
    desk = client_of(open_package.made.coordinator)
    outlet_with(film)
    few = _queries(desk, reverse("campaigns:media_notice", args=[sent(open_package).uuid]))
    for name in ("Caspian Radio", "Aral News"):
        outlet_with(film, name)
    many = _queries(desk, reverse("campaigns:media_notice", args=[sent(open_package).uuid]))
    assert many == few


def _queries(desk: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    desk.get(address)
    with CaptureQueriesContext(connection) as found:
        assert desk.get(address).status_code == 200
    return len(found)
