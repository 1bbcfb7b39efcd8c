"""Feeds: below the site's root, no language before them."""

from django.urls import URLPattern, URLResolver

urls: list[URLPattern | URLResolver] = []
