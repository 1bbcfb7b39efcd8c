"""Addresses of appeals."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.appeals.views import (
    desk as desk_views,
    desk_contacts,
    desk_hand_overs,
    desk_holds,
    desk_names,
    desk_petition,
    hand_over_files,
    own_page,
    public as public_views,
)

_ALL = "<uuid:workspace>/appeals/"
_ONE = "appeals/<uuid:appeal>/"
_HAND_OVER = f"{_ONE}hand-overs/<uuid:hand_over>/"
_PUBLIC = "support/<slug:slug>/hand-overs/<uuid:hand_over>/"

desk: list[URLPattern | URLResolver] = [
    path(_ALL, desk_views.appeals, name="appeals"),
    path(f"{_ALL}new/", desk_views.NewAppeal.as_view(), name="appeal_new"),
    path(_ONE, desk_views.appeal, name="appeal"),
    path(f"{_ONE}settings/", desk_views.settings, name="appeal_settings"),
    path(f"{_ONE}open/", desk_views.open_to_public, name="appeal_open"),
    path(f"{_ONE}close/", desk_views.close, name="appeal_close"),
    path(f"{_ONE}versions/", desk_views.versions, name="appeal_versions"),
    path(f"{_ONE}official/", desk_views.official, name="appeal_official"),
    path(f"{_ONE}petition/", desk_petition.plan, name="appeal_petition"),
    path(f"{_ONE}petition/calendar/", desk_petition.calendar, name="appeal_petition_calendar"),
    path(f"{_ONE}petition/<uuid:organisation>/", desk_petition.pledge, name="appeal_petition_pledge"),
    path(f"{_ONE}holds/", desk_holds.holds, name="appeal_holds"),
    path(f"{_ONE}holds/<uuid:hold>/", desk_holds.hold, name="appeal_hold"),
    path(f"{_ONE}holds/<uuid:hold>/decide/", desk_holds.decide, name="appeal_hold_decide"),
    path(f"{_ONE}contacts/", desk_contacts.contacts, name="appeal_contacts"),
    path(f"{_ONE}contacts/offer/", desk_contacts.offer, name="appeal_contact_offer"),
    path(f"{_ONE}contacts/addresses.csv", desk_contacts.addresses, name="appeal_contact_addresses"),
    path(f"{_ONE}names/", desk_names.names, name="appeal_names"),
    path(f"{_ONE}names/<uuid:support>/", desk_names.show_or_hide, name="appeal_name"),
    path(f"{_ONE}hand-overs/", desk_hand_overs.hand_overs, name="appeal_hand_overs"),
    path(_HAND_OVER, desk_hand_overs.hand_over, name="appeal_hand_over"),
    path(f"{_HAND_OVER}delivered/", desk_hand_overs.delivered, name="appeal_hand_over_delivered"),
    path(f"{_HAND_OVER}receipt/", desk_hand_overs.receipt, name="appeal_hand_over_receipt"),
    path(f"{_HAND_OVER}answer/", desk_hand_overs.answer, name="appeal_hand_over_answer"),
    path(f"{_HAND_OVER}publish/", desk_hand_overs.publish, name="appeal_hand_over_publish"),
    *[
        path(
            f"{_HAND_OVER}support.{kind}",
            desk_hand_overs.file,
            {"kind": kind},
            name=f"appeal_hand_over_{kind}",
        )
        for kind in desk_hand_overs.FILES
    ],
]
public: list[URLPattern | URLResolver] = [
    *[
        path(
            f"{_PUBLIC}{part}/", hand_over_files.public_file, {"part": part}, name=f"support_hand_over_{part}"
        )
        for part in hand_over_files.PARTS
    ],
    path("support/link/<str:token>/", own_page.SupportPage.as_view(), name="support_link"),
    path("support/<slug:slug>/", public_views.AppealView.as_view(), name="support_appeal"),
    path(
        "support/<slug:slug>/from/<slug:code>/",
        public_views.AppealView.as_view(),
        name="support_appeal_from",
    ),
    path("support/<slug:slug>/sent/", public_views.sent, name="support_sent"),
    path("support/<slug:slug>/from/<slug:code>/sent/", public_views.sent, name="support_sent_from"),
    path("support/<slug:slug>/names/", public_views.names, name="support_names"),
]
root: list[URLPattern | URLResolver] = []
