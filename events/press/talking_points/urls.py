"""Message guide and briefings: `desk` below `/workspaces/`; `urls` (a spokesperson's link) below the root."""

from django.urls import URLPattern, URLResolver, path

from events.press.talking_points.views import briefings, lines

_GUIDE = "<uuid:workspace>/press/guide/"
_LINE = f"{_GUIDE}<uuid:line>/"
_BRIEFING = "<uuid:workspace>/press/enquiries/<uuid:enquiry>/briefing/"

urls: list[URLPattern | URLResolver] = [
    path("briefing/<str:token>/", briefings.link, name="briefing_link"),
]
desk: list[URLPattern | URLResolver] = [
    path(_GUIDE, lines.guide, name="press_guide"),
    path("<uuid:workspace>/press/guide.pdf", lines.pdf, name="press_guide_pdf"),
    path(f"{_GUIDE}new/", lines.add, name="press_line_add"),
    path(_LINE, lines.change, name="press_line"),
    path(f"{_LINE}take-out/", lines.remove, name="press_line_remove"),
    path(f"{_LINE}bring-back/", lines.put_back, name="press_line_back"),
    path(_BRIEFING, briefings.briefing, name="press_briefing"),
    path(f"{_BRIEFING}write/", briefings.write, name="press_briefing_write"),
    path(f"{_BRIEFING}note.pdf", briefings.pdf, name="press_briefing_pdf"),
    path(f"{_BRIEFING}send/", briefings.send, name="press_briefing_send"),
]
