"""Copies that the server makes of a master: their sizes, fields and approval."""

import re

import pytest
from django.urls import reverse

from coalition.audit.models import AuditEntry
from coalition.campaigns.media_package.actions.packages import publish_package
from coalition.campaigns.media_package.actions.renditions import PREPARE, prepare_rendition, remove_rendition
from coalition.campaigns.media_package.enums import Format, RenditionState
from coalition.campaigns.media_package.measuring import copies, copy_work, encoding
from coalition.campaigns.media_package.measuring.copies import make_copies, make_copy
from coalition.campaigns.media_package.measuring.copy_work import COPY, key_for
from coalition.campaigns.media_package.measuring.encoding import TooLong, copy_arguments
from coalition.campaigns.media_package.measuring.warnings import (
    MAX_LIGHT_COPY_BYTES,
    MAX_PREVIEW_BYTES,
    station_warnings,
)
from coalition.campaigns.media_package.models import Rendition
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.workspaces.models import SeatRole
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.files.models import StoredFile
from documents.files.public_copy import public_bytes
from tests.campaigns.media_package.measuring.clips import clip, with_ffmpeg
from tests.factories import seat

pytestmark = [pytest.mark.django_db, with_ffmpeg]

FILM = {"seconds": 60.0, "width": 1920, "height": 1080, "has_sound": True, "has_picture": True}


@pytest.fixture
def master(here) -> Rendition:
    item = here.item()
    return here.file(item, clip(), name="film.mp4", rendition_format=Format.MASTER, language="kk")


def copies_of(master: Rendition) -> dict[str, Rendition]:
    return {one.format: one for one in Rendition.objects.filter(source=master).select_related("file")}


def run_copies() -> None:
    """Do what is scheduled for copies, as the worker does."""
    for kind, handler in ((COPY, make_copy), (PREPARE, prepare_rendition)):
        for key in sorted(scheduler.planned_keys(kind=kind)):
            handler(key)
            scheduler.cancel(kind=kind, key=key)


class TestAutomaticCopies:
    def test_a_master_gets_a_light_copy_and_a_preview(self, master) -> None:
        assert scheduler.planned_keys(kind=COPY) == {key_for(master, one) for one in ("copy", "preview")}
        run_copies()
        made = copies_of(master)
        assert set(made) == {Format.LIGHT_COPY, Format.PREVIEW}
        for one in made.values():
            assert (one.state, one.language, one.version) == (RenditionState.READY, "kk", 1)
            assert re.fullmatch(r"film_(copy|preview)_kk_v1\.mp4", one.file_name)
            assert one.measurements["video_codec"] == "h264"
            assert one.measurements["audio_codec"] == "aac"
            assert one.measurements["seconds"] == pytest.approx(2, abs=0.1)
            with public_bytes(one.file).file.open("rb") as content:
                assert b"Lavf" not in content.read()

    def test_no_other_file_gets_one(self, here) -> None:
        item = here.item()
        here.file(item, clip(), name="b.mp4", rendition_format=Format.B_ROLL)
        here.file(item, clip(picture=False, ending=".m4a"), name="a.m4a", rendition_format=Format.MASTER)
        here.file(
            item, b"\x00\x00\x00\x18ftypisom" + b"\x00" * 90, name="x.mp4", rendition_format=Format.MASTER
        )
        assert not scheduler.planned_keys(kind=COPY)

    def test_other_films_get_the_copies_whose_limit_they_exceed(self, here, monkeypatch) -> None:
        monkeypatch.setitem(copy_work.AUTOMATIC, Format.PREVIEW, 1000)
        item = here.item()
        roll = here.file(item, clip(), name="b.mp4", rendition_format=Format.B_ROLL)
        film = here.file(item, clip(), name="film.mp4", rendition_format=Format.MASTER)
        assert key_for(roll, Format.LIGHT_COPY) not in scheduler.planned_keys(kind=COPY)
        assert key_for(roll, Format.PREVIEW) in scheduler.planned_keys(kind=COPY)
        run_copies()
        made = copies_of(roll)[Format.PREVIEW]
        assert made.file_name.startswith("film_b-roll-preview_")
        here.approve(item)
        given = here.judge(item).files
        assert made in given
        assert copies_of(film)[Format.PREVIEW] in given

    def test_a_copy_that_people_bring_stays(self, here, master) -> None:
        own = here.file(
            here.items[0], clip(), name="small.mp4", rendition_format=Format.LIGHT_COPY, language="kk"
        )
        run_copies()
        assert set(copies_of(master)) == {Format.PREVIEW}
        here.approve(here.items[0])
        assert own in here.judge(here.items[0]).files

    def test_a_copy_made_twice_is_there_once(self, master) -> None:
        key = key_for(master, Format.PREVIEW)
        make_copy(key)
        make_copy(key)
        assert Rendition.objects.filter(source=master).count() == 1

    def test_a_copy_that_another_worker_made_meanwhile_is_dropped(self, master, monkeypatch) -> None:
        original = copies.digest_of
        stored = StoredFile.objects.count()

        def other_was_faster(content):
            monkeypatch.setattr(copies, "digest_of", original)
            make_copy(key_for(master, Format.PREVIEW))
            return original(content)

        monkeypatch.setattr(copies, "digest_of", other_was_faster)
        make_copy(key_for(master, Format.PREVIEW))
        assert Rendition.objects.filter(source=master).count() == 1
        assert StoredFile.objects.count() == stored + 1

    def test_none_is_made_of_a_master_that_was_taken_out(self, here, master) -> None:
        remove_rendition(access=here.access, rendition=master)
        run_copies()
        assert not copies_of(master)

    def test_copies_have_the_readers_of_their_master(self, here, master) -> None:
        organisation = here.access.organisation
        StoredFile.objects.filter(pk=master.file_id).update(restricted=True)
        master.file.restricted_to.set([organisation])
        make_copy(key_for(master, Format.PREVIEW))
        file = copies_of(master)[Format.PREVIEW].file
        assert file.restricted
        assert list(file.restricted_to.all()) == [organisation]


