"""`manage.py rebuild_search`: rebuild the index of the public search."""

from typing import Any

from django.core.management.base import BaseCommand

from home.models import SearchItem
from home.search.find import reindex_all


class Command(BaseCommand):
    help = "Write what the public search looks into anew, from what is public now."

    def handle(self, *args: Any, **options: Any) -> None:
        reindex_all()
        self.stdout.write(f"The public search looks into {SearchItem.objects.count()} things.")
