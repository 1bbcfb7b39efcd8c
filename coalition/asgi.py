"""The ASGI application: HTTP by Django, sockets by channels, and the small size's due jobs."""

import asyncio
import gc
import logging
import os

from coalition.asgi_handler import get_asgi_application

gc.disable()  # no collection during the start: what is loaded now stays
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coalition.settings.production")
http = get_asgi_application()  # before anything that imports models

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import SessionMiddlewareStack
from django.conf import settings
from django.urls import get_resolver, re_path

from coalition import live_push
from coalition.core.log_redaction import LeaveOutQuietPages, MaskTokens
from coalition.jobs.worker import Worker
from coalition.public_cache import PageCache
from coalition.realtime.consumers import refuse_unknown_address, websocket_urlpatterns
from coalition.realtime.hub import close_hub, get_hub
from home.checks import refuse_demo_accounts
from home.frontend_cache import version_listeners

UNANSWERED = "ASGI callable returned without completing handshake."
refuse_demo_accounts()
for log_filter in (LeaveOutQuietPages(), MaskTokens()):
    logging.getLogger("uvicorn.access").addFilter(log_filter)  # its handlers are uvicorn's own
# uvicorn treats a handshake answered with HTTP 404 as unanswered, and logs an error.
logging.getLogger("uvicorn.error").addFilter(lambda record: record.msg != UNANSWERED)
pages = PageCache(http)
version_listeners.append(pages.invalidate)
if settings.LOG_FORMAT == "json":  # format uvicorn's lines like all others
    for name in ("uvicorn", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
unknown = re_path("", refuse_unknown_address)  # type: ignore[arg-type]  # an ASGI application, as URLRouter asks
sockets = URLRouter([*websocket_urlpatterns, unknown])
router = ProtocolTypeRouter(
    {"http": pages, "websocket": AllowedHostsOriginValidator(SessionMiddlewareStack(sockets))}
)
# Load every view before the port opens, not with the first request.
VIEWS = get_resolver().url_patterns
gc.enable()
gc.collect()
gc.freeze()
gc.set_threshold(10_000)  # a page makes thousands of objects, freed by counting


async def application(scope, receive, send):  # type: ignore[no-untyped-def]  # ASGI's three dicts
    """Route a connection; a lifespan starts and stops the worker thread."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        await router(scope, receive, send)


async def _lifespan(receive, send) -> None:  # type: ignore[no-untyped-def]  # ASGI's three dicts
    worker = Worker() if settings.WORKER == "inside" else None
    end_metrics = None
    if settings.METRICS_ADDRESS:
        from coalition.metrics import serve_metrics  # imported only if metrics are served

        end_metrics = serve_metrics(settings.METRICS_ADDRESS)
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            live_push.bind_server_loop(asyncio.get_running_loop())
            get_hub()  # recover live texts after a crash
            if worker:
                worker.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            live_push.bind_server_loop(None)
            pages.close()
            await http.close()
            if end_metrics:
                await asyncio.to_thread(end_metrics)
            await close_hub()
            if worker:
                await asyncio.to_thread(worker.stop)
            await send({"type": "lifespan.shutdown.complete"})
            return
