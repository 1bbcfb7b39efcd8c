"""A process that has loaded the demo once and forks a server of it for each journey.

`python -m tests.journeys.warm_server PORT` reads commands from its standard input, and answers each with
one line: `serve MOMENT LOG` forks a server on the port, whose clock runs on from the moment (ISO 8601, or
`now`) and which writes to the file LOG, and answers `ready` once it accepts connections; `kill` ends it at
once (SIGKILL) and answers `killed`. Process and server end when the standard input does: with the tests that
started them, however they end.

The settings are read from the environment when the process starts: every server has the same folder and port.
"""

import datetime
import gc
import os
import signal
import socket
import sys
import threading
import time
import traceback

import time_machine
import uvicorn
from django.core.cache import cache
from django.db import connections
from django.test import Client

from coalition.asgi import application

HOST = "127.0.0.1"
START = 40.0  # seconds a server may take on a busy machine
# Pages whose templates, catalogues and forms a journey's first requests would otherwise load.
VISITED = ("/kk/", "/ru/news/", "/en/events/", "/demo/", "/accounts/login/")
SIGNED_IN = ("/workspaces/", "/workspaces/all/", "/workspaces/calendar/", "/workspaces/inbox/")
PERSONA = "coordinator@demo.example"


def main() -> None:
    port = int(sys.argv[1])
    reserved = _bound(port)  # never listens: it only keeps the port while no server runs
    _visit_pages()
    if threading.active_count() != 1:
        raise SystemExit(f"A process with threads cannot be forked: {threading.enumerate()}")
    _answer("warm")
    server = 0
    for line in sys.stdin:
        command, _space, rest = line.strip().partition(" ")
        if command == "serve":
            moment, _space, log = rest.partition(" ")
            server = _forked(port, log, moment)
            _answer("ready" if _accepts(server, port) else "failed")
        elif command == "kill":
            if server:  # 0 would be the process group of the tests
                _kill(server)
            server = 0
            _answer("killed")
    if server:
        _kill(server)
    reserved.close()


def _answer(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _visit_pages() -> None:
    """Load what the first pages need; keep no connection, no cached page and no garbage."""
    client = Client(HTTP_HOST="localhost")
    for path in VISITED:
        client.get(path)
    client.post("/demo/sign-in/", {"email": PERSONA})
    for path in SIGNED_IN:
        client.get(path)
    connections.close_all()
    cache.clear()
    gc.collect()
    gc.freeze()  # the collector of a forked process does not copy what is loaded


def _bound(port: int) -> socket.socket:
    """Return a socket that shares the port with the one that servers listen on."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind((HOST, port))
    return made


def _forked(port: int, log: str, moment: str) -> int:
    """Fork a server; returns its process id, which is that of its process group too."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(written, 1)
        os.dup2(written, 2)
        if moment != "now":
            time_machine.travel(datetime.datetime.fromisoformat(moment)).start()
        config = uvicorn.Config(
            application,
            log_level="info",  # its access log is a part of what a journey can look at
            ws_max_size=1024 * 1024,
            ws_per_message_deflate=False,
            server_header=False,
        )
        uvicorn.Server(config).run(sockets=[_bound(port)])
    except Exception:
        traceback.print_exc()
        raise
    finally:
        os._exit(1)  # this process must not go on with what its parent does, whatever happened


def _accepts(server: int, port: int) -> bool:
    """Wait until the server accepts connections; False if it has ended or takes too long."""
    begun = time.monotonic()
    while time.monotonic() - begun < START:
        if os.waitid(os.P_PID, server, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return False
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return True
        time.sleep(0.01)
    return False


def _kill(server: int) -> None:
    """End the server and the programs that it runs, and wait for its end."""
    try:
        os.killpg(server, signal.SIGKILL)
    except ProcessLookupError:  # it has not got as far as its own group
        os.kill(server, signal.SIGKILL)
    os.waitpid(server, 0)


if __name__ == "__main__":
    main()
