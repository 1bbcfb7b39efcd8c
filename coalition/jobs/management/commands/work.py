"""`manage.py work`: a worker in its own process, for coalitions with several servers."""

import signal
from types import FrameType

from django.core.management.base import BaseCommand

from coalition.jobs.worker import Worker


class Command(BaseCommand):
    help = "Does due work, sends mail and runs tasks until stopped (SIGTERM or Ctrl-C). Several may run."

    def handle(self, **options: object) -> None:
        worker = Worker()

        def stop(_signal: int, _frame: FrameType | None) -> None:
            worker.ask_to_stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        self.stdout.write(f"Worker {worker.name} looks for work.")
        self.stdout.flush()  # the parent process waits for this line
        worker.run()
        self.stdout.write("The worker has stopped.")
