"""`manage.py setup_site`: create the public site's pages in three languages."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand

from home.setup_site import setup_site


class Command(BaseCommand):
    help = "Create what is missing of the public site: languages, first pages, the newsroom's group."

    def handle(self, *args: Any, **options: Any) -> None:
        address = urlsplit(settings.SITE_URL)
        port = address.port or (443 if address.scheme == "https" else 80)
        setup_site(hostname=address.hostname or "localhost", port=port)
        self.stdout.write("The public site is there in kk, ru and en.")
