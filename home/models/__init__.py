from home.models.demo import DemoThing
from home.models.image import PublicImage, PublicRendition
from home.models.news_mail import NewsByMail
from home.models.pages import (
    CampaignPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    PartnersPage,
    Placement,
    StandardPage,
    Topic,
)
from home.models.references import FactOnPage, HelplineOnPage
from home.models.search import FoundKind, SearchItem, SearchWord
from home.models.version import PagesVersion
from home.models.video import PublicVideo

__all__ = [
    "CampaignPage",
    "DemoThing",
    "FactOnPage",
    "FoundKind",
    "HelplineOnPage",
    "HomePage",
    "NewsByMail",
    "NewsIndexPage",
    "NewsPage",
    "PagesVersion",
    "PartnersPage",
    "Placement",
    "PublicImage",
    "PublicRendition",
    "PublicVideo",
    "SearchItem",
    "SearchWord",
    "StandardPage",
    "Topic",
]
