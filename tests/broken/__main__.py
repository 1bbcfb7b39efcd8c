"""`python -m tests.broken <thing> …`: what a function of `things` answers, as one line of JSON."""

import importlib
import json
import sys

import django


def main() -> None:
    django.setup()
    things = importlib.import_module("tests.broken.things")
    name, *words = sys.argv[1:]
    sys.stdout.write(f"{json.dumps(getattr(things, name)(*words))}\n")


if __name__ == "__main__":
    main()
