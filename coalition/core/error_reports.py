"""Report errors to a Sentry-compatible server (Sentry, GlitchTip), without personal data.

Off unless `SENTRY_DSN` names a server. A report consists of an allowlist: the type of the error,
where in the code it was raised, the name of the view, the unformatted log message and the release.
Exception messages, values of variables, arguments of log messages, URLs, headers, cookies, bodies
and host names are never copied: they contain names and texts of the coalition.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration

_STATUSES_IN_METRICS = frozenset({HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE})
_EVENT_KEYS = ("event_id", "timestamp", "level", "logger", "platform", "release", "environment", "sdk")
_FRAME_KEYS = (
    "filename",
    "module",
    "function",
    "lineno",
    "context_line",
    "pre_context",
    "post_context",
    "in_app",
)


def start_error_reports(dsn: str, *, release: str) -> None:
    """Report everything logged as an error, Django's 500s too, and what ends a thread or a command.

    `dsn`: the address that the server gives for a project. Raises `sentry_sdk.utils.BadDsn` if invalid.
    """
    sentry_sdk.init(
        dsn=dsn,
        release=release,
        # Django logs every 500; the SDK's own Django integration would patch its views, templates and cache.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR),
            ExcepthookIntegration(always_run=True),
            AtexitIntegration(
                callback=lambda _pending, _timeout: None
            ),  # sends pending reports, and prints nothing
            ThreadingIntegration(),
        ],
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        server_name="",
        shutdown_timeout=2,
        before_send=scrub,  # type: ignore[arg-type]  # its types of events are TypedDicts without a name at run time
    )


def scrub(event: Mapping[str, Any], hint: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a new event with only the allowed fields (see the module).

    None for responses 503 and 507: an outage or a full disk, which the metrics count.
    """
    if getattr(hint.get("log_record"), "status_code", None) in _STATUSES_IN_METRICS:
        return None
    report = _pick_keys(event, _EVENT_KEYS)
    message = event.get("logentry", {}).get("message")
    if message:
        report["logentry"] = {"message": message}
    exceptions = event.get("exception", {}).get("values", ())
    if exceptions:
        report["exception"] = {"values": [_scrub_exception(one) for one in exceptions]}
    match = getattr(getattr(hint.get("log_record"), "request", None), "resolver_match", None)
    if match is not None:
        report["transaction"] = match.view_name
    return report


def _scrub_exception(value: Mapping[str, Any]) -> dict[str, Any]:
    report = _pick_keys(value, ("type", "module"))
    frames = (value.get("stacktrace") or {}).get("frames", ())
    report["stacktrace"] = {"frames": [_pick_keys(frame, _FRAME_KEYS) for frame in frames]}
    return report


def _pick_keys(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}
