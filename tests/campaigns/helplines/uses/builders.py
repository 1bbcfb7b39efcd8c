"""Lines of the register, and uses of their numbers."""

import datetime

from django.utils.timezone import localdate

from coalition.accounts.models import Language
from coalition.campaigns.helplines.enums import Answered, EntryState
from coalition.campaigns.helplines.uses.actions import UsePlan, add_use
from coalition.campaigns.helplines.uses.channels import channel_key, stored_channels
from coalition.campaigns.helplines.uses.enums import UseKind
from coalition.campaigns.models import Helpline, HelplineEntry, HelplineUse
from coalition.core.clock import now
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.recording import recorded

NUMBER = {"kind": "phone", "value": "150", "note": {}}
CHAT = {"kind": "telegram", "value": "@senim_chat", "note": {"kk": "кешке", "en": "in the evening"}}
NAME = {"kk": "Сенім желісі", "ru": "Линия доверия", "en": "Trust line"}
FRIDAY = datetime.datetime(2026, 3, 6, 15, tzinfo=datetime.UTC)  # 20:00 in Almaty


@recorded
def line(organisation=None, *, channels=(NUMBER, CHAT), checked=3, name=None, **entry):
    """A published line of an organisation, checked so many days ago (None: never)."""
    organisation = organisation or OrganisationFactory()
    day = None if checked is None else localdate(now()) - datetime.timedelta(days=checked)
    made = Helpline.objects.create(organisation=organisation, checked_on=day)
    publish_entry(made, channels=channels, name=name, **entry)
    return made


@recorded
def publish_entry(helpline, *, channels=(NUMBER, CHAT), name=None, **given):
    """A new published entry of a line; the one before is replaced."""
    helpline.entries.filter(state=EntryState.PUBLISHED).update(state=EntryState.REPLACED)
    return HelplineEntry.objects.create(
        **{
            "helpline": helpline,
            "state": EntryState.PUBLISHED,
            "name": name or NAME,
            "channels": list(channels),
            "is_round_the_clock": True,
            "languages": ["kk", "ru"],
            "is_anonymous": Answered.YES,
            "is_recorded": Answered.NO,
            "passed_to_police": {"kk": "Ештеңе", "ru": "Ничего", "en": "Nothing"},
            "written_for": helpline.organisation,
            "written_at": now(),
            **given,
        }
    )


def member_of(organisation, language=Language.EN):
    """A member of an organisation without a seat anywhere."""
    return MembershipFactory(organisation=organisation, person=UserFactory(language=language)).person


def plan(helpline, **given):
    """A clip that airs on Friday at 20:00 with everything that the line has."""
    entry = helpline.entries.get(state=EntryState.PUBLISHED)
    return UsePlan(
        **{
            "kind": UseKind.CLIP,
            "title": "TV clip on Friday",
            "channels": [channel_key(one) for one in stored_channels(entry)],
            "starts_at": FRIDAY,
            **given,
        }
    )


@recorded
def use(access, helpline, **given):
    return add_use(access=access, helpline=helpline, plan=plan(helpline, **given))


def read(use):
    """The use with everything that flags need."""
    return HelplineUse.objects.with_lines().get(pk=use.pk)
