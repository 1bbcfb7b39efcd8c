"""No secret of an address reaches a log."""

import logging

import pytest
from uvicorn.logging import AccessFormatter

from coalition.core.log_redaction import MaskTokens, mask_tokens

TOKEN = "kR4nary-Token_0123456789abcdefghijklmnopqrst"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        (f"/calendar/private/{TOKEN}.ics", "/calendar/private/***.ics"),
        (f"/calendar/private/{TOKEN}.ics?x=1", "/calendar/private/***.ics?x=1"),
        (f"/calendar/press/{TOKEN}.ics", "/calendar/press/***.ics"),
        (f"/calendar/answers/{TOKEN}/", "/calendar/answers/***/"),
        (f"/accounts/invitation/{TOKEN}/", "/accounts/invitation/***/"),
        (f"/guest/{TOKEN}/", "/guest/***/"),
        (f"/embargo/{TOKEN}/kk/", "/embargo/***/kk/"),
        (f"/guest/{TOKEN}/kk/compare/?before=1", "/guest/***/kk/compare/?before=1"),
        (f"/once/{TOKEN}/?language=kk", "/once/***/?language=kk"),
        (f"/objection/{TOKEN}/", "/objection/***/"),
        (f"/en/membership/confirm/{TOKEN}/", "/en/membership/confirm/***/"),
        (f"/kk/open-letter/link/{TOKEN}/", "/kk/open-letter/link/***/"),
        (f"/kk/support/link/{TOKEN}/", "/kk/support/link/***/"),
        (f"/press-registration/{TOKEN}/", "/press-registration/***/"),
        (f"/quotation/{TOKEN}/", "/quotation/***/"),
        ("/calendar/kinds/meeting.ics", "/calendar/kinds/meeting.ics"),
    ],
)
def test_tokens_are_masked_and_nothing_else(address, kept) -> None:
    assert mask_tokens(address) == kept


def test_the_access_log_of_uvicorn_shows_no_token(caplog) -> None:
    """As uvicorn writes it: the path is an argument that its own formatter takes apart."""
    logger = logging.getLogger("uvicorn.access")
    from coalition import asgi  # noqa: F401  adds the filter, as at the start of a server

    record = logger.makeRecord(
        logger.name,
        logging.INFO,
        __file__,
        1,
        '%s - "%s %s HTTP/%s" %d',
        ("127.0.0.1:1", "GET", f"/calendar/private/{TOKEN}.ics", "1.1", 200),
        None,
    )
    assert logger.filter(record)
    line = AccessFormatter("%(client_addr)s %(request_line)s %(status_code)s", use_colors=False).format(
        record
    )
    assert TOKEN not in line
    assert "GET /calendar/private/***.ics HTTP/1.1" in line


def test_an_address_that_is_not_there_is_logged_without_its_token() -> None:
    handler = next(
        one for one in logging.getLogger().handlers if any(isinstance(f, MaskTokens) for f in one.filters)
    )
    record = logging.makeLogRecord(
        {"msg": "Not Found: %s", "args": (f"/calendar/private/{TOKEN}.ics",), "levelno": logging.WARNING}
    )
    assert handler.filter(record)
    assert handler.format(record).endswith("Not Found: /calendar/private/***.ics")


def test_nobody_writes_lines_of_the_log(client, db, caplog) -> None:
    client.get("/kR4nary%0d%0a2026-11-27 WARNING forged/")
    told = [record.getMessage() for record in caplog.records if "kR4nary" in record.getMessage()]
    assert told
    assert [words for words in told if len(words.splitlines()) > 1] == []
