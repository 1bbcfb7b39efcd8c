"""The demo: seeded once, taken away wholly, and nowhere but in the demo."""

import datetime
from io import StringIO
from pathlib import Path

import pytest
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.apps import apps
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory

from coalition.accounts.actions.memberships import give_office
from coalition.accounts.models import Freeze, Listing, MembershipRequest, OfficeKind, Organisation, User
from coalition.accounts.queries import demo_people
from coalition.audit.models import AuditEntry
from coalition.campaigns.impact.actions.grants import link_path
from coalition.campaigns.impact.changes import later_changes
from coalition.campaigns.impact.content import digest_of, read_content
from coalition.campaigns.impact.enums import Rung
from coalition.campaigns.impact.models import Grant, Report
from coalition.campaigns.impact.queries import open_links
from coalition.campaigns.impact.statement import Scope, statement_of
from coalition.campaigns.media_package.enums import Format, ItemKind, RenditionState
from coalition.campaigns.media_package.gate import PackageGate, items_with_files
from coalition.campaigns.media_package.measuring.ffmpeg import find_ffmpeg
from coalition.campaigns.media_package.measuring.warnings import is_ready_for_tv
from coalition.campaigns.media_package.models import MediaPackage, NoticeRecipient, Rendition
from coalition.campaigns.media_package.outlets.queries import links_for_person
from coalition.campaigns.media_package.queries import items_with_changed_facts
from coalition.core.clock import freeze_clock_at, now
from coalition.jobs.models import DueWork
from coalition.mail.models import OutboxMail
from coalition.settings import base
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import workspaces_for
from demo import urls as demo_urls  # loads every address before a test turns the demo on
from demo.load import load
from demo.personas import PASSWORD, ROLES
from demo.seed.accounts import Accounts
from demo.seed.agreement import others_are_here
from documents.agreement.queries import organisations_asked, people_in
from documents.drafts.models import PublicationState, Way
from documents.facts.notifications import remind_of_fact_checks
from documents.models import Approval, Clearance, Draft, EmbargoAccess, Joining, Publication, Question
from documents.open_letters.models import JoiningState
from events.models import Event, PartnerEvent
from home.models import NewsPage, SearchWord
from home.search.words import words_without_item
from tests.demo.test_large import grows
from tests.deploy.test_files import instructions
from tests.desk import first_page_lacks_nothing
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
TOLD_ALL = ["coordinator", "editor", "reviewer", "s.ergali", "l.qalieva"]


def seed_demo(*arguments: str) -> str:
    out = StringIO()
    call_command("seed_demo", *arguments, stdout=out)
    return out.getvalue()


def everything() -> dict[str, int]:
    """How many rows each table has that people's work is kept in."""
    passing = {"DBTaskResult", "PageLogEntry", "Revision", "ContentType", "Permission", "ReferenceIndex"}
    return {
        model.__name__: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.managed and model.__name__ not in passing and "Index" not in model.__name__
    }


