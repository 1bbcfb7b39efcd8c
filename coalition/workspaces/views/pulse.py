"""What a page without a socket asks every minute: has anything changed?"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from coalition import live
from coalition.accounts.models import User
from coalition.workspaces.context_processors import waiting_of, waiting_words
from coalition.workspaces.notifications.reading import unread
from coalition.workspaces.notifications.words import unread_words

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
        if live.may_hear(user_id=user.pk, topic=topic):
            topics[topic] = live.last_id_of(user_id=user.pk, topic=topic)
    new, waiting = len(unread(request)), len(waiting_of(request))
    return JsonResponse(
        {
            "unread": new,
            "unread_words": unread_words(new),
            "waiting": waiting,
            "waiting_words": waiting_words(waiting),
            "topics": topics,
        }
    )
