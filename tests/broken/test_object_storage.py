"""Files on S3, a server of its own: nobody gets one past the application, and what fails leaves nothing."""

from pathlib import Path

from pyrage import x25519

from tests.broken.objects import BUCKET, ObjectServer
from tests.broken.product import Answer, Person, Product, on_sqlite

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n" + b"kR4nary " * 200_000 + b"\ntrailer<<>>\n%%EOF\n"


def _send(product: Product, person: Person, token: str) -> Answer:
    path = f"/workspaces/{person.workspace}/files/"
    fields = {"alt": "", "caption": "Words that stay", "credit": "", "handling": "amber"}
    return product.send(path, fields, token=token, person=person, file=("plan.pdf", PDF))


def test_files_live_on_s3_and_leave_by_the_application_alone(tmp_path: Path, s3: ObjectServer) -> None:
    product = on_sqlite(tmp_path / "site", X_ACCEL="true", **s3.variables)
    made = product.tell("members_and_a_picture", "en", "en")
    (person, stranger), shown = (Person(**told) for told in made["members"]), made["picture"]
    with product.serving():
        token = product.token(f"/workspaces/{person.workspace}/files/", person)
        assert _send(product, person, token).status == 302
        (kept,) = [one for one in product.tell("files") if one["name"] == "plan.pdf"]
        key = f"private/{kept['key']}"
        assert key in s3.kept()
        _is_read_by_who_may(product, kept["uuid"], person, stranger)
        assert not any(s3.is_open(one) for one in s3.kept())
        page = product.ask(f"/workspaces/files/{kept['uuid']}/", person=person)
        assert page.status == 200
        for sign in ("Signature=", "AWSAccessKeyId", str(s3.port), BUCKET + "/"):
            assert sign not in page.words, sign
        _is_shown_until_it_is_taken_back(product, s3, shown)
    _comes_back_from_a_backup(product, s3, key)
    _takes_over_what_lay_on_the_disk(product, s3)


def _takes_over_what_lay_on_the_disk(product: Product, s3: ObjectServer) -> None:
    (product.folder / "private" / "old").mkdir(parents=True, exist_ok=True)
    (product.folder / "private" / "old" / "plan.pdf").write_bytes(PDF)
    assert "1 files (1.6 MB) were copied and compared" in product.do("copy_files")
    assert "private/old/plan.pdf" in s3.kept()


def _is_read_by_who_may(product: Product, uuid: str, person: Person, stranger: Person) -> None:
    path = f"/workspaces/files/{uuid}/download/"
    whole = product.ask(path, person=person)
    assert (whole.status, whole.body) == (200, PDF)
    assert "X-Accel-Redirect" not in whole.headers
    assert whole.headers["Cache-Control"] == "no-store, private"
    part = product.ask(path, person=person, Range="bytes=1600000-1600009")
    assert (part.status, part.body) == (206, PDF[1600000:1600010])
    last = product.ask(path, person=person, Range="bytes=-6")
    assert (last.status, last.body) == (206, PDF[-6:])
    head = product.ask(path, person=person, method="HEAD")
    assert (head.status, head.headers["Content-Length"], head.body) == (200, str(len(PDF)), b"")
    assert product.ask(path, person=stranger).status == 404
    assert product.ask(path).status == 302
    for told in (product.ask(path, person=stranger), product.ask(path)):
        assert "Signature" not in f"{told.headers}{told.words}"


def _is_shown_until_it_is_taken_back(product: Product, s3: ObjectServer, shown: dict[str, str]) -> None:
    """At an address of the site, from which alone its pages load pictures."""
    assert shown["url"] == f"/media/{shown['key']}"
    page = product.ask(shown["page"])
    assert shown["url"] in page.words
    assert str(s3.port) not in page.words
    picture = product.ask(shown["url"])
    assert (picture.status, picture.body[:2]) == (200, b"\xff\xd8")
    assert product.ask(shown["url"], Range="bytes=0-1").body == b"\xff\xd8"
    product.tell("take_picture_back")
    assert f"public/{shown['key']}" not in s3.kept()
    assert product.ask(shown["url"]).status == 404


def _comes_back_from_a_backup(product: Product, s3: ObjectServer, key: str) -> None:
    secret, folder = x25519.Identity.generate(), product.folder.parent / "backups"
    (product.folder.parent / "key").write_text(f"{secret}\n")
    product.do("backup", str(folder), "--recipient", str(secret.to_public()))
    (made,) = folder.iterdir()
    before = s3.kept()
    s3.kill()
    s3.start()
    assert not s3.kept()
    identity = str(product.folder.parent / "key")
    product.do("restore", str(made), "--identity", identity, "--replace", "--yes")
    assert s3.kept() == before
    content = s3.client().get_object(Bucket=BUCKET, Key=key)["Body"].read()
    assert content == PDF
    assert not any(s3.is_open(one) for one in before)


def test_while_s3_is_away_people_are_told_and_nothing_is_half_there(tmp_path: Path, s3: ObjectServer) -> None:
    product = on_sqlite(tmp_path / "site", **s3.variables)
    made = product.tell("members_and_a_picture", "ru")
    person, shown = Person(**made["members"][0]), made["picture"]
    with product.serving():
        path = f"/workspaces/{person.workspace}/files/"
        token = product.token(path, person)
        before = product.tell("files")
        s3.kill()
        refused = _send(product, person, token)
        assert refused.status == 422
        assert "Хранилище файлов не отвечает" in refused.words
        assert "Words that stay" in refused.words
        away = product.ask(f"/workspaces/files/{before[0]['uuid']}/download/", person=person)
        assert away.status in {404, 503}
        picture = product.ask(shown["url"])
        assert (picture.status, picture.headers["Retry-After"]) == (503, "15")
        assert product.ask(path, person=person).status == 200
        assert product.ask("/readyz").words == "not ready: storage\n"
        assert "cannot be made" in product.refused(
            "backup", str(tmp_path / "backups"), "--recipient", str(x25519.Identity.generate().to_public())
        )
        assert not list((tmp_path / "backups").iterdir())
        s3.start()
        assert not s3.kept()
        assert product.tell("files") == before
        assert _send(product, person, token).status == 302
        assert len(s3.kept()) == 1
    assert "Traceback" not in product.ask(path).words
