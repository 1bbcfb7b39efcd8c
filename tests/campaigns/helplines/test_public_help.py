"""The public page of help: what it shows, to whom it leads, what it never tells."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coalition.accounts.enums import Listing
from coalition.campaigns.helplines.enums import Availability, EntryState, RunBy
from tests.campaigns.factories import HelplineEntryFactory, HelplineFactory
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def page(client, query="", language="en"):
    answer = client.get(f"/{language}/help/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_page(client):
    HelplineEntryFactory()
    print(page(client))
    HelplineEntryFactory()
