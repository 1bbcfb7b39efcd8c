"""The system's Chromium, for whoever drives it: nothing is downloaded."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
HEADLESS_SHELL = "chromium-headless-shell"  # the same engine, a third less work; it lacks push messages
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
)


def chromium() -> str | None:
    """Its path, or None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def headless_chromium() -> str | None:
    """The path of the headless shell, of Chromium where there is no shell, or None without either."""
    return shutil.which(HEADLESS_SHELL) or chromium()
