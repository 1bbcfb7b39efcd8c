"""`manage.py check_grants`: do guardian's rows follow from the seats?"""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import transaction

from coalition.workspaces.actions import grants
from coalition.workspaces.models import Workspace


class Command(BaseCommand):
    help = "Compares rights and groups with the seats of all workspaces; exits with 1 on a difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="mend what differs, and exit with 0")

    def handle(self, *, fix: bool, **options: object) -> None:
        found = [
            difference
            for workspace in Workspace.objects.all()
            for difference in _check_workspace(workspace, fix)
        ]
        for difference in found:
            self.stdout.write(str(difference))
        if not found:
            self.stdout.write("Rights follow from the seats.")
        elif not fix:
            sys.exit(1)


@transaction.atomic
def _check_workspace(workspace: Workspace, fix: bool) -> list[grants.GrantDifference]:
    return grants.sync_grants(workspace) if fix else grants.grant_differences(workspace)
