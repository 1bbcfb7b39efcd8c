"""The worker: due work, the outbox and Django's tasks, in a thread of the server or a process of its own."""

import logging
import os
import socket
import threading

from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from coalition.jobs.checks import clock
from coalition.jobs.scheduler import plan_missing, plan_recurring, run_due
from coalition.mail.outbox import deliver_due

PAUSE = 1.0  # seconds between looks; what was missed while down runs at the first look
MAIL_SECONDS = 5.0  # of one look: a moment that comes does not wait until hundreds of mails have left

logger = logging.getLogger(__name__)


class Worker:
    """Runs what waits until stopped. Several workers may run: leases keep them apart."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._stop = threading.Event()
        self._planned = False
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ask_to_stop(self) -> None:
        """End after the piece of work in hand. Returns at once."""
        self._stop.set()

    def stop(self) -> None:
        """Ask the thread to end and wait for the piece of work in hand."""
        self.ask_to_stop()
        self._thread.join(timeout=10)

    def run(self) -> None:
        """Look, work, pause, until `stop`."""
        while not self._stop.is_set():
            self.look()
            self._stop.wait(PAUSE)

    def look(self) -> None:
        """One look at everything that may wait. A failure is logged; the next look comes anyway."""
        close_old_connections()
        try:
            if not self._planned:
                self._look_at_the_clock()
                plan_recurring()
                plan_missing()
                self._planned = True
            run_due(worker=self.name)
            deliver_due(seconds=MAIL_SECONDS)
            self._run_tasks()
        except Exception:  # the worker must outlive a database that is away for a moment
            logger.exception("the worker could not look for work")
        finally:
            close_old_connections()

    def _look_at_the_clock(self) -> None:
        for found in clock(databases=["default"]):
            logger.warning(found.msg)

    def _run_tasks(self) -> None:
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
