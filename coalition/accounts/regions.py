"""Kazakhstan's 17 regions and 3 cities of republican significance by ISO 3166-2 code, with translated names.

Why pycountry is not used: docs/dependencies.md.
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REGIONS: dict[str, Promise] = {
    "KZ-10": _("Abai Region"),
    "KZ-11": _("Aqmola Region"),
    "KZ-15": _("Aqtobe Region"),
    "KZ-19": _("Almaty Region"),
    "KZ-23": _("Atyrau Region"),
    "KZ-27": _("West Kazakhstan Region"),
    "KZ-31": _("Zhambyl Region"),
    "KZ-33": _("Zhetisu Region"),
    "KZ-35": _("Qaraghandy Region"),
    "KZ-39": _("Qostanay Region"),
    "KZ-43": _("Qyzylorda Region"),
    "KZ-47": _("Mangystau Region"),
    "KZ-55": _("Pavlodar Region"),
    "KZ-59": _("North Kazakhstan Region"),
    "KZ-61": _("Turkistan Region"),
    "KZ-62": _("Ulytau Region"),
    "KZ-63": _("East Kazakhstan Region"),
    "KZ-71": _("Astana"),
    "KZ-75": _("Almaty"),
    "KZ-79": _("Shymkent"),
}


def region_names(codes: Iterable[str]) -> list[str]:
    """Return the names in the active language; skip unknown codes."""
    return [str(REGIONS[code]) for code in codes if code in REGIONS]
