"""Run what waits in a fresh demo until nothing is due: `python -m tests.journeys.idle`.

A seeded demo has a backlog of due work, mail and tasks (search, pictures to share). Run once,
before the demo is copied, it is not repeated by the server of each journey.
"""

import os

import django

LOOKS = 50  # far more than a seeded demo needs


def main() -> None:
    """Let one worker look until nothing is due. Raises `SystemExit` if something still is after `LOOKS`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coalition.settings.dev")
    django.setup()
    from coalition.jobs.worker import Worker  # needs Django set up

    worker = Worker()
    for _look in range(LOOKS):
        worker.look()
        if not is_due():
            return
    raise SystemExit("Work is still due in the seeded demo.")


def is_due() -> bool:
    """Return whether due work, a mail or a task could be run now."""
    from django_tasks_db.models import DBTaskResult  # needs Django set up

    from coalition.core.clock import now
    from coalition.jobs.models import DueWork, not_leased
    from coalition.mail.models import OutboxMail

    moment = now()
    free = not_leased(moment)
    return (
        DueWork.objects.filter(free, done_at=None, due_at__lte=moment).exists()
        or OutboxMail.objects.filter(free, state="waiting", next_try_at__lte=moment).exists()
        or DBTaskResult.objects.ready().exists()
    )


if __name__ == "__main__":
    main()
