"""Ready words about a line, in one language, to be put on a poster or into an article."""

from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext as _, override

from coalition.campaigns.helplines.contact import Channel, channels_of
from coalition.campaigns.helplines.content import language_names
from coalition.campaigns.helplines.models import HelplineEntry
from coalition.campaigns.helplines.opening import hours_lines
from coalition.campaigns.helplines.uses.channels import channel_key
from coalition.core.clock import now


def ready_words(entry: HelplineEntry, keys: Collection[str], language: str) -> str:
    """Return name, ways, hours, languages and cost of a published entry, a line each, in a language.

    `keys`: keys (`channel_key`) of the ways that are meant. Days with other hours are left out: words on
    paper outlive them.
    """
    with override(language):
        ways = [one for one in channels_of(entry.channels) if _key(one) in keys]
        spoken = ", ".join(language_names(entry.languages))
        lines = [
            entry.name.in_language(language),
            *(_way_in_words(one, language) for one in ways),
            "; ".join(f"{days}: {hours}" for days, hours in _usual_hours(entry)),
            _("Languages: %(languages)s") % {"languages": spoken} if spoken else "",
            str(entry.get_cost_display()),
        ]
    return "\n".join(line for line in lines if line)


def _key(channel: Channel) -> str:
    return channel_key({"kind": channel.kind, "value": channel.value})


def _way_in_words(channel: Channel, language: str) -> str:
    note = channel.note.get(language, "")  # no other language on this sheet
    words = f"{channel.label}: {channel.value}"
    return f"{words} ({note})" if note else words


def _usual_hours(entry: HelplineEntry) -> list[tuple[str, str]]:
    usual = HelplineEntry(
        is_round_the_clock=entry.is_round_the_clock,
        hours=entry.hours,
        is_closed_on_holidays=entry.is_closed_on_holidays,
    )
    return hours_lines(usual, timezone.localdate(now()))
