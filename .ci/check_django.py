"""Django's own checks in one process: system checks, linear migrations, missing migrations, and whether new
migrations leave the version before them running."""

import os
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "coalition.settings.test"
    # The bundles are built by `make demo` and `make test`; the checks only ask that their folder is there.
    (ROOT / "build" / "static").mkdir(parents=True, exist_ok=True)
    # Looking for missing migrations needs no data: an empty database answers.
    os.environ["DATABASE_URL"] = "sqlite://:memory:"
    import django  # after the settings are named

    django.setup()
    from django.core.management import call_command  # needs Django set up
    from django.core.management.base import CommandError

    try:
        call_command("check", fail_level="WARNING")
        call_command("makemigrations", check_changes=True, dry_run=True)
    except CommandError as error:
        sys.exit(str(error))
    from migration_rules import findings  # the rules look at migrations through Django

    # The last migrations that are not looked at: those of the release before.
    before = tomllib.loads((ROOT / ".ci" / "migrations_before.toml").read_text(encoding="utf-8"))
    if found := list(findings(before)):
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
