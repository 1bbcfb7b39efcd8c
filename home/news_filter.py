"""Filters of the news list, parsed from an untrusted query."""

import re
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from coalition.accounts.regions import REGIONS

_SLUG = re.compile(r"[-\w]{1,80}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True)
class NewsFilter:
    """Slugs of a topic and an organisation, a region (ISO 3166-2), a year; 0 and "" for any."""

    topic: str = ""
    region: str = ""
    organisation: str = ""
    year: int = 0

    @property
    def is_narrower(self) -> bool:
        """Whether a filter other than the topic is set."""
        return bool(self.region or self.organisation or self.year)

    @property
    def query(self) -> str:
        """Return the filters as the start of a query string, for pagination links."""
        given = {name: value for name, value in asdict(self).items() if value}
        return f"{urlencode(given)}&" if given else ""


def news_filter_from(query: QueryDict) -> NewsFilter:
    """Parse the query. Values that no news can have are ignored, so that an old link still shows
    news."""
    year = query.get("year", "")
    region = query.get("region", "")
    return NewsFilter(
        topic=_valid_slug(query.get("topic", "")),
        region=region if region in REGIONS else "",
        organisation=_valid_slug(query.get("organisation", "")),
        year=int(year) if _YEAR.fullmatch(year) else 0,
    )


def _valid_slug(words: str) -> str:
    return words if _SLUG.fullmatch(words) else ""
