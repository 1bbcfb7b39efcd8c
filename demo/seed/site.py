"""The public site: the newsroom's own news, topics, pictures, and the first pages."""

import datetime
from collections.abc import Mapping
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from uuid_utils.compat import uuid7
from wagtail.models import Locale, Page

from coalition.accounts.models import Language
from coalition.campaigns.models import Appeal, CardDesign, LetterAction, MediaPackage
from demo import art
from demo.load import Demo, Record
from demo.seed.accounts import Accounts, mark_as_demo
from demo.seed.drafts import DraftPlan
from demo.seed.facts import Facts, uuids_of
from demo.seed.history import History
from demo.seed.sections import Pieces, page_named, sections_of
from demo.story import story
from documents.publication.actions import upload_organisation_logo
from home.models import (
    CampaignPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    PartnersPage,
    PublicImage,
    StandardPage,
    Topic,
)

NOON = datetime.time(12)

type Topics = dict[tuple[str, str], Topic]  # by id and language
type Covers = dict[str, PublicImage]


def open_site(
    demo: Demo, accounts: Accounts, drafts: dict[str, DraftPlan], facts: Facts, history: History
) -> None:
    """Create everything on the public site besides the publications, and add covers and topics to those."""
    topics = _topics(demo)
    covers = _covers(demo)
    uuids = uuids_of(facts)
    for record in demo.news:
        _news(record, uuids, topics, covers, history)
    for record in demo.published:
        _dress(record, drafts[record["draft"]], topics, covers)
    pieces = Pieces(
        facts=uuids,
        topics={one: str(topic.translation_key) for (one, _language), topic in topics.items()},
        organisations={one: str(row.uuid) for one, row in accounts.organisations.items()},
        pages=partial(page_named, drafts=drafts),
        postcards={one["id"]: str(CardDesign.objects.get(slug=one["slug"]).uuid) for one in demo.postcards},
        letters={one["slug"]: str(LetterAction.objects.get(slug=one["slug"]).uuid) for one in demo.letters},
        packages={row.slug: str(row.uuid) for row in MediaPackage.objects.all()},
        appeals={one["id"]: str(Appeal.objects.get(slug=one["slug"]).uuid) for one in demo.appeals},
    )
    _logos(demo, accounts)
    _campaign(demo.campaign, pieces)
    _first_pages(demo, pieces)


def _locales() -> dict[str, Locale]:
    return {
        locale.language_code: locale for locale in Locale.objects.filter(language_code__in=Language.values)
    }


def _topics(demo: Demo) -> Topics:
    locales, made = _locales(), {}
    for record in demo.topics:
        key = uuid7()
        for language in Language.values:
            topic = Topic.objects.create(
                name=record["name"][language],
                slug=record["id"],
                locale=locales[language],
                translation_key=key,
            )
            mark_as_demo(topic)
            made[record["id"], language] = topic
    return made


def _covers(demo: Demo) -> Covers:
    made = {}
    for name in sorted({record["cover"] for record in [*demo.news, *demo.published]}):
        image = PublicImage(title=name, file=ContentFile(art.cover_png(name), name=f"{name}.png"))
        image.save()
        mark_as_demo(image)
        made[name] = image
    return made


def _logos(demo: Demo, accounts: Accounts) -> None:
    """Add the logos of two organisations; the others have not permitted theirs."""
    for name in demo.logos:
        row, drawn = accounts.organisations[name], art.png(art.logo(accounts.organisations[name].hue))
        representative = accounts.people[demo.representative_of(name)["email"]]
        upload_organisation_logo(
            person=representative, organisation=row, content=BytesIO(drawn), size=len(drawn), name="logo.png"
        )


def _campaign(record: Record, pieces: Pieces) -> None:
    key: UUID = uuid7()
    for home in HomePage.objects.select_related("locale").order_by("pk"):
        language = home.locale.language_code
        page = CampaignPage(
            title=record["title"][language],
            slug=record["slug"],
            locale=home.locale,
            translation_key=key,
            lead=record["lead"][language],
            sections=sections_of(record["sections"], language, pieces),
        )
        home.add_child(instance=page)
        mark_as_demo(page.page_ptr)
        _publish(page)


def _first_pages(demo: Demo, pieces: Pieces) -> None:
    home = demo.home
    for page in HomePage.objects.select_related("locale"):
        language = page.locale.language_code
        page.search_description = home["description"][language]
        page.sections = sections_of(home["sections"], language, pieces)
        _publish(page)
    for partners in PartnersPage.objects.select_related("locale"):
        partners.lead = demo.partners["lead"][partners.locale.language_code]
        _publish(partners)
    for about in StandardPage.objects.filter(slug="about").select_related("locale"):
        language = about.locale.language_code
        about.title, about.lead = demo.about["title"][language], demo.about["lead"][language]
        about.body = story(demo.about["body"][language], facts=pieces.facts)
        _publish(about)


def _publish(page: Page) -> None:
    page.save_revision().publish()


def _news(record: Record, facts: Mapping[str, str], topics: Topics, covers: Covers, history: History) -> None:
    key: UUID = uuid7()
    for index in NewsIndexPage.objects.select_related("locale").order_by("pk"):
        language = index.locale.language_code
        page = NewsPage(
            title=record["title"][language],
            slug=record["slug"],
            locale=index.locale,
            translation_key=key,
            kind_label=record["label"][language],
            lead=record["lead"][language],
            body=story(record["body"][language], facts=facts),
            published_on=history.day(record["days_ago"], NOON),
            **_dressing(record, language, covers),
        )
        index.add_child(instance=page)
        page.topics.set([topics[one, language] for one in record["topics"]])
        page.save()
        mark_as_demo(page.page_ptr)
        _publish(page)
        _date(page)


def _dressing(record: Record, language: str, covers: Covers) -> dict[str, Any]:
    return {
        "cover": covers[record["cover"]],
        "cover_alt": record["cover_alt"][language],
        "placement": record["placement"],
        "regions": record.get("regions", []),
        "safe_exit": record.get("safe_exit", False),
        "light": record.get("light", False),
    }


def _dress(record: Record, draft: DraftPlan, topics: Topics, covers: Covers) -> None:
    """Set cover, topics and placement of a publication's pages: what the newsroom may choose."""
    for page in NewsPage.objects.filter(publication__draft=draft.row).select_related("locale"):
        language = page.locale.language_code
        for name, value in _dressing(record, language, covers).items():
            setattr(page, name, value)
        page.topics.set([topics[one, language] for one in record["topics"]])
        page.save()
        _publish(page)
        _date(page)


def _date(page: NewsPage) -> None:
    """Set the page's dates: Wagtail uses the host's clock, which the history does not turn back."""
    moments = dict.fromkeys(
        ("first_published_at", "last_published_at", "latest_revision_created_at"), page.published_on
    )
    NewsPage.objects.filter(pk=page.pk).update(**moments)
