"""Count requests and measure response times by view name. Labels hold no path, query or person."""

import time

from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

from coalition.http.request_cache import RequestSlot

REGISTRY = CollectorRegistry()


ProcessCollector(registry=REGISTRY)


BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
METHODS = frozenset({"GET", "HEAD", "POST"})
REQUESTS = Counter(
    "coalition_requests", "Requests answered, by view.", ["view", "method", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "coalition_request_seconds",
    "Until the answer began.",
    ["view"],
    buckets=BUCKETS,
    registry=REGISTRY,
)


_STARTED_AT_SLOT = RequestSlot[float]("metrics_begun")  # time.perf_counter() at the start of the request


class CountRequestsMiddleware(MiddlewareMixin):
    """Must be the first middleware, so that answers of other middleware are counted too."""

    def process_request(self, request: HttpRequest) -> None:
        _STARTED_AT_SLOT.put(request, time.perf_counter())

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        match = request.resolver_match
        view = (match.view_name if match else "") or "none"
        method = request.method if request.method in METHODS else "other"  # clients may send any word
        REQUESTS.labels(view, method, str(response.status_code)).inc()
        begun = _STARTED_AT_SLOT.of(request)
        if begun is not None:
            SECONDS.labels(view).observe(time.perf_counter() - begun)
        return response
