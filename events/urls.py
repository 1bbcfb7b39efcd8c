"""Everything of events below `/workspaces/`."""

from events import conflict_urls, desk_urls, feed_urls, intake_urls, invitation_urls

app_name = "events"
urlpatterns = [
    *desk_urls.urls,
    *feed_urls.desk,
    *invitation_urls.desk,
    *intake_urls.urls,
    *conflict_urls.urls,
]
