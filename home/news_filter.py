"""What a visitor of the list of news asked to see only, read from an address that anybody may write."""

import re
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from coalition.accounts.regions import REGIONS

_SLUG = re.compile(r"[-\w]{1,80}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True)
class NewsFilter:
    """A topic and an organisation by their slugs, a region (ISO 3166-2), a year; 0 and "" for any."""

    topic: str = ""
    region: str = ""
    organisation: str = ""
    year: int = 0

    @property
    def is_narrower(self) -> bool:
        """Whether more than a topic was chosen."""
        return bool(self.region or self.organisation or self.year)

    @property
    def query(self) -> str:
        """The same as the beginning of a query, for links to further pages."""
        given = {name: value for name, value in asdict(self).items() if value}
        return f"{urlencode(given)}&" if given else ""


def news_filter_from(query: QueryDict) -> NewsFilter:
    """What the address asks for. What no news can have is left out, so that an old link still shows news."""
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
