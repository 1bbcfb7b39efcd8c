"""An appeal of a published text, and people who support it."""

from uuid import uuid4

import factory
from django.utils.timezone import localdate

from coalition.applicants.forms import mailbox_print, owner_print
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.models import Appeal, AppealVersion, Support
from coalition.core.clock import now
from coalition.core.throttling import derive_token, hash_token
from documents.models import Publication
from tests.documents.approval.builders import Stage, stage
from tests.factories import Factory, numbered
from tests.recording import recorded


class AppealFactory(Factory):
    """Needs `workspace` and `organisation`: `open_appeal()` brings all of it."""

    class Meta:
        model = Appeal

    slug = numbered(lambda n: f"appeal-{n}")
    created_at = factory.LazyFunction(now)
    opened_at = factory.LazyFunction(now)


class AppealVersionFactory(Factory):
    """Needs `appeal` and `publication`."""

    class Meta:
        model = AppealVersion

    number = 1
    hashes = factory.LazyAttribute(lambda o: hashes_of(o.publication))
    made_at = factory.LazyFunction(now)


class SupportFactory(Factory):
    """Needs `version`. A counted support without an address unless `address` is given."""

    class Meta:
        model = Support
        exclude = ["mailbox"]

    mailbox = numbered(lambda n: f"supporter{n}@tests.example")
    uuid = factory.LazyFunction(uuid4)
    appeal = factory.LazyAttribute(lambda o: o.version.appeal)
    state = SupportState.COUNTED
    region = "KZ-75"
    language = "en"
    address_print = factory.LazyAttribute(lambda o: mailbox_print(o.mailbox))
    owner_print = factory.LazyAttribute(lambda o: owner_print(o.mailbox) if o.address_print else "")
    token_hash = factory.LazyAttribute(lambda o: hash_token(derive_token(SUPPORT.purpose, o.uuid)))
    day = factory.LazyFunction(lambda: localdate(now()))


def hashes_of(publication: Publication) -> dict[str, str]:
    return {text.language: text.hash for text in publication.texts.all()}


@recorded
def open_appeal(
    *languages: str, made: Stage | None = None, slug: str = "for-a-law", **given: object
) -> AppealVersion:
    """The first version of an appeal that takes support now; its text is published in these languages."""
    made = made or stage()
    publication = made.publish(*languages)
    appeal = AppealFactory(workspace=made.workspace, organisation=made.organisations[0], slug=slug, **given)
    return AppealVersionFactory(appeal=appeal, publication=publication)
