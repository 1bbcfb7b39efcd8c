"""`python -m tests.broken <thing> …`: what a function of `things` answers, as one line of JSON; or of another
module beside it, if that is named before (`in_an_hour.news`)."""

import importlib
import json
import sys

import django


def main() -> None:
    django.setup()
    thing, *words = sys.argv[1:]
    module, _dot, name = thing.rpartition(".")
    things = importlib.import_module(f"tests.broken.{module or 'things'}")
    sys.stdout.write(f"{json.dumps(getattr(things, name)(*words))}\n")


if __name__ == "__main__":
    main()
