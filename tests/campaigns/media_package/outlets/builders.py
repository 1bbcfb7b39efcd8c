"""Outlets with links, an item under embargo, a media partner with its editor; all invented."""

import datetime

from django.test import Client

from coalition.accounts.models import Language, Organisation, OrganisationKind, User
from coalition.campaigns.media_package.actions.packages import set_access
from coalition.campaigns.media_package.enums import PackageAudience
from coalition.campaigns.media_package.models import MediaItem, MediaPackage, PackageLink, Rendition
from coalition.campaigns.media_package.outlets.access import open_link
from coalition.campaigns.media_package.outlets.actions import (
    agree_to_embargo,
    embargo_code,
    give_link,
    link_path,
)
from coalition.core.clock import now
from documents.drafts.actions.manage import name_version
from documents.models import Publication
from documents.publication.embargo.actions import schedule_publication
from tests.campaigns.media_package.builders import CREDIT, LANGUAGES, LICENCE, Press, blocks
from tests.documents.approval.builders import Stage
from tests.factories import MembershipFactory, OrganisationFactory, ParticipationFactory, UserFactory

DAY = datetime.timedelta(days=1)


def given(press: Press, name: str = "Oral TV", **fields: object) -> PackageLink:
    """A link of an outlet that reads English; its address is derived from its name."""
    mail = f"{name.lower().replace(' ', '-')}@tests.example"
    said = {"outlet": name, "address": mail, "language": Language.EN, **fields}
    return give_link(access=press.access, package=press.package, **said)


def embargoed(press: Press, days: int = 2) -> MediaPackage:
    """The package, for outlets alone, under embargo for so many days."""
    press.package = set_access(
        access=press.access,
        package=press.package,
        audience=PackageAudience.OUTLETS,
        opens_at=now() + days * DAY,
    )
    return press.package


def scheduled(press: Press, item: MediaItem, words: str, days: int = 1) -> Publication:
    """Approve the item's text in all languages, and schedule it."""
    made = press.made
    own = Stage(made.workspace, made.coordinator, item.draft, made.organisations, made.representatives)
    versions = []
    for language in LANGUAGES:
        content = blocks(("", words), (CREDIT[language], "The coalition"), (LICENCE[language], "Free to air"))
        text = own.write_blocks(content, language, title=f"{words} ({language})")
        versions.append(name_version(access=press.access, text=text, name="As agreed"))
    round_ = own.put(versions=versions)
    own.approve_all(round_)
    return schedule_publication(access=press.access, round_=round_, at=now() + days * DAY)


def agreed(link: PackageLink) -> PackageLink:
    """Read the page of the link as it is now, and agree."""
    until = open_link(PackageLink.objects.get(pk=link.pk)).embargo_until
    return agree_to_embargo(link=link, until=embargo_code(until))


def partner(press: Press, name: str = "Steppe TV") -> tuple[Organisation, User]:
    """A media partner of the workspace, and its editor, who has no seat."""
    organisation = OrganisationFactory(kind=OrganisationKind.MEDIA_PARTNER, name_en=name, name_kk=name)
    ParticipationFactory(workspace=press.package.workspace, organisation=organisation)
    person = UserFactory()
    MembershipFactory(person=person, organisation=organisation)
    return organisation, person


def page_of(link: PackageLink, query: str = "") -> str:
    answer = Client().get(link_path(link) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def path_of(link: PackageLink, rendition: Rendition) -> str:
    return f"{link_path(link)}files/{rendition.uuid}/{rendition.file_name}"
