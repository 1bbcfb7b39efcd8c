"""Who took an item or a file with a media package, for the record of consent."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from coalition.accounts.naming import PUBLIC
from coalition.campaigns.media_package.enums import PackageAudience
from coalition.campaigns.media_package.models import MediaPackage, PackageLink, Rendition
from coalition.campaigns.media_package.outlets.presenters import outlet_name
from coalition.consent.enums import Place
from coalition.consent.items import Taker


def takers_among(renditions: QuerySet[Rendition]) -> Iterator[Taker]:
    """Yield outlets that took one of these files, and in one line whoever took one from a public page."""
    links = PackageLink.objects.filter(taken__rendition__in=renditions.values("pk")).distinct()
    for link in links.select_related("organisation").order_by("pk"):
        yield Taker(outlet_name(link, PUBLIC), Place.PACKAGE, link.address, link.language)
    released = renditions.filter(released_at__isnull=False)
    public = MediaPackage.objects.filter(
        audience=PackageAudience.PUBLIC, pk__in=released.values("item__package")
    )
    for package in public.order_by("pk"):
        words = _("Whoever took it from the public page /media/%(package)s/")
        yield Taker(words % {"package": package.slug}, Place.PACKAGE)
