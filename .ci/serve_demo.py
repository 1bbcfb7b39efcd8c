"""Bring the demo coalition up to date and serve it, in one process: Django is loaded once.

Nothing is destroyed: pending migrations are applied and what the seed lacks is added. A database that was
made by migrations which no longer exist is refused.
"""

import os
import socket
import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"


def main() -> None:
    port, size = _free_port(), _size()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coalition.settings.dev")
    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    _prepare_data(size)
    _serve(port)


def _free_port() -> int:
    """The port asked for; stops with one line if it is wrong or taken."""
    asked = os.environ.get("PORT", "8000")
    if not asked.isdecimal() or not 0 < int(asked) < 65536:
        sys.exit(f"PORT must be a number from 1 to 65535, not {asked!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(asked)))
        except OSError as error:
            sys.exit(f"Port {asked} cannot be used ({error.strerror}). Take another: PORT=8123 make demo")
    return int(asked)


def _size() -> str:
    """How much of the demo is asked for; stops with one line if it is neither size."""
    size = os.environ.get("SIZE") or "small"
    if size not in {"small", "large"}:
        sys.exit(f"SIZE must be small or large, not {size!r}.")
    return size


def _prepare_data(size: str) -> None:
    import django  # after the settings are named

    django.setup()
    from django.core.management import call_command  # needs Django set up
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from coalition.core.migrations_support import (  # needs Django set up
        earlier_database_reason,
        is_earlier_database,
    )

    if is_earlier_database(connection):
        way_out = _way_out(str(connection.settings_dict["NAME"]))
        sys.exit(f"{earlier_database_reason(connection)}: {way_out}, then run make demo again.")
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Migrating the database", flush=True)
        call_command("migrate", verbosity=0, interactive=False)
    print("Seeding the demo coalition", flush=True)
    call_command("seed_demo", size=size)


def _way_out(database: str) -> str:
    """What to do with an earlier database: the demo's folder holds nothing else, any other place may."""
    from coalition.settings.environment import VAR  # reads the environment, which `main` completes

    if Path(database).parent == VAR:
        return f"delete the folder {VAR.absolute()}"
    return "name an empty one in DATABASE_URL"


def _serve(port: int) -> None:
    """Serve until Ctrl-C, which ends the program with status 0."""
    import uvicorn  # not needed when the preparation stops

    config = uvicorn.Config(
        "coalition.asgi:application",
        host=HOST,
        port=port,
        ws_max_size=1024 * 1024,
        ws_per_message_deflate=False,  # measured: costs CPU for small frames
        log_level="warning",
        server_header=False,  # what answers is nobody's business
        timeout_graceful_shutdown=3,
    )
    address = f"http://localhost:{port}"
    print(f"\nThe demo is at {address}  (Ctrl-C ends it)")
    print(f"One press signs in as anyone in it: {address}/demo/\n", flush=True)
    # WhiteNoise hands out styles as files that it opened; a newcomer cannot act on what is said of that.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    try:
        uvicorn.Server(config).run()
    except KeyboardInterrupt:  # uvicorn has shut down and passes the signal on
        print("\nStopped.")


if __name__ == "__main__":
    main()
