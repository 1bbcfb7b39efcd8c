"""Players ask for parts of a video; nobody has to load what they do not watch."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

pytestmark = pytest.mark.django_db
WORDS = bytes(range(200)) * 1000  # more than one chunk


@pytest.fixture
def address():
    name = storages["public"].save("video/part.mp4", ContentFile(WORDS))
    yield f"/media/{name}"
    storages["public"].delete(name)


async def body(answer) -> bytes:
    return b"".join([part async for part in answer.streaming_content])


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-", 100, 200_000),
        ("bytes=70000-140000", 70_000, 140_001),
        ("bytes=-5", 199_995, 200_000),
        ("bytes=199990-999999", 199_990, 200_000),
        ("bytes=-999999", 0, 200_000),
    ],
)
async def test_a_part(async_client, address, asked, first, end):
    answer = await async_client.get(address, headers={"range": asked})
    assert await body(answer) == WORDS[first:end]
    assert answer["Content-Length"] == str(end - first)
    if end - first < len(WORDS):
        assert answer.status_code == 206
        assert answer["Content-Range"] == f"bytes {first}-{end - 1}/200000"


@pytest.mark.parametrize("asked", ["", "bytes=-", "bytes=5-2", "lines=0-1", "bytes=0-1,4-5", "bytes=x-"])
async def test_what_is_no_single_range_gets_the_whole(async_client, address, asked):
    answer = await async_client.get(address, headers={"range": asked})
    assert (answer.status_code, await body(answer)) == (200, WORDS)
    assert answer["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=200000-", "bytes=-0"])
async def test_outside_of_the_file(async_client, address, asked):
    answer = await async_client.get(address, headers={"range": asked})
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */200000")
