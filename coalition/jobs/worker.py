"""The worker runs due work, the outbox and Django's tasks, in a thread of the server or its own process."""

import logging
import os
import socket
import threading

from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from coalition.jobs.checks import check_clock_skew
from coalition.jobs.scheduler import run_due, schedule_missing, schedule_recurring
from coalition.mail.outbox import deliver_due

PAUSE = 1.0  # seconds between looks; what was missed while no worker ran is done at the first look
MAIL_SECONDS = 5.0  # the longest time a look sends mail: due work must not wait for hundreds of mails

logger = logging.getLogger(__name__)


class Worker:
    """Run what is due until stopped. Several workers may run at once: leases keep them apart."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._stop = threading.Event()
        self._planned = False
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)

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
        """Look for work, run it and pause, until `stop`."""
        while not self._stop.is_set():
            self.look()
            self._stop.wait(PAUSE)

    def look(self) -> None:
        """Run once what is due in all queues. Log a failure; the next look retries."""
        close_old_connections()
        try:
            if not self._planned:
                self._look_at_the_clock()
                schedule_recurring()
                schedule_missing()
                self._planned = True
            run_due(worker=self.name)
            deliver_due(seconds=MAIL_SECONDS)
            self._run_tasks()
        except Exception:  # the worker must survive a database that does not answer for a moment
            logger.exception("the worker could not look for work")
        finally:
            close_old_connections()

    def _look_at_the_clock(self) -> None:
        for found in check_clock_skew(databases=["default"]):
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
