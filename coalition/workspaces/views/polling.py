"""What a page without a socket asks every minute: has anything changed?"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from coalition import live_push
from coalition.accounts.models import User
from coalition.workspaces.context_processors import get_waiting_items, waiting_label
from coalition.workspaces.notifications.sentences import unread_label
from coalition.workspaces.notifications.unread import get_unread

MOST_TOPICS = 20


@require_safe
def pulse(request: HttpRequest) -> HttpResponse:
    """How much is unread, and for each `?topic=` the id of its last row, if the person may hear it.

    Not by `members_only`: asking is no visit, and who has been signed out gets no page to read.
    """
    user = request.user
    if not isinstance(user, User):
        return JsonResponse({}, status=401)
    topics = {}
    for topic in dict.fromkeys(request.GET.getlist("topic")[:MOST_TOPICS]):
        if live_push.may_subscribe(user_id=user.pk, topic=topic):
            topics[topic] = live_push.last_topic_id(user_id=user.pk, topic=topic)
    new, waiting = len(get_unread(request)), len(get_waiting_items(request))
    return JsonResponse(
        {
            "unread": new,
            "unread_words": unread_label(new),
            "waiting": waiting,
            "waiting_words": waiting_label(waiting),
            "topics": topics,
        }
    )
