"""The leaflet of a region: a sheet in two languages that is folded to A5, for walls, pockets and doctors."""

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, override, pgettext

from coalition.accounts.models import REGIONS
from coalition.campaigns.core.drawn_once import drawn_once
from coalition.campaigns.helplines.contact import Channel
from coalition.campaigns.helplines.enums import ChannelKind
from coalition.campaigns.helplines.health import is_overdue
from coalition.campaigns.helplines.models import HelplineEntry
from coalition.campaigns.helplines.presenters import helpline_view
from coalition.campaigns.helplines.queries import HelplineState
from coalition.core.clock import now
from coalition.core.localized_text import content_languages
from events.core.pdf.typeset import typeset

HERE: Final = Path(__file__).parent
TEMPLATE: Final = "leaflet.typ"
ALL: Final = "all"  # in addresses: lines that help people of the whole country


def leaflet_entries(
    entries: Iterable[HelplineEntry], region: str, at: datetime.datetime
) -> list[HelplineEntry]:
    """Return which of these public entries stand on the leaflet of a region ("": on that of all regions).

    Paper is not corrected: a line whose check is overdue is left out, though the page still shows it.
    """
    day = timezone.localdate(at)
    return [
        one
        for one in entries
        if not is_overdue(one.helpline, day) and (not one.regions or region in one.regions)
    ]


def nearest_region(entries: list[HelplineEntry], region: str) -> str:
    """Return the region whose leaflet the public page offers: the one asked for, else the only one there is,
    else "" for the whole country."""
    regions = {code for one in entries for code in one.regions}
    return region or (regions.pop() if len(regions) == 1 else "")


def leaflet_languages(language: str) -> list[str]:
    """Return two languages: the first of the settings, then the reader's, or the second of the settings."""
    codes = [code for code, _name in content_languages()]
    second = language if language in codes[1:] else codes[min(1, len(codes) - 1)]
    return list(dict.fromkeys([codes[0], second]))


def leaflet_pdf(entries: list[HelplineEntry], *, region: str, languages: list[str]) -> bytes:
    """Return the leaflet as PDF. Each machine draws each content once."""
    data = leaflet_data(entries, region=region, languages=languages)

    def draw() -> bytes:
        return typeset(TEMPLATE, data, event=None, folder_of_template=HERE)

    return drawn_once({"what": "leaflet", "content": json.dumps(data, sort_keys=True)}, draw)


def leaflet_data(entries: list[HelplineEntry], *, region: str, languages: list[str]) -> dict[str, Any]:
    """Return what stands on the leaflet, in each language. Nothing of it changes by the hour."""
    return {"sides": [_side(entries, region, language) for language in languages]}


def _side(entries: list[HelplineEntry], region: str, language: str) -> dict[str, Any]:
    with override(language):
        return {
            "language": language,
            # The name of the window and of the file: it tells nothing.
            "neutral_title": pgettext("title of a quiet page", "Information"),
            "title": _("Where to get help"),
            "region": str(REGIONS[region]) if region else _("All of Kazakhstan"),
            "emergency": _("In danger right now: 112"),
            "police": _("What is passed to the police"),
            "foot": _("Calls stay in the phone’s list. Keep this sheet where nobody else finds it."),
            "lines": [_line(one) for one in entries],
        }


def _line(entry: HelplineEntry) -> dict[str, Any]:
    view = helpline_view(entry, now())
    return {
        "name": str(view.name),
        "run_by": view.run_by,
        "summary": str(entry.summary),
        "channels": [_channel(one) for one in view.channels],
        "hours": [f"{days}: {hours}" for days, hours in view.hours],
        "facts": " · ".join([str(entry.get_cost_display()), ", ".join(view.languages)]),
        "anonymous": f"{view.anonymous} {view.recorded}",
        "police": str(entry.passed_to_police),
        "checked": _("Checked: %(day)s") % {"day": view.checked},
    }


def _channel(channel: Channel) -> dict[str, str]:
    shown = channel.value.removeprefix("https://") if channel.kind == ChannelKind.CHAT else channel.shown
    return {"label": channel.label, "value": shown, "note": str(channel.note)}


@dataclass(frozen=True)
class LeafletChoice:
    """A leaflet at the desk. `left_out`: names of lines that belong on it and are overdue."""

    title: str
    url: str
    count: int
    left_out: list[str]


def leaflet_choices(states: Iterable[HelplineState]) -> list[LeafletChoice]:
    """Return the leaflets there are, that of the whole country first, and what is left out of each."""
    public = [one.published for one in states if one.is_public and one.published is not None]
    regions = sorted({code for entry in public for code in entry.regions if code in REGIONS})
    choices = []
    for region in ["", *regions]:
        belonging = [one for one in public if not one.regions or region in one.regions]
        there = leaflet_entries(belonging, region, now())
        if belonging:
            choices.append(
                LeafletChoice(
                    title=str(REGIONS[region]) if region else _("All of Kazakhstan"),
                    url=reverse("help_leaflet", args=[region.lower() or ALL]) if there else "",
                    count=len(there),
                    left_out=[str(one.name) for one in belonging if one not in there],
                )
            )
    return choices
