"""What marks an organisation: code, initials, colour and, if it is publicly listed, its slug."""

import re
import secrets

from django.db.models import Count
from django.utils.text import slugify

from coalition.accounts.enums import Listing
from coalition.accounts.models import Organisation

HUES = 12
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read for another
CODE_LENGTH = 5
LONGEST_SLUG = 80


def new_code() -> str:
    """A random code that stands for a name not told; random, since a rising one would tell the order."""
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        if not Organisation.objects.filter(code=code).exists():
            return code


def initials_of(name: str) -> str:
    """The first letters of the first two words, quotation marks and dashes left out."""
    words = re.findall(r"[^\W_]+", name)
    return "".join(word[0] for word in words[:2]).upper()


def next_hue() -> int:
    """The colour (1 to 12) that the fewest organisations have."""
    used = dict(Organisation.objects.values_list("hue").annotate(many=Count("pk")).order_by())
    return min(range(1, HUES + 1), key=lambda hue: (used.get(hue, 0), hue))


def slug_for(organisation: Organisation) -> str | None:
    """A slug from the English name, only for a public listing: an address is a surface like others."""
    if organisation.listing != Listing.PUBLIC:
        return None
    base = slugify(organisation.name_en)[: LONGEST_SLUG - CODE_LENGTH - 1] or organisation.code.lower()
    taken = Organisation.objects.filter(slug=base).exclude(pk=organisation.pk).exists()
    return f"{base}-{organisation.code.lower()}" if taken else base
