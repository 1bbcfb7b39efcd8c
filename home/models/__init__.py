from home.models.films import FilmPage, StoryIndexPage, StoryPage
from home.models.media import PublicImage, PublicRendition, PublicVideo
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
from home.models.record import (
    DemoThing,
    FactOnPage,
    FoundKind,
    HelplineOnPage,
    NewsByMail,
    PagesVersion,
    SearchItem,
    SearchWord,
)

__all__ = [
    "CampaignPage",
    "DemoThing",
    "FactOnPage",
    "FilmPage",
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
    "StoryIndexPage",
    "StoryPage",
    "Topic",
]
