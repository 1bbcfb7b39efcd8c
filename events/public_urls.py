"""Public events: below `/<language>/events/`."""

from django.urls import URLPattern, URLResolver

urls: list[URLPattern | URLResolver] = []
