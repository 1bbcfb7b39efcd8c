"""Message guide and briefings: `desk` below `/workspaces/`; `root` (a spokesperson's link) below the root."""

from django.urls import URLPattern, URLResolver, path

from events.press.enquiries.talking_points import views

_GUIDE = "<uuid:workspace>/press/guide/"
_LINE = f"{_GUIDE}<uuid:line>/"
_BRIEFING = "<uuid:workspace>/press/enquiries/<uuid:enquiry>/briefing/"

root: list[URLPattern | URLResolver] = [
    path("briefing/<str:token>/", views.briefing_link_page, name="briefing_link"),
]
desk: list[URLPattern | URLResolver] = [
    path(_GUIDE, views.guide, name="press_guide"),
    path("<uuid:workspace>/press/guide.pdf", views.download_talking_points, name="press_guide_pdf"),
    path(f"{_GUIDE}new/", views.add_guide_line, name="press_line_add"),
    path(_LINE, views.change_guide_line, name="press_line"),
    path(f"{_LINE}take-out/", views.remove_guide_line, name="press_line_remove"),
    path(f"{_LINE}bring-back/", views.restore_guide_line, name="press_line_back"),
    path(_BRIEFING, views.briefing, name="press_briefing"),
    path(f"{_BRIEFING}write/", views.write_briefing, name="press_briefing_write"),
    path(f"{_BRIEFING}note.pdf", views.download_briefing, name="press_briefing_pdf"),
    path(f"{_BRIEFING}send/", views.send_briefing, name="press_briefing_send"),
]
