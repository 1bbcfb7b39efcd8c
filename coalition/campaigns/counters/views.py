"""Counters as JSON: for the pages that show them, and for anybody who wants to check them."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from coalition.campaigns.counters.columns import CACHE_SECONDS
from coalition.campaigns.counters.presenters import counter_views, counters_as_json
from coalition.campaigns.counters.subjects import Subject, subject_at
from coalition.http.responses import limit_proxy_age


@require_safe
def counters(request: HttpRequest, slug: str) -> HttpResponse:
    """The five columns of an appeal, each with its method; they are not to be added up."""
    subject = subject_at(slug, get_language() or "")
    if subject is None:
        raise Http404
    return counters_json(request, subject)


def counters_json(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Return the answer for a subject. A proxy keeps it for a few seconds."""
    answer = JsonResponse(
        {
            "title": subject.title,
            "url": request.build_absolute_uri(subject.url),
            "goal": subject.goal,
            "is_open": subject.is_open,
            "columns": counters_as_json(counter_views(subject.uuid)),
        },
        json_dumps_params={"ensure_ascii": False},
    )
    limit_proxy_age(answer, CACHE_SECONDS)
    return answer
