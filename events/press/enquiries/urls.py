"""URLs of press enquiries, below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.press.enquiries import views

_DESK = "<uuid:workspace>/press/enquiries/"
_ONE = f"{_DESK}<uuid:enquiry>/"

desk: list[URLPattern | URLResolver] = [
    path(_DESK, views.enquiries, name="press_enquiries"),
    path(f"{_DESK}new/", views.add_enquiry, name="press_enquiry_add"),
    path(_ONE, views.enquiry, name="press_enquiry"),
    path(f"{_ONE}change/", views.change_enquiry, name="press_enquiry_change"),
    path(f"{_ONE}act/", views.act_on_enquiry, name="press_enquiry_act"),
    path(f"{_ONE}refuse/", views.refuse_enquiry, name="press_enquiry_refuse"),
    path(f"{_ONE}speaker/", views.choose_enquiry_speaker, name="press_enquiry_speaker"),
    path(f"{_ONE}note/", views.add_enquiry_note, name="press_enquiry_note"),
]