def files() -> set[str]:
    """Return the names of all stored files, public and private."""
    roots = [Path(storages[name].path("")) for name in ("default", "public")]
    return {str(path) for root in roots for path in root.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_the_demo_comes_once_and_goes_wholly(settings, site, client, django_capture_on_commit_callbacks):
    settings.DEMO = True
    stays = UserFactory(name="Stays")
    give_office(by=None, person=stays, kind=OfficeKind.SECRETARIAT)
    before, files_before = everything(), files()
    with django_capture_on_commit_callbacks(execute=True):
        seed_demo()
    _is_the_coalition_of_the_contract()
    _first_pages_lack_nothing()
    campaign = load().campaign["slug"]
    assert "/kk/write/labour-law/" in client.get(f"/kk/{campaign}/").content.decode()
    seeded = everything()  # with the renditions that verification had drawn
    assert "there already" in seed_demo()
    assert everything() == seeded
    grows()
    assert "large demo coalition is there already" in seed_demo("--size", "large")
    assert "there already" in seed_demo()
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    with django_capture_on_commit_callbacks(execute=True):
        seed_demo("--remove")
    assert files() - files_before == set()
    gone = everything()
    # An empty chain's head; what nobody in particular did; the number that feeds are counted by; what tells
    # open sockets to look at their rights, which goes by itself after some minutes; words for the search, of
    # which a page that stays has another form.
    for lasting in ("ChainHead", "AuditEntry", "FeedVersion", "SessionRevocation", "SearchWord"):
        gone.pop(lasting), before.pop(lasting)
    for language in ("kk", "ru", "en"):
        words = SearchWord.objects.filter(language=language).values_list("word", flat=True)
        assert words_without_item(language, list(words)) == []
    assert gone == before
    assert AuditEntry.objects.filter(actor=stays).count() == 0
    assert load().home["sections"][0]["lead"]["kk"] not in client.get("/kk/").content.decode()


def _first_pages_lack_nothing() -> None:
    """Of one person of every role, and of those who are told, between them, all that anybody is told: on the
    day before and after too, and once the organisation that leads is frozen. (All people take minutes.)"""
    people = {person.email.partition("@")[0]: person for person in demo_people()}
    _tell_the_same(people, [email.partition("@")[0] for email in ROLES])
    for days in (-1, 1):
        with freeze_clock_at(now() + datetime.timedelta(days=days)):
            _tell_the_same(people, TOLD_ALL)
    leads = Organisation.objects.get(slug="tobyl-tolqyny")
    freeze = Freeze.objects.create(organisation=leads, reason="Test", frozen_at=now())
    _tell_the_same(people, TOLD_ALL)
    freeze.delete()


def _tell_the_same(people: dict[str, User], names: list[str]) -> None:
    assert [name for name in names if not first_page_lacks_nothing(people[name])] == []


def _is_the_coalition_of_the_contract() -> None:
    assert set(ROLES) <= set(User.objects.filter(is_demo=True).values_list("email", flat=True))
    assert User.objects.get(email="admin@demo.example").check_password(PASSWORD)
    assert Organisation.objects.count() == 16
    assert Organisation.objects.filter(listing=Listing.WITHHELD).count() == 3
    assert Organisation.objects.filter(listing=Listing.CONFIDENTIAL).count() == 1
    main = Workspace.objects.get(participations__organisation__slug="tobyl-tolqyny")
    assert main.participations.count() == 13, "twelve organisations and a media partner"
    for email in ("outsider@demo.example", "secretariat@demo.example", "admin@demo.example"):
        assert not workspaces_for(User.objects.get(email=email)).exists()
    public = Publication.objects.filter(state=PublicationState.PUBLIC)
    assert (public.count(), public.exclude(replaces=None).count()) == (8 + 12, 1 + 1)
    assert Publication.objects.filter(state=PublicationState.SCHEDULED).count() == 2
    assert NewsPage.objects.live().count() == 3 * (len(load().news) + len(load().published))
    assert Draft.objects.count() == len(load().drafts) + len(load().media_package["items"])
    assert Event.objects.count() == len(load().events)
    states = set(Event.objects.values_list("state", flat=True))
    assert states == {"planned", "announced", "moved", "cancelled"}
    remind_of_fact_checks()
    _decides_and_is_joined()
    _has_a_media_package()
    _has_figures()
    assert set(PartnerEvent.objects.values_list("state", flat=True)) == {"shown", "waiting"}
    assert not OutboxMail.objects.filter(state=OutboxMail.State.WAITING).exists()
    call_command("verify_publication", "--all", stdout=StringIO())
    call_command("check_grants", stdout=StringIO())


def _decides_and_is_joined() -> None:
    outcomes = list(Question.objects.order_by("number").values_list("state", "outcome"))
    assert outcomes == [("settled", "reservations"), ("settled", "objection"), ("open", "")]
    assert [row.vouches.count() for row in MembershipRequest.objects.all()] == [1]
    kept_out = organisations_asked(required=True).get()
    (person,) = people_in(organisations_asked(required=True))
    assert kept_out.listing == Listing.PUBLIC
    assert not workspaces_for(person).exists()
    admitted = [bool(row.admitted_at) for row in Joining.objects.filter(state=JoiningState.JOINED)]
    assert admitted == [True, True, True, False]
    assert [bool(row.agreed_at) for row in EmbargoAccess.objects.all()] == [True, False]
    ways = set(Approval.objects.values_list("way", flat=True))
    assert ways >= {Way.MEMBERS_AREA, Way.PHONE_CALLBACK, Way.LINK}
    (verdict,) = Clearance.objects.select_related("text")
    assert verdict.hash != verdict.text.content_hash, "the words are others since the lawyer read them"


def _has_a_media_package() -> None:
    """Eleven of twelve items are given out; a figure changed since; of seven outlets one has not answered."""
    package = MediaPackage.objects.get()
    judged = PackageGate("kk").judge(items_with_files(package))
    given = {one.item.name: one for one in judged if one.is_given}
    assert (len(judged), len(given)) == (12, 11)
    assert {one.item.kind for one in judged} == set(ItemKind.values)
    assert [one.item.name for one in judged if one.status == "scheduled"] == ["interview-first-word"]
    for one in judged:
        made = [(file.format, file.language) for file in one.files if file.publication_id]
        wanted = [(code, language) for code in one.item.sets_formats for language in ("kk", "ru", "en")]
        assert sorted(made) == sorted(wanted)
    clip = given["clip-no-harassment"]
    assert is_ready_for_tv(clip.files) == bool(find_ffmpeg())
    assert {file.version for file in clip.files if file.format == Format.SUBTITLES} == {2}
    assert [one.name for one in items_with_changed_facts()] == ["poster-we-are-together"]
    assert not Rendition.objects.exclude(state=RenditionState.READY).exists()
    assert not DueWork.objects.filter(kind__startswith="media_package.", done_at=None).exists()
    recipients = NoticeRecipient.objects.all()
    assert (recipients.count(), [one.link.outlet for one in recipients.filter(answer="")]) == (
        7,
        ["Ertis TV"],
    )
    assert set(recipients.values_list("way", flat=True)) == {"link", "phone", "seen", ""}
    partner = User.objects.get(email="outlet@demo.example")
    (link,) = links_for_person(partner)
    assert link.agreed_at is not None
    assert link.taken.count() == (2 if find_ffmpeg() else 1)
    assert [one.item.name for one in link.coverage.all()] == ["clip-no-harassment"]
    assert not workspaces_for(partner).exists()


def _has_figures() -> None:
    """A donor reads the grant's figures by the link; a correction stands beside both frozen reports."""
    record = load().impact
    coordinator = User.objects.get(email="coordinator@demo.example")
    (workspace,) = workspaces_for(coordinator).filter(participations__organisation__slug="arqa-suier")
    grant = Grant.objects.get()
    assert {kind for kind, _uuid in grant.items.values_list("kind", "item")} == set(record["grant"]["pays"])
    assert grant.items.count() == sum(map(len, record["grant"]["pays"].values()))
    statement = statement_of(Scope(workspace))
    reached = {one.key.code for one in statement.entries_of(Rung.REACH)}
    assert reached >= {"coverage", "reach_measured", "reach_counter", "files_taken", ""}
    acted = {one.key.code for one in statement.entries_of(Rung.ACTION)}
    assert acted >= {"supports", "in_person", "letters", "cards_delivered", ""}
    assert len(statement.contributions) == 2
    assert [bool(one.ask) for one in statement.contributions] == [True, False]
    of_grant, whole = Report.objects.order_by("-number")
    assert (whole.grant, of_grant.grant) == (None, grant)
    for report in (whole, of_grant):
        assert digest_of(report.content) == report.sha256
        ((change,), known) = later_changes(report), read_content(report.content)["figures"]
        assert (change.before - change.after, len(change.notes)) == (10, 1)
        assert {"supports", "letters"} <= {one.get("code") for one in known}
    (link,) = open_links(grant)
    page = Client().get(link_path(link))
    assert page.status_code == 200
    told = page.content.decode()
    assert "1 organisation whose name is withheld" in told
    assert "× 3.3 of" in told
    for slug in ("syr-qyzdary", "bokter-uii"):
        hidden = load().organisation(slug)
        assert not [name for name in hidden["name"].values() if name in told]


def test_production_does_not_install_the_demo():
    assert "demo" not in base.INSTALLED_APPS
    assert demo_urls.__name__ != base.ROOT_URLCONF
    assert any(line.startswith("COPY home ") for line in instructions())
    assert not [line for line in instructions() if line.startswith("COPY") and "demo" in line.split()]


def test_without_the_demo_nothing_is_seeded(site):
    with pytest.raises(CommandError):
        seed_demo()
    assert not User.objects.filter(is_demo=True).exists()


@pytest.fixture
def persona(db) -> User:
    person = UserFactory(email="admin@demo.example", is_demo=True, is_superuser=True, name="Arman")
    UserFactory(email="real@tests.example", is_superuser=True)
    return person


@pytest.fixture
def in_demo(settings):
    settings.DEMO = True
    settings.ROOT_URLCONF = demo_urls.__name__


def _is_nowhere(client: Client, answer) -> bool:
    """As an address that the site does not have: the languages are tried, and there is nothing."""
    return answer.status_code == 302 and client.get(answer.url).status_code == 404


def test_one_press_signs_in_as_a_persona(in_demo, persona, client):
    assert "Arman" in client.get("/demo/?language=en").content.decode()
    assert client.post("/demo/sign-in/", {"email": persona.email}).status_code == 302
    assert client.session["_auth_user_id"] == str(persona.pk)


def test_a_persona_is_not_asked_for_the_password_right_away(in_demo, persona, client):
    client.post("/demo/sign-in/", {"email": persona.email})
    request = RequestFactory().get("/")
    request.session, request.user = client.session, persona
    assert did_recently_reauthenticate(request)


@pytest.mark.parametrize("email", ["real@tests.example", "nobody@demo.example", ""])
def test_nobody_else_is_signed_in(in_demo, persona, client, email):
    assert _is_nowhere(client, client.post("/demo/sign-in/", {"email": email}))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "", "nonsense"])
def test_only_this_very_machine_may_press(in_demo, persona, address):
    client = Client(REMOTE_ADDR=address)
    assert _is_nowhere(client, client.get("/demo/"))
    assert _is_nowhere(client, client.post("/demo/sign-in/", {"email": persona.email}))
    assert "_auth_user_id" not in client.session


def test_a_get_signs_nobody_in(in_demo, persona, client):
    assert client.get("/demo/sign-in/", {"email": persona.email}).status_code == 405


def test_without_the_demo_the_page_is_not_there_even_at_its_address(in_demo, persona, client, settings):
    settings.DEMO = False
    assert _is_nowhere(client, client.get("/demo/"))
    assert _is_nowhere(client, client.post("/demo/sign-in/", {"email": persona.email}))


def test_organisations_that_are_not_the_demos_are_not_asked_to_accept_its_agreement(db):
    own = OrganisationFactory()
    accounts = Accounts(organisations={"own": own})
    assert not others_are_here(accounts)
    OrganisationFactory()
    assert others_are_here(accounts)
