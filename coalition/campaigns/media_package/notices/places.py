"""Where the current file of an item is."""

from django.urls import reverse
from django.utils.translation import override

from coalition.campaigns.media_package.models import MediaPackage, NoticeRecipient
from coalition.campaigns.media_package.notices.mails import language_of
from coalition.campaigns.media_package.outlets.access import is_open
from coalition.campaigns.media_package.outlets.actions import link_path
from coalition.campaigns.media_package.queries import public_packages


def page_for(recipient: NoticeRecipient) -> str:
    """Return the path of the page where the recipient takes files: its own one, if its link opens something,
    else the public one; "" while it opens neither. One query at most."""
    package, link = recipient.notice.item.package, recipient.link
    if link is not None:
        link.package = package
        if is_open(link):
            return link_path(link)
    return public_page_of(package, language_of(recipient))


def public_page_of(package: MediaPackage, language: str) -> str:
    """Return the path of the package's page, "" while not everybody opens it. One query."""
    if not public_packages().filter(pk=package.pk).exists():
        return ""
    with override(language):
        return reverse("media_package", args=[package.slug])
