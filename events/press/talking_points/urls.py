"""Message guide and briefings: `desk` below `/workspaces/`; `urls` (a spokesperson's link) below the root."""

from django.urls import URLPattern, URLResolver, path

from events.views import briefing, message_guide

_GUIDE = "<uuid:workspace>/press/guide/"
_LINE = f"{_GUIDE}<uuid:line>/"
_BRIEFING = "<uuid:workspace>/press/enquiries/<uuid:enquiry>/briefing/"

urls: list[URLPattern | URLResolver] = [
    path("briefing/<str:token>/", briefing.link, name="briefing_link"),
]
desk: list[URLPattern | URLResolver] = [
    path(_GUIDE, message_guide.guide, name="press_guide"),
    path("<uuid:workspace>/press/guide.pdf", message_guide.pdf, name="press_guide_pdf"),
    path(f"{_GUIDE}new/", message_guide.add, name="press_line_add"),
    path(_LINE, message_guide.change, name="press_line"),
    path(f"{_LINE}take-out/", message_guide.remove, name="press_line_remove"),
    path(f"{_LINE}bring-back/", message_guide.put_back, name="press_line_back"),
    path(_BRIEFING, briefing.briefing, name="press_briefing"),
    path(f"{_BRIEFING}write/", briefing.write, name="press_briefing_write"),
    path(f"{_BRIEFING}note.pdf", briefing.pdf, name="press_briefing_pdf"),
    path(f"{_BRIEFING}send/", briefing.send, name="press_briefing_send"),
]
