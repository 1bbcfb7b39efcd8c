"""Reading environment variables; an invalid one stops the start with one line that names it."""

import base64
import hashlib
import sys
import tomllib
from pathlib import Path
from typing import Any

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]

env = environ.Env()

# Version of the running code, as in CHANGELOG.md.
VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

# Everything that a small coalition must back up: database and files.
VAR = Path(env.str("DATA_DIR", default=str(ROOT / "var")))
VAR.mkdir(parents=True, exist_ok=True)


def required(name: str) -> str:
    """Return the value of an environment variable required in production.

    Stops the start with one line that names the variable.
    """
    value: str = env.str(name, default="")
    if not value:
        sys.exit(f"{name} is missing: set it in the environment (see docs/running.md).")
    return value


def chosen(name: str, default: str, *others: str) -> str:
    """Return one of several words, `default` if not set. Stops the start for any other value."""
    value: str = env.str(name, default=default)
    if value not in {default, *others}:
        sys.exit(f"{name} is wrong: it must be one of {', '.join([default, *others])}.")
    return value


def address(name: str) -> tuple[str, int] | None:
    """Return (host, port) from `127.0.0.1:9108` or `[::1]:9108`; None if the variable is not set."""
    value: str = env.str(name, default="")
    if not value:
        return None
    host, _colon, port = value.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        sys.exit(f"{name} is wrong: it must be a host and a port, such as 127.0.0.1:9108.")
    return host.strip("[]"), int(port)


def database(name: str, default: str = "", *, patience: int = 0) -> dict[str, Any]:
    """Return the database of this variable, with the options needed for each engine.

    `patience`: timeout in seconds for connecting, and for a network that carries nothing; the
    server ends a statement after twelve times that. 0: the network's own timeouts.
    """
    if not env.str(name, default=default).startswith(("sqlite:", "postgres:", "postgresql:")):
        sys.exit(f"{name} is wrong: it must begin with sqlite: or postgres:")
    try:
        config: dict[str, Any] = dict(env.db_url(name, default=default))
    except (ImproperlyConfigured, ValueError) as error:
        sys.exit(f"{name} is wrong: {error}")
    if config["ENGINE"] == "django.db.backends.sqlite3":
        # Measured: with 5 s one slow write fails readers; IMMEDIATE avoids upgrade deadlocks.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # secure_delete: deleted content is overwritten; otherwise a copy of the file still
            # contains it.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                " PRAGMA secure_delete=ON;"
            ),
        }
    else:
        config["CONN_HEALTH_CHECKS"] = True
        # Measured: PostgreSQL took 3 s to JIT-compile the query for an editor's list of approved
        # texts.
        given: dict[str, str] = config.get("OPTIONS") or {}  # from the address
        first = f"-c statement_timeout={12 * patience}s" if patience else ""
        words = " ".join(filter(None, [first, given.get("options", ""), "-c jit=off"]))
        config["OPTIONS"] = (_patient(patience) if patience else {}) | given | {"options": words}
    config["ATOMIC_REQUESTS"] = False
    config["CONN_MAX_AGE"] = 60  # seconds
    return config


def _patient(seconds: int) -> dict[str, int]:
    """Return libpq options that close a connection if nothing sent is acknowledged for `seconds`."""
    return {
        "connect_timeout": seconds,
        "tcp_user_timeout": 1000 * seconds,  # milliseconds
        "keepalives_idle": seconds,
        "keepalives_interval": 1,
        "keepalives_count": 3,
    }


def derived_key(secret: str, purpose: str) -> str:
    """Derive a Fernet key for development from the secret, stable over restarts."""
    digest = hashlib.sha256(f"{purpose}:{secret}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()


def derived_vapid_key(secret: str) -> str:
    """Derive a private web push key for development: 32 bytes in URL-safe base64, unpadded."""
    return derived_key(secret, "vapid").rstrip("=")


def vapid_key() -> str:
    """Return the private web push key from VAPID_KEY, or "": notifications are not offered."""
    key: str = env.str("VAPID_KEY", default="")
    try:
        raw = base64.urlsafe_b64decode(f"{key}===")
    except ValueError:
        raw = b"wrong"
    if key and len(raw) != 32:  # without the key in the message: it may be right but for one character
        sys.exit("VAPID_KEY is wrong: it is 32 bytes in URL-safe base64 (see docs/running.md).")
    return key


def keys(name: str) -> list[str]:
    """Return comma-separated Fernet keys, newest first: the first encrypts, all decrypt (rotation)."""
    found = [key.strip() for key in required(name).split(",") if key.strip()]
    for key in found:
        try:
            Fernet(key)
        except ValueError:  # without the key in the message: it may be right but for one character
            sys.exit(f"{name} is wrong: each key is 32 bytes in URL-safe base64 (see docs/running.md).")
    return found


def mailer(url: str) -> dict[str, object]:
    """Return the mailer of a URL: `smtp+tls://user:password@host:587`, `filemail:///folder`."""
    try:
        config = env.email_url_config(url)
    except (ImproperlyConfigured, KeyError, ValueError):
        sys.exit("EMAIL_URL is wrong: it must begin with smtp:, smtp+tls:, smtp+ssl: or filemail:")
    if config["EMAIL_BACKEND"].endswith("filebased.EmailBackend"):
        return {"BACKEND": config["EMAIL_BACKEND"], "OPTIONS": {"file_path": f"/{config['EMAIL_FILE_PATH']}"}}
    return {
        "BACKEND": config["EMAIL_BACKEND"],
        "OPTIONS": {
            "host": config["EMAIL_HOST"],
            "port": config["EMAIL_PORT"],
            "username": config["EMAIL_HOST_USER"],
            "password": config["EMAIL_HOST_PASSWORD"],
            "use_tls": config.get("EMAIL_USE_TLS", False),
            "use_ssl": config.get("EMAIL_USE_SSL", False),
            "timeout": 20,
        },
    }
