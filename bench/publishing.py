"""Publishing a text with forty pictures in three languages: transaction time and atomicity."""

import datetime
import io
import threading
import time
from typing import Any

from django import db

from bench import demo_data
from bench.figures import Figure, at_most, told

PICTURES = 40
LANGUAGES = ("kk", "ru", "en")
REACH = 2.0  # seconds


def measure(_peer: str | None) -> list[Figure]:
    """Return the seconds of the publishing transaction, and how often a reader saw a partial
    state."""
    demo_data.prepare()
    from documents.publication.actions import publish_approved

    access, round_ = _approved()
    watch = _Transaction()
    with _Looking() as looked, watch:
        begun = time.perf_counter()
        publication = publish_approved(access=access, round_=round_)
        whole = time.perf_counter() - begun
    if publication.texts.count() != len(LANGUAGES):
        raise RuntimeError("Not every language was published.")
    return [
        at_most("approval", f"publishing {PICTURES} files in 3 languages", watch.seconds, "s", reach=REACH),
        told("approval", "publishing: with the copies of files before it", whole, "s"),
        at_most("approval", "publishing: looks that saw a part of it", looked.partly, "looks", reach=0),
        told("approval", "publishing: looks meanwhile", looked.looks, "looks"),
    ]


def _approved() -> tuple[Any, Any]:
    """Create a round of the demo's lead organisation alone, approved in three languages."""
    from coalition.accounts.models import User
    from coalition.core.clock import now
    from coalition.workspaces.permissions import access_to
    from coalition.workspaces.queries import active_seats
    from documents.approval.actions.decide import approve
    from documents.approval.actions.open_round import submit_for_approval
    from documents.drafts.actions.manage import create_draft, name_version, save_text
    from documents.drafts.models import ApprovalRule

    user = User.objects.get(email="coordinator@demo.example")
    seat = active_seats(user).select_related("workspace", "organisation").order_by("pk")[0]
    access = access_to(user, seat.workspace.uuid)
    draft = create_draft(access=access, title="Forty pictures")
    body = _body([_picture(access, number) for number in range(PICTURES)])
    versions = []
    for language in LANGUAGES:
        text = draft.texts.select_related("draft").get(language=language)
        save_text(access=access, text=text, title=f"Forty pictures, {language}", lead="", body=body)
        text = draft.texts.select_related("draft").get(language=language)
        versions.append(name_version(access=access, text=text, name="As agreed"))
    round_ = submit_for_approval(
        access=access,
        draft=draft,
        versions=versions,
        organisations=[access.organisation],
        deadline=now() + datetime.timedelta(days=1),
        rule=ApprovalRule.ALL,
        acknowledged=True,
    )
    hashes = {version.language: version.hash for version in versions}
    approve(round_=round_, organisation=access.organisation, hashes=hashes, person=user)
    return access, round_


def _picture(access: Any, number: int) -> str:
    from PIL import Image

    from documents.files.actions import upload_file

    content = io.BytesIO()
    Image.effect_noise((900, 600), 40 + number).convert("RGB").save(content, "JPEG")
    size = content.tell()
    content.seek(0)
    file = upload_file(
        access=access, content=content, size=size, name=f"{number}.jpg", alt=f"Picture {number}"
    )
    return str(file.uuid)


def _body(pictures: list[str]) -> dict[str, Any]:
    said = {"type": "paragraph", "content": [{"type": "text", "text": "We ask for a law."}]}
    shown = [
        {"type": "picture", "attrs": {"id": one, "alt": f"Picture {number}"}}
        for number, one in enumerate(pictures)
    ]
    return {"type": "doc", "content": [said, *shown]}


class _Transaction:
    """Measure the duration of the outermost transaction in which a page was presented."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> "_Transaction":
        from documents.publication import actions as actions_publish

        self.module, self.inner = actions_publish, db.transaction.atomic
        outer = self

        class Timed:
            def __enter__(self) -> None:
                self.begun = time.perf_counter()
                self.block = outer.inner()
                self.block.__enter__()

            def __exit__(self, *given: Any) -> Any:
                done = self.block.__exit__(*given)
                outer.seconds = max(outer.seconds, time.perf_counter() - self.begun)
                return done

        self.timed = type("transaction", (), {"atomic": staticmethod(Timed)})
        self.kept = db.transaction
        db.transaction = self.timed  # type: ignore[assignment]  # one that measures, for as long as this lasts
        return self

    def __exit__(self, *_given: object) -> None:
        self.module.transaction = self.kept


class _Looking:
    """Poll on a separate connection: three pages and the certificate, or nothing."""

    def __init__(self) -> None:
        self.looks = self.partly = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "_Looking":
        self._thread.start()
        return self

    def __exit__(self, *_given: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        from django.db import connection

        from documents.publication.queries import public_publications
        from home.models import NewsPage

        before = NewsPage.objects.live().exclude(publication=None).count()
        sheets = public_publications().count()
        while not self._over.is_set():
            first = NewsPage.objects.live().exclude(publication=None).count() - before
            there = public_publications().count() - sheets
            after = NewsPage.objects.live().exclude(publication=None).count() - before
            self.looks += 1
            steady = first == after  # otherwise the commit happened between the two reads
            if first not in {0, len(LANGUAGES)} or (steady and bool(first) != bool(there)):
                self.partly += 1
        connection.close()
