"""Formatting of works: sizes and sums in the reader's format, film languages, states."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _

from events.core.enums import SpokenLanguage
from events.exhibitions.works.enums import Currency
from events.exhibitions.works.models import Work

MINOR_UNITS = 100


def size_words(work: Work) -> str:
    """Return height × width × depth: “50 × 70,5 cm”; "" without measurements."""
    sizes = [one for one in (work.height, work.width, work.depth) if one is not None]
    if not sizes:
        return ""
    return _("%(size)s cm") % {"size": " × ".join(map(_number, sizes))}


def sum_words(value: int | None, currency: str) -> str:
    """Format a sum of minor units: “1 500 000 tenge”; "" for none."""
    if value is None:
        return ""
    whole, rest = divmod(value, MINOR_UNITS)
    places = 2 if rest else 0
    amount = Decimal(value) / MINOR_UNITS if rest else whole
    number = formats.number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)
    return f"{number} {Currency(currency).label}"


def maker_words(work: Work) -> str:
    """Return the maker as named in public; "" if not recorded."""
    if work.maker_in_public:
        return work.maker_in_public
    return _("The maker does not want to be named") if work.naming == "unnamed" else ""


def languages_words(codes: Iterable[str]) -> str:
    """Join the names of sound or subtitle languages."""
    return ", ".join(str(SpokenLanguage(code).label) for code in codes if code in SpokenLanguage.values)


def _number(size: Decimal) -> str:
    places = 0 if size == size.to_integral_value() else 1
    return formats.number_format(size, decimal_pos=places, use_l10n=True)
