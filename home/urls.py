"""Addresses of the public site."""

from django.urls import URLPattern, URLResolver, path

from home.views import media, root

root_urls: list[URLPattern | URLResolver] = [
    path("", root.root, name="root"),
    path("robots.txt", root.robots, name="robots"),
    path("healthz", root.healthz, name="healthz"),
    path("readyz", root.readyz, name="readyz"),
    path("media/<path:path>", media.media, name="media"),
]
demo_urls: list[URLPattern | URLResolver] = []
cms_shadows: list[URLPattern | URLResolver] = []
public_urls: list[URLPattern | URLResolver] = []
