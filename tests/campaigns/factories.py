"""Things of campaigns to test with."""

import datetime

import factory
from django.utils import timezone

from coalition.campaigns.helplines.enums import Answered, EntryState
from coalition.campaigns.models import Helpline, HelplineEntry
from tests.factories import Factory, OrganisationFactory, numbered

EVERY_DAY = [{"weekday": day, "opens": "09:00", "closes": "18:00"} for day in range(7)]


class HelplineFactory(Factory[Helpline]):
    """A line that was checked today. It has no entry: `HelplineEntryFactory` makes one with its line."""

    class Meta:
        model = Helpline

    organisation = factory.SubFactory(OrganisationFactory)
    checked_on = factory.LazyFunction(timezone.localdate)


class HelplineEntryFactory(Factory[HelplineEntry]):
    """A published entry of a line of its own: open every day from 9 to 18."""

    class Meta:
        model = HelplineEntry

    helpline = factory.SubFactory(HelplineFactory)
    state = EntryState.PUBLISHED
    name = numbered(lambda n: {"kk": f"Желі {n}", "ru": f"Линия {n}", "en": f"Line {n}"})
    channels = factory.LazyFunction(lambda: [{"kind": "phone", "value": "150", "note": {}}])
    hours = factory.LazyFunction(lambda: [dict(one) for one in EVERY_DAY])
    languages = factory.LazyFunction(lambda: ["kk", "ru"])
    is_anonymous = Answered.YES
    is_recorded = Answered.NO
    passed_to_police = factory.LazyFunction(
        lambda: {"kk": "Ештеңе берілмейді", "ru": "Ничего", "en": "Nothing is passed on"}
    )
    written_for = factory.SelfAttribute("helpline.organisation")
    written_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(hours=1))
