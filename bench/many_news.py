"""The cost of the news list with many long articles: generated news in a transaction that is rolled
back."""

import datetime
import statistics
import time

from bench.figures import Figure, at_most, told

QUERIES = 12
MANY = (20, 2_000)
ROUNDS = 5


def measure(path: str, language: str) -> list[Figure]:
    """Measure queries and time of one language's list, with 20 and with 2,000 articles and empty
    caches."""
    from django.db import transaction

    from home.models import NewsPage

    figures = []
    for number in MANY:
        with transaction.atomic():
            live = NewsPage.objects.live().filter(locale__language_code=language).count()
            _add(language, number - live)
            queries, milliseconds = _asked(path)
            figures += [
                at_most(
                    "pages", f"queries: news index, {number:,} articles", queries, "queries", reach=QUERIES
                ),
                told("pages", f"news index, {number:,} articles", milliseconds, "ms"),
            ]
            transaction.set_rollback(True)
    return figures


def _add(language: str, number: int) -> None:
    """Create live news below the list, with a cover and topics."""
    from coalition.core.clock import now
    from home.models import NewsIndexPage, NewsPage

    index = NewsIndexPage.objects.get(locale__language_code=language)
    like = NewsPage.objects.filter(locale__language_code=language).exclude(cover=None).order_by("pk")[0]
    topics = list(like.topics.all())
    for one in range(number):
        page = NewsPage(
            title=f"{like.title} {one}",
            slug=f"many-{one}",
            locale=index.locale,
            lead=like.lead,
            cover=like.cover,
            published_on=now() - datetime.timedelta(hours=one),
        )
        page.topics = topics
        index.add_child(instance=page)


def _asked(path: str) -> tuple[int, float]:
    """Return the queries of one request with empty caches, and the median time of several in ms."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.get(path)
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    counted = len(queries)  # read now: the next request clears the list
    took = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        client.get(path)
        took.append(1000 * (time.perf_counter() - begun))
    return counted, statistics.median(took)
