"""Addresses of outlets: links and coverage at the desk, a newsroom's own desk, the page behind a link."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.media_package.outlets import link_views, views

_ONE = "media/<uuid:package>/"
_LINK = f"{_ONE}outlets/<uuid:link>/"
_TOKEN = "media-package/<str:token>/"  # noqa: S105  a pattern

desk: list[URLPattern | URLResolver] = [
    path("media/for-outlets/", views.outlet_desk, name="outlet_desk"),
    path(f"{_ONE}outlets/", views.PackageLinksView.as_view(), name="media_package_links"),
    path(f"{_LINK}messages/", views.link_messages, name="media_package_link_messages"),
    path(f"{_LINK}change/", views.change_link, name="media_package_link_change"),
    path(f"{_ONE}coverage/", views.ItemCoverageView.as_view(), name="media_package_coverage"),
    path(f"{_ONE}coverage/<uuid:coverage>/detach/", views.detach, name="media_package_coverage_detach"),
]
public: list[URLPattern | URLResolver] = []
root: list[URLPattern | URLResolver] = [
    path(_TOKEN, link_views.package_link, name="media_package_link"),
    path(f"{_TOKEN}all.zip", link_views.package_link_zip, name="media_package_link_zip"),
    path(
        f"{_TOKEN}files/<uuid:rendition>/<str:name>",
        link_views.package_link_file,
        name="media_package_link_file",
    ),
]
