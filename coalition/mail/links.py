"""Absolute URLs for mails, which are read outside the site."""

from django.conf import settings


def absolute_url(path: str) -> str:
    """Return the absolute URL of a path of this site."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"
