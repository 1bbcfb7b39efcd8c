"""The worker runs due work, the outbox and Django's tasks; it checks the machine's clock."""

import logging
import os
import socket
import threading
from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import DatabaseError, close_old_connections
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from coalition.core.clock import clock_skew_seconds
from coalition.jobs.scheduler import lengthy_threads, run_due, schedule_missing, schedule_recurring
from coalition.mail.outbox import deliver_due

TOLERANCE_SECONDS = 5.0  # seconds: an authenticator app's code is valid for thirty


@checks.register(checks.Tags.database)
def check_clock_skew(databases: Sequence[str] | None = None, **_given: Any) -> list[checks.CheckMessage]:
    """Return a warning where the clocks differ by more than `TOLERANCE_SECONDS`."""
    if not databases or "default" not in databases:
        return []
    try:
        seconds = clock_skew_seconds()
    except DatabaseError:  # other code reports the outage
        return []
    if abs(seconds) <= TOLERANCE_SECONDS:
        return []
    where = "ahead of" if seconds > 0 else "behind"
    return [
        checks.Warning(
            f"The clock of this machine is {abs(seconds):.0f} s {where} the database's. Deadlines and "
            "embargoes follow the database's; authenticator apps and sessions follow this machine's. "
            "Set it by NTP.",
            id="coalition.W012",
        )
    ]


PAUSE = 1.0  # seconds between polls; work missed while no worker ran is done at the first poll
MAIL_SECONDS = 5.0  # the longest time a poll sends mail: due work must not wait for hundreds of mails

logger = logging.getLogger(__name__)


class Worker:
    """Run what is due until stopped. Several workers may run at once: leases prevent conflicts.

    Lengthy work (`scheduler.register_lengthy`) runs in threads of its own, so that nothing else waits for it.
    """

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._stop = threading.Event()
        self._planned = False
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)
        self._has_threads = False

    def start(self) -> None:
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Stop after the current job. Return at once."""
        self._stop.set()

    def stop(self) -> None:
        """Ask the thread to end and wait for the current job, for at most 10 s."""
        self.ask_to_stop()
        self._thread.join(timeout=10)

    def run(self) -> None:
        """Poll for work, run it and pause, until `stop`."""
        self._has_threads = True
        for name in sorted(lengthy_threads()):
            threading.Thread(target=self._run_lengthy, args=[name], name=name, daemon=True).start()
        while not self._stop.is_set():
            self.look()
            self._stop.wait(PAUSE)

    def _run_lengthy(self, thread: str) -> None:
        while not self._stop.is_set():
            close_old_connections()
            try:
                run_due(worker=self.name, thread=thread)
            except Exception:  # as in `look`
                logger.exception("the worker could not look for lengthy work")
            finally:
                close_old_connections()
            self._stop.wait(PAUSE)

    def look(self) -> None:
        """Run once what is due in all queues; lengthy work too, unless `run` was called. Log a failure; the
        next poll retries."""
        close_old_connections()
        try:
            if not self._planned:
                for found in check_clock_skew(databases=["default"]):
                    logger.warning(found.msg)
                schedule_recurring()
                schedule_missing()
                self._planned = True
            run_due(worker=self.name, thread="" if self._has_threads else None)
            deliver_due(seconds=MAIL_SECONDS)
            TaskWorker(
                queue_names=["*"],
                interval=0,
                batch=True,
                backend_name="default",
                startup_delay=False,
                max_tasks=None,
                worker_id=self.name[:64],
                excluded_queue_names=[],
            ).run()
        except Exception:  # the worker must survive a database that is briefly unavailable
            logger.exception("the worker could not look for work")
        finally:
            close_old_connections()
