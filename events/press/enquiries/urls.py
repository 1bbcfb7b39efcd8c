"""Enquiries of the press, below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.views import enquiries

_DESK = "<uuid:workspace>/press/enquiries/"
_ONE = f"{_DESK}<uuid:enquiry>/"

desk: list[URLPattern | URLResolver] = [
    path(_DESK, enquiries.enquiries, name="press_enquiries"),
    path(f"{_DESK}new/", enquiries.add, name="press_enquiry_add"),
    path(_ONE, enquiries.enquiry, name="press_enquiry"),
    path(f"{_ONE}change/", enquiries.change, name="press_enquiry_change"),
    path(f"{_ONE}act/", enquiries.act, name="press_enquiry_act"),
    path(f"{_ONE}refuse/", enquiries.refuse, name="press_enquiry_refuse"),
    path(f"{_ONE}speaker/", enquiries.speaker, name="press_enquiry_speaker"),
    path(f"{_ONE}note/", enquiries.note, name="press_enquiry_note"),
]