class TestApproval:
    def test_copies_are_given_with_their_master_without_another_approval(self, here, master) -> None:
        run_copies()
        item = here.items[0]
        here.approve(item)
        given = {one.format for one in here.judge(item).files}
        assert given == {Format.MASTER, Format.LIGHT_COPY, Format.PREVIEW}

    def test_a_copy_made_after_the_publication_is_released_at_once(self, here, master) -> None:
        item = here.items[0]
        here.approve(item)
        publish_package(access=here.access, package=here.package)
        run_copies()
        assert all(one.released_at for one in copies_of(master).values())
        assert {one.format for one in here.judge(item).files} >= {Format.LIGHT_COPY, Format.PREVIEW}


class TestInterlacedCopy:
    def test_it_is_1080i50_with_the_top_field_first(self, here, master) -> None:
        assert make_copies(access=here.access, rendition=master, formats=[Format.INTERLACED]) == [
            Format.INTERLACED
        ]
        run_copies()
        found = copies_of(master)[Format.INTERLACED].measurements
        assert (found["width"], found["height"], found["fps"]) == (1920, 1080, 25.0)
        assert (found["interlaced"], found["field_order"]) == (True, "tff")
        words = station_warnings(copies_of(master)[Format.INTERLACED])
        assert not [one for one in words if "field" in one or "pixels" in one or "Progressive" in one]

    def test_the_sound_stays_as_it_is(self, here, master) -> None:
        kept = copy_arguments(Format.INTERLACED, {**FILM, "audio_codec": "aac"})
        assert kept[kept.index("-c:a") + 1] == "copy"
        other = copy_arguments(Format.INTERLACED, {**FILM, "audio_codec": "opus"})
        assert other[other.index("-c:a") + 1] == "aac"

    def test_asking_is_recorded_and_asking_again_changes_nothing(self, here, master) -> None:
        make_copies(access=here.access, rendition=master, formats=[Format.INTERLACED])
        run_copies()
        assert make_copies(access=here.access, rendition=master, formats=[Format.INTERLACED]) == []
        entries = AuditEntry.objects.filter(action="media_item.copies_asked")
        assert [one.detail["formats"] for one in entries] == [["1080i50"]]

    def test_only_editors_ask(self, here, master) -> None:
        reader = seat(workspace=here.made.workspace, role=SeatRole.OBSERVER)
        access = access_to(reader.person, here.made.workspace.uuid)
        with pytest.raises(NotAllowed):
            make_copies(access=access, rendition=master, formats=[Format.INTERLACED])
        assert key_for(master, Format.INTERLACED) not in scheduler.planned_keys(kind=COPY)

    @pytest.mark.parametrize("formats", [[], [Format.MASTER], [Format.INTERLACED, Format.A3]])
    def test_other_formats_are_refused(self, here, master, formats) -> None:
        with pytest.raises(Refused, match="Choose which copy"):
            make_copies(access=here.access, rendition=master, formats=formats)

    def test_of_other_files_none_is_made(self, here) -> None:
        file = here.file(here.item())
        with pytest.raises(Refused, match="master in 1080p25"):
            make_copies(access=here.access, rendition=file, formats=[Format.INTERLACED])

    def test_without_the_program_it_is_said(self, here, master, monkeypatch) -> None:
        monkeypatch.setattr(copies, "find_ffmpeg", lambda: "")
        with pytest.raises(Refused, match="cannot make copies"):
            make_copies(access=here.access, rendition=master, formats=[Format.INTERLACED])


