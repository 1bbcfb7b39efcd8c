"""Addresses of postcards. The codes on them are read at `/q/<code>` (`events.exhibitions.urls`)."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.postcards import public_views, views

_ALL = "<uuid:workspace>/postcards/"
_ONE = "postcards/<uuid:design>/"
_BATCH = f"{_ONE}batches/<int:number>/"

desk: list[URLPattern | URLResolver] = [
    path(_ALL, views.designs, name="postcards"),
    path(f"{_ALL}new/", views.new, name="postcard_new"),
    path(_ONE, views.design, name="postcard"),
    path(f"{_ONE}edit/", views.edit, name="postcard_edit"),
    path(f"{_ONE}batches/", views.batches, name="postcard_batches"),
    path(f"{_BATCH}close/", views.close, name="postcard_batch_close"),
    path(f"{_BATCH}reopen/", views.reopen, name="postcard_batch_reopen"),
    path(f"{_ONE}publish/", views.publish, name="postcard_publish"),
    path(f"{_ONE}cards.pdf", views.cards, name="postcard_cards"),
    *[path(f"{_ONE}{side}.png", views.side, {"side": side}, name=f"postcard_{side}") for side in views.SIDES],
]
public: list[URLPattern | URLResolver] = [
    path("postcards/<slug:slug>/", public_views.postcards, name="postcards"),
    path("postcards/<slug:slug>/receipts/<uuid:file>/", public_views.receipt, name="postcards_receipt"),
]
root: list[URLPattern | URLResolver] = []
