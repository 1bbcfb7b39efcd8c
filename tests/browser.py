"""The system's Chromium, for whoever drives it: nothing is downloaded."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
WITHOUT_WINDOWS = "chromium-headless-shell"  # the same engine, a third less work; it lacks push messages
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
    """The path of the lightest that can draw pages, or None where there is none."""
    return shutil.which(WITHOUT_WINDOWS) or chromium()
