"""Which addresses no log tells of."""

import logging

import pytest
from uvicorn.logging import AccessFormatter

from coalition.core.log_redaction import LeaveOutQuietPages, is_quiet

QUIET = [
    "/kk/help/",
    "/ru/help/?region=KZ-75",
    "/en/help/leaflet-KZ-75.pdf",
    "/kk/help",
    "/help/",
    "/help?region=KZ-75",
    "/KK/Help/",
    "//kk/help/",
    "/kk//help/",
    "///kk///help//leaflet-KZ-75.pdf",
    "/kk/help;x/",
    "/kk/help%3Bx/",  # as uvicorn writes it
]
OTHERS = [
    "/kk/",
    "/kk/helpful/",
    "/kk/news/help/",
    "/kk/helpers/",
    "/workspaces/helplines/",
    "/",
    "",
    "help/",
    "/kk/help%3Ahere/",
]


@pytest.mark.parametrize("path", QUIET)
def test_help_is_quiet_in_every_language_and_without(path):
    assert is_quiet(path)


@pytest.mark.parametrize("path", OTHERS)
def test_nothing_else_is(path):
    assert not is_quiet(path)


def record(path, level=logging.INFO):
    return logging.makeLogRecord(
        {
            "name": "uvicorn.access",
            "levelno": level,
            "msg": '%s - "%s %s HTTP/%s" %d',
            "args": ("203.0.113.7:1", "GET", path, "1.1", 200),
        }
    )


def test_the_access_log_of_uvicorn_leaves_them_out():
    from coalition import asgi  # noqa: F401  adds the filter, as at the start of a server

    logger = logging.getLogger("uvicorn.access")
    assert [path for path in QUIET if logger.filter(record(path))] == []
    passed = [line for path in OTHERS if (line := logger.filter(record(path)))]
    assert len(passed) == len(OTHERS)
    shown = AccessFormatter("%(client_addr)s %(request_line)s", use_colors=False).format(record("/kk/"))
    assert shown == "203.0.113.7:1 GET /kk/ HTTP/1.1"


def test_what_is_not_found_there_is_in_no_log_and_an_error_is_in_ours():
    handler = next(
        one
        for one in logging.getLogger().handlers
        if any(isinstance(kept, LeaveOutQuietPages) for kept in one.filters)
    )
    missing = {"msg": "Not Found: %s", "args": ("/kk/help/leaflet-KZ-99.pdf",), "levelno": logging.WARNING}
    assert not handler.filter(logging.makeLogRecord(missing))
    broken = {"msg": "Internal Server Error: %s", "args": ("/kk/help/",), "levelno": logging.ERROR}
    assert handler.filter(logging.makeLogRecord(broken))
