"""Addresses of consent: below `/workspaces/consent/` for members, `/<language>/material/` for takers."""

from django.urls import URLPattern, URLResolver, path

from coalition.consent.views import items, records, takers

app_name = "consent"

_RECORD = "consent/<uuid:consent>/"
_ITEM = "consent/item/<slug:kind>/<str:item>/"
_WITHDRAWAL = "consent/withdrawals/<uuid:withdrawal>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("consent/", records.records, name="records"),
    path("consent/new/<uuid:organisation>/", records.RecordNewView.as_view(), name="record_new"),
    path("consent/roles/<uuid:organisation>/", items.RolesView.as_view(), name="roles"),
    path("consent/roles/<uuid:organisation>/<uuid:role>/end/", items.role_end, name="role_end"),
    path(_ITEM, items.ItemView.as_view(), name="item"),
    path(f"{_ITEM}reading/", items.ReadingView.as_view(), name="reading"),
    path(_WITHDRAWAL, records.withdrawal, name="withdrawal"),
    path(f"{_WITHDRAWAL}<uuid:removal>/", records.removal_answer, name="removal_answer"),
    path(_RECORD, records.record, name="record"),
    path(f"{_RECORD}where/", records.record_where, name="where"),
    path(f"{_RECORD}uses/", records.record_uses, name="uses"),
    path(f"{_RECORD}items/<uuid:item>/detach/", records.record_detach, name="detach"),
    path(f"{_RECORD}items/<uuid:item>/details/", records.DetailsView.as_view(), name="details"),
    path(f"{_RECORD}until/", records.UntilView.as_view(), name="until"),
    path(f"{_RECORD}contact/", records.ContactView.as_view(), name="contact"),
    path(f"{_RECORD}widen/", records.WidenView.as_view(), name="widen"),
    path(f"{_RECORD}apart/", records.ApartView.as_view(), name="apart"),
    path(f"{_RECORD}review/", records.ReviewView.as_view(), name="review"),
    path(f"{_RECORD}withdraw/", records.WithdrawView.as_view(), name="withdraw"),
    path(f"{_RECORD}hand-over/", records.HandOverView.as_view(), name="hand_over"),
]
public: list[URLPattern | URLResolver] = [
    path("material/<str:token>/", takers.material_ended, name="material_ended"),
]