class TestSizes:
    @pytest.mark.parametrize("seconds", [12, 60, 600, 3600, 7200])
    @pytest.mark.parametrize(
        ("copy_format", "most"),
        [(Format.LIGHT_COPY, MAX_LIGHT_COPY_BYTES), (Format.PREVIEW, MAX_PREVIEW_BYTES)],
    )
    def test_the_bit_rate_keeps_the_limit(self, copy_format, most, seconds) -> None:
        arguments = copy_arguments(copy_format, {**FILM, "seconds": seconds})

        def option(name: str) -> int:
            value = arguments[arguments.index(name) + 1]
            return int(value)

        length = min(seconds, option("-t")) if "-t" in arguments else seconds
        bits = (option("-maxrate") + option("-b:a")) * length + option("-bufsize")
        assert bits / 8 <= most * 0.97  # the rest is for the container

    def test_a_film_too_long_for_a_light_copy_is_not_made_unwatchable(self) -> None:
        with pytest.raises(TooLong):
            copy_arguments(Format.LIGHT_COPY, {**FILM, "seconds": 5 * 3600})

    def test_a_preview_has_640_lines_at_most_also_when_it_stands(self) -> None:
        for width, height in ((1920, 1080), (1080, 1920)):
            arguments = copy_arguments(Format.PREVIEW, {**FILM, "width": width, "height": height})
            lines = re.search(r"min\((\d+),ih\)", arguments[arguments.index("-vf") + 1])
            assert int(lines[1]) <= 640

    def test_a_result_that_is_too_large_is_encoded_again(self, master, monkeypatch) -> None:
        profile = encoding.PROFILES[Format.PREVIEW]
        monkeypatch.setitem(encoding.PROFILES, Format.PREVIEW, profile)
        rates: list[str] = []
        original = encoding.run_ffmpeg

        def run(source, content_type, arguments, **options):
            rates.append(arguments[arguments.index("-maxrate") + 1])
            answer = original(source, content_type, arguments, **options)
            if len(rates) == 1:
                options["target"].truncate(profile.most_bytes + 1)
            return answer

        monkeypatch.setattr(encoding, "run_ffmpeg", run)
        monkeypatch.setattr(encoding, "_USED_SHARE", 0.0086)
        make_copy(key_for(master, Format.PREVIEW))
        assert len(rates) == 2
        assert int(rates[1]) < int(rates[0])
        assert Rendition.objects.get(source=master).file.size < profile.most_bytes

    def test_a_film_that_cannot_be_encoded_is_noted_and_can_be_asked_again(
        self, here, master, monkeypatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(encoding, "copy_arguments", lambda *_args, **_options: ["-broken"])
            make_copy(key_for(master, Format.LIGHT_COPY))
        master.refresh_from_db()
        assert master.measurements["failed_copies"] == ["copy"]
        assert [one for one in station_warnings(master) if "Copy of 200 MB" in one]
        make_copies(access=here.access, rendition=master, formats=[Format.LIGHT_COPY])
        master.refresh_from_db()
        assert not master.measurements["failed_copies"]


class TestPress:
    def test_the_desk_makes_1080i50(self, here, master, client_of) -> None:
        address = reverse("campaigns:media_file_copies", args=[master.uuid])
        answer = client_of(here.made.coordinator).post(address)
        assert answer.status_code == 302
        assert answer["Location"] == reverse("campaigns:media_item", args=[here.items[0].uuid])
        assert key_for(master, Format.INTERLACED) in scheduler.planned_keys(kind=COPY)

    def test_a_refusal_is_said_on_the_page_of_the_item(self, here, client_of) -> None:
        file = here.file(here.item())
        address = reverse("campaigns:media_file_copies", args=[file.uuid])
        page = client_of(here.made.coordinator).post(address, {"format": "1080i50"}, follow=True)
        assert "1080i50 is made of a master in 1080p25." in page.content.decode()

    def test_a_get_makes_nothing(self, here, master, client_of) -> None:
        address = reverse("campaigns:media_file_copies", args=[master.uuid])
        assert client_of(here.made.coordinator).get(address).status_code == 405

    def test_people_of_other_workspaces_find_nothing(self, master, client_of) -> None:
        other = seat(role=SeatRole.COORDINATOR)
        address = reverse("campaigns:media_file_copies", args=[master.uuid])
        assert client_of(other.person).post(address).status_code == 404
        assert key_for(master, Format.INTERLACED) not in scheduler.planned_keys(kind=COPY)


def test_preparing_does_not_wait_for_copies() -> None:
    assert scheduler._lengthy[PREPARE] != scheduler._lengthy[COPY]
