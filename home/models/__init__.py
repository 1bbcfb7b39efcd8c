from home.models.demo import DemoThing
from home.models.image import PublicImage, PublicRendition
from home.models.pages import (
    HomePage,
    NewsIndexPage,
    NewsPage,
    PartnersPage,
    Placement,
    StandardPage,
    Topic,
)

__all__ = [
    "DemoThing",
    "HomePage",
    "NewsIndexPage",
    "NewsPage",
    "PartnersPage",
    "Placement",
    "PublicImage",
    "PublicRendition",
    "StandardPage",
    "Topic",
]
