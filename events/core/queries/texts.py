"""Which words of an event are read in a language."""

from django.db.models import Case, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from coalition.accounts.enums import Language
from events.core.models.event import Event, EventText


def text_in(event: Event, language: str = "") -> EventText:
    """The words in the language, or in the next best (kk, ru, en) that has a title; never None.

    Asks for `texts`, which `with_words` fetches for many events at once.
    """
    texts = {text.language: text for text in event.texts.all()}
    order = [code for code in (language, *Language.values) if code in texts]
    titled = (texts[code] for code in order if texts[code].title)
    return next(titled, None) or EventText(event=event, language=language or Language.KK)


def told_in(language: str, field: str = "title", *, event: str = "event") -> Coalesce:
    """This field of the words that `text_in` reads, told with the rows of another query: for lists that show
    no more of an event. `event` leads from a row to it."""
    order = dict.fromkeys([language, *Language.values])
    turn = Case(*[When(language=code, then=number) for number, code in enumerate(order)], default=len(order))
    titled = EventText.objects.filter(event=OuterRef(event)).exclude(title="").order_by(turn)
    return Coalesce(Subquery(titled.values(field)[:1]), Value(""))


def text_of(event: Event, language: str) -> EventText:
    """The words in this language and no other; empty ones if there are none."""
    found = (text for text in event.texts.all() if text.language == language)
    return next(found, None) or EventText(event=event, language=language)
