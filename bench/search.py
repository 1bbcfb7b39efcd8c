"""The response time of the search over 5,000 public items."""

import random
import statistics
import time
from collections.abc import Callable

from bench.figures import Figure, at_most

ITEMS = 5_000
ROUNDS = 15
WORDS_OF_A_TEXT = 200
MOST = {"sqlite": 200, "postgresql": 100}  # milliseconds
ASKED = {
    "one word": "домогательства",
    "three words": "закон о защите женщин",
    "a beginning": "организ",
    "a mistyped word": "домагательство",
    "a word that nearly every text has": "работа",
    "nothing": "жжжжжж",
}
WORDS = """
закон право женщина работа домогательство суд приговор организация выставка заявление коалиция помощь
пострадавшая центр письмо депутат журналист поправка исследование насилие школа полиция жалоба свидетель
увольнение защита регион город встреча решение проверка ответ вопрос группа голос слово текст
""".split()  # noqa: SIM905  a list of words is read as words


def measure() -> list[Figure]:
    """Measure a whole page on an index of generated news, in a transaction that is rolled back."""
    from django.db import connection, transaction

    figures = []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # remove dead rows that earlier runs rolled back
            cursor.execute("VACUUM home_searchitem, home_searchword")
    with transaction.atomic():
        _fill()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE home_searchitem; ANALYZE home_searchword")
        for name, words in ASKED.items():
            milliseconds = _median(lambda words=words: _answer(words))
            reach = MOST[connection.vendor]
            figures.append(
                at_most("pages", f"search, {connection.vendor}: {name}", milliseconds, "ms", reach=reach)
            )
        transaction.set_rollback(True)
    return figures


def _fill() -> None:
    from coalition.core.clock import now
    from home.models import FoundKind, SearchItem, SearchWord
    from home.search.words import tokens, trigrams

    chance = random.Random(6)
    rows, words = [], set()
    SearchItem.objects.filter(kind=FoundKind.NEWS).delete()
    made = [f"{word}{ending}" for word in WORDS for ending in ("", "а", "ов", "ами")]
    made += [
        "".join(chance.choices("абвгдежзиклмнопрст", k=chance.randint(4, 11))) for _number in range(20_000)
    ]
    for number in range(ITEMS):
        told = chance.sample(WORDS, 12) + chance.choices(made, k=WORDS_OF_A_TEXT)
        title, text = " ".join(told[:8]), " ".join(told)
        words.update(told)
        rows.append(
            SearchItem(
                kind=FoundKind.NEWS,
                key=1_000_000 + number,
                language="ru",
                url=f"/ru/news/{number}/",
                title=title,
                text=text,
                moment=now(),
                title_tokens=" ".join(tokens("ru", title)),
                text_tokens=" ".join(tokens("ru", text)),
            )
        )
    SearchItem.objects.bulk_create(rows, batch_size=500)
    SearchWord.objects.bulk_create(
        [
            SearchWord(language="ru", word=word, shown=word, pieces=" ".join(trigrams(word)))
            for word in sorted(words)
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


def _answer(words: str) -> None:
    """Run the queries of the page: ranked hits, other languages, excerpts with highlights."""
    from home.models import SearchItem
    from home.search.find import SearchFilter, count_in_other_languages, find_public
    from home.search.results import extract, mark_text

    found = find_public(words, "ru", SearchFilter())
    count_in_other_languages(words, "ru")
    for item in SearchItem.objects.in_bulk([hit.pk for hit in found.hits[:20] if hit.pk]).values():
        mark_text(item.title, found.terms, "ru")
        extract(item.text, found.terms, "ru")


def _median(run: Callable[[], None]) -> float:
    run()
    took = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        run()
        took.append(1000 * (time.perf_counter() - begun))
    return statistics.median(took)
