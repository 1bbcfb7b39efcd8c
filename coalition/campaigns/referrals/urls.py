"""Addresses of referrals. The codes themselves are read at `/q/<code>` (`events.exhibitions.urls`)."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.referrals import views

_CODES = "<uuid:workspace>/codes/"
_CODE = f"{_CODES}<uuid:code>/"

desk: list[URLPattern | URLResolver] = [
    path(_CODES, views.codes, name="referral_codes"),
    path(_CODE, views.code, name="referral_code"),
    path(f"{_CODE}end/", views.end, name="referral_code_end"),
    path(f"{_CODE}resume/", views.resume, name="referral_code_resume"),
    *[
        path(f"{_CODE}code.{kind}", views.code_file, {"kind": kind}, name=f"referral_code_{kind}")
        for kind in views.FILE_TYPES
    ],
]
public: list[URLPattern | URLResolver] = []
root: list[URLPattern | URLResolver] = []
