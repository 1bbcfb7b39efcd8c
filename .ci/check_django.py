"""Django's own checks in one process: system checks, linear migrations, missing migrations."""

import os
import sys
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


if __name__ == "__main__":
    main()
