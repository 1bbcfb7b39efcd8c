"""Addresses in mails, which are read outside the site."""

from django.conf import settings


def absolute_url(path: str) -> str:
    """The full address of a path of this site."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"
