"""Cards that were printed with a picture, before no picture under consent was."""

from collections.abc import Iterator

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from coalition.campaigns.postcards.models import CardDesign
from coalition.consent.enums import Place
from coalition.consent.items import Taker
from coalition.core.crypto import parse_uuid
from documents.files.models import StoredFile


def takers_of_front(key: str) -> Iterator[Taker]:
    """Yield the designs with batches whose front has the file with this UUID, or a copy of it. Nobody has an
    address."""
    if (uuid := parse_uuid(key)) is None:
        return
    hashes = StoredFile.objects.filter(uuid=uuid).exclude(sha256="").values("sha256")
    same = Q(front_picture__uuid=uuid) | Q(front_picture_sha256__in=hashes)
    rows = CardDesign.objects.filter(same).annotate(cards=Sum("batches__quantity"))
    for design in rows.filter(cards__gt=0).order_by("pk"):
        words = _("Printed postcards “%(design)s”, %(count)s cards") % {
            "design": design.slug,
            "count": design.cards,
        }
        yield Taker(words, Place.SITE)
