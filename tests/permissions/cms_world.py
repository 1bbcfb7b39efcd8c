"""What must not be told in `/cms/`, and everyone who tries: for the replays of Wagtail's advisories."""

import io
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupCollectionPermission,
    GroupPagePermission,
    Revision,
)

from coalition.accounts.actions.memberships import give_office
from coalition.accounts.models import MembershipRole, OfficeKind
from coalition.roles import SeatRole
from home.models import HomePage, NewsIndexPage, NewsPage, PublicImage, Topic
from tests.conftest import sign_in
from tests.factories import MembershipFactory, OfficeFactory, UserFactory, seat

CANARY = "Zimorodok"  # in every word that must not be told
OWN = "Own page of the narrow editor"
WITH_BUSINESS_ELSEWHERE = (
    "anonymous",
    "outsider",
    "member",
    "coordinator",
    "representative",
    "press officer",
    "secretariat",
    "newsroom without its second factor",
)


@dataclass
class Hidden:
    """Of the Russian tree and a private collection: nothing of it is for who writes the English pages."""

    page: NewsPage
    older: Revision
    draft: Revision
    image: PublicImage
    document: object
    topic: Topic
    own: NewsPage
    own_draft: Revision


def hidden() -> Hidden:
    index = NewsIndexPage.objects.get(locale__language_code="ru")
    page = _news(index, f"{CANARY} title")
    older = page.save_revision()
    older.publish()
    page.lead = f"{CANARY} draft"
    draft = page.save_revision()
    private = Collection.get_first_root_node().add_child(name=f"{CANARY} private")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    inner = private.add_child(name=f"{CANARY} inner")
    image = PublicImage.objects.create(
        title=f"{CANARY} image", alt="A red field", file=_red_field(), collection=inner
    )
    document = get_document_model().objects.create(
        title=f"{CANARY} document",
        file=ContentFile(CANARY.encode(), name=f"{CANARY}.txt"),
        collection=inner,
    )
    topic = Topic.objects.create(name=f"{CANARY} topic", slug="hidden", locale=index.locale)
    own = _news(NewsIndexPage.objects.get(locale__language_code="en"), OWN)
    own_draft = own.save_revision()
    own_draft.publish()
    return Hidden(page, older, draft, image, document, topic, own, own_draft)


def _red_field() -> ContentFile[bytes]:
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(content, "PNG")
    return ContentFile(content.getvalue(), name="field.png")


def _news(index: NewsIndexPage, title: str) -> NewsPage:
    page = NewsPage(title=title, locale=index.locale, lead=f"Lead of {title}")
    index.add_child(instance=page)
    return NewsPage.objects.get(pk=page.pk)


def narrow_editor() -> Client:
    """Nobody has this role; it is what Wagtail's permissions must hold if somebody ever has."""
    group = Group.objects.create(name="English pages")
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
        Permission.objects.get(content_type__app_label="home", codename="add_topic"),
    )
    rights = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=("add_page", "change_page", "publish_page")
    )
    home = HomePage.objects.get(locale__language_code="en")
    mine = Collection.get_first_root_node().add_child(name="English")
    for right in rights:
        GroupPagePermission.objects.create(group=group, page=home, permission=right)
    for app, codename in (("wagtailimages", "add_image"), ("wagtailimages", "choose_image")):
        right = Permission.objects.get(content_type__app_label=app, codename=codename)
        GroupCollectionPermission.objects.create(group=group, collection=mine, permission=right)
    person = UserFactory()
    MembershipFactory(person=person)
    person.groups.add(group)
    return sign_in(Client(), person)


def newsroom(*, second_factor: bool = True) -> Client:
    person = UserFactory()
    give_office(by=None, person=person, kind=OfficeKind.NEWSROOM)
    return sign_in(Client(), person, second_factor=second_factor)


def superuser() -> Client:
    return sign_in(Client(), UserFactory(is_superuser=True, is_staff=True))


def who(role: str) -> Client:
    """A browser of somebody who may not enter `/cms/`."""
    people = {
        "outsider": UserFactory,
        "member": lambda: MembershipFactory().person,
        "coordinator": lambda: seat(role=SeatRole.COORDINATOR).person,
        "representative": lambda: MembershipFactory(role=MembershipRole.REPRESENTATIVE).person,
        "press officer": lambda: OfficeFactory(kind=OfficeKind.PRESS_OFFICER).person,
        "secretariat": lambda: OfficeFactory().person,
    }
    if role == "anonymous":
        return Client()
    if role == "newsroom without its second factor":
        return newsroom(second_factor=False)
    return sign_in(Client(), people[role]())


def tells(answer: HttpResponse) -> bool:
    """Whether the canary is in the body or any header."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return CANARY.encode() in body or any(CANARY in value for value in answer.headers.values())


def refuses(answer: HttpResponse) -> bool:
    """Not there, not allowed, or away from it: never an answer of its own."""
    return answer.status_code in {302, 400, 403, 404, 405}
