"""The link that volunteers open on their phones, and the address in a single-use code."""

from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from coalition.campaigns.in_person.models import Table
from coalition.core.throttling import derive_token
from coalition.mail.outbox import absolute_url

LINK_PURPOSE: Final = "campaigns.table_link"


def table_token(table: Table) -> str:
    """Return the token of the table's link; the database stores only its hash."""
    name = f"{table.uuid}:{table.link_number}"
    return derive_token(LINK_PURPOSE, name, known_hash=table.link_hash)


def table_address(table: Table) -> str:
    """Return the whole address of the table's link, in the active language."""
    return absolute_url(reverse("table", args=[table_token(table)]))


def code_address(code: str) -> str:
    """Return the address in the QR code, in capitals: a QR code holds those in fewer and larger squares."""
    if urlsplit(settings.SITE_URL).path.strip("/"):  # only a host may be written in capitals
        return absolute_url(reverse("table_code", args=[code]))
    return absolute_url(reverse("table_code_in_capitals", args=[code])).upper()
