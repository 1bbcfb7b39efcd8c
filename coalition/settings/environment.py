"""Reading the environment: one place, and one line that names what is wrong."""

import base64
import hashlib
import sys
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"  # everything that a small coalition must back up
VAR.mkdir(exist_ok=True)

env = environ.Env()


def required(name: str) -> str:
    """The value of an environment variable that production cannot do without.

    Stops the start with one line that names the variable.
    """
    value: str = env.str(name, default="")
    if not value:
        sys.exit(f"{name} is missing: set it in the environment (see docs/running.md).")
    return value


def database(default: str) -> dict[str, object]:
    """The database from DATABASE_URL, with the options that each engine needs."""
    try:
        config: dict[str, object] = dict(env.db_url("DATABASE_URL", default=default))
    except (ImproperlyConfigured, ValueError) as error:
        sys.exit(f"DATABASE_URL is wrong: {error}")
    if config["ENGINE"] == "django.db.backends.sqlite3":
        # Measured: with 5 s one slow write fails readers; IMMEDIATE avoids upgrade deadlocks.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }
    else:
        config["CONN_HEALTH_CHECKS"] = True
    config["ATOMIC_REQUESTS"] = False
    return config


def derived_key(secret: str, purpose: str) -> str:
    """A Fernet key for development, derived from the secret so that a restart keeps it."""
    digest = hashlib.sha256(f"{purpose}:{secret}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()


def keys(name: str) -> list[str]:
    """Comma-separated Fernet keys, newest first: the first encrypts, all decrypt (rotation)."""
    return [key.strip() for key in required(name).split(",") if key.strip()]
