"""Addresses of media packages."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.media_package.views import desk as views, public as public_views

_ALL = "<uuid:workspace>/media/"
_ONE = "media/<uuid:package>/"
_ITEM = "media/items/<uuid:item>/"
_FILE = "media/files/<uuid:rendition>/"

desk: list[URLPattern | URLResolver] = [
    path(_ALL, views.packages, name="media_packages"),
    path(f"{_ALL}new/", views.NewPackage.as_view(), name="media_package_new"),
    path(_ONE, views.package, name="media_package"),
    path(f"{_ONE}edit/", views.EditPackage.as_view(), name="media_package_edit"),
    path(f"{_ONE}access/", views.PackageAccess.as_view(), name="media_package_access"),
    path(f"{_ONE}publish/", views.publish, name="media_package_publish"),
    path(f"{_ONE}order/", views.order, name="media_package_order"),
    path(f"{_ONE}items/new/", views.NewItem.as_view(), name="media_item_new"),
    path(_ITEM, views.item, name="media_item"),
    path(f"{_ITEM}edit/", views.EditItem.as_view(), name="media_item_edit"),
    path(f"{_ITEM}remove/", views.remove, name="media_item_remove"),
    path(f"{_ITEM}restore/", views.restore, name="media_item_restore"),
    path(f"{_ITEM}files/", views.add_file, name="media_item_file"),
    path(_FILE, views.file, name="media_file"),
    path(f"{_FILE}again/", views.prepare_file_again, name="media_file_again"),
    path(f"{_FILE}remove/", views.remove_file, name="media_file_remove"),
    path(f"{_FILE}restore/", views.restore_file, name="media_file_restore"),
]
public: list[URLPattern | URLResolver] = [
    path("media/", public_views.packages, name="media_packages_public"),
    path("media/<slug:slug>/", public_views.package, name="media_package"),
    path("media/<slug:slug>/all.zip", public_views.archive, name="media_package_zip"),
    path("media/<slug:slug>/files/<uuid:rendition>/<str:name>", public_views.file, name="media_package_file"),
]
root: list[URLPattern | URLResolver] = []
