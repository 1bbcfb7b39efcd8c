"""Everything of events below `/workspaces/`."""

from events import conflict_urls, desk_urls, intake_urls, invitation_urls

app_name = "events"
urlpatterns = [
    *desk_urls.urls,
    *invitation_urls.desk,
    *intake_urls.urls,
    *conflict_urls.urls,
]
