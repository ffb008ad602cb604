"""Photos on cards: what is accepted, what is left of it, and who sees it."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from portal.access.rules import AudienceRule
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from portal.organization.errors import OrganizationError
from portal.organization.models import Profile
from portal.organization.photos import MOST_BYTES, square_photo
from portal.organization.services.photos import remove_photo, set_photo
from portal.outbox.services import drain
from tests.cast import Cast

SignIn = Callable[[User], Client]
GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def picture(kind: str = "JPEG", size: tuple[int, int] = (400, 300), color: object = "red", **options: object) -> bytes:
    output = BytesIO()
    Image.new("RGB", size, color).save(output, kind, **options)  # type: ignore[arg-type]
    return output.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is that large and holds a few bytes that would unpack to it."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(400, 300), (30, 2_000), (1, 1), (256, 256)])
def test_any_picture_becomes_a_small_square(kind: str, size: tuple[int, int]) -> None:
    photo = opened(square_photo(picture(kind, size)))
    assert (photo.format, photo.size, photo.mode) == ("WEBP", (256, 256), "RGB")
    red, green, blue = photo.getpixel((128, 128))  # type: ignore[misc]
    assert red > 200 > 60 > max(green, blue)


def test_nothing_but_the_picture_is_kept_and_it_stands_upright() -> None:
    taken = Image.new("RGB", (400, 200), "blue")
    taken.paste("red", (0, 0, 200, 200))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[MAKE] = "Kamera 7"
    exif.get_ifd(GPS)[1] = "N"
    output = BytesIO()
    taken.save(output, "JPEG", exif=exif, icc_profile=b"profile of a screen")
    photo = opened(square_photo(output.getvalue()))
    assert photo.getpixel((128, 20))[0] > 200  # type: ignore[index]
    assert photo.getpixel((128, 235))[2] > 200  # type: ignore[index]
    photo.load()
    assert not photo.getexif()
    assert "icc_profile" not in photo.info
    assert b"Kamera" not in square_photo(output.getvalue())


def test_what_is_seen_through_becomes_white() -> None:
    output = BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(output, "PNG")
    assert min(opened(square_photo(output.getvalue())).getpixel((10, 10))) > 250  # type: ignore[type-var, arg-type]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", id="svg"),
        pytest.param(b"<html><script>alert(1)</script>", id="html that calls itself photo.jpg"),
        pytest.param(picture("GIF"), id="gif"),
        pytest.param(picture("BMP"), id="bmp"),
        pytest.param(picture("TIFF"), id="tiff"),
        pytest.param(picture("JPEG")[:400], id="cut off"),
        pytest.param(b"\xff\xd8\xff\xe0" + bytes(2_000), id="only the beginning of a jpeg"),
        pytest.param(png_header(100, 100_000_000), id="lies about its size"),
        pytest.param(png_header(12_000, 12_000), id="12,000 by 12,000"),
        pytest.param(png_header(2_000_000_000, 2_000_000_000), id="a bomb"),
        pytest.param(bytes(MOST_BYTES + 1), id="too many bytes"),
    ],
)
def test_what_is_no_picture_of_a_person_is_refused(content: bytes) -> None:
    with pytest.raises(OrganizationError):
        square_photo(content)


def test_a_photo_stands_on_the_card_in_lists_and_in_the_frame(cast: Cast, client_for: SignIn) -> None:
    set_photo(cast.head, content=picture(), actor=cast.head)
    address = photo_address(cast.head)
    reader = client_for(cast.operator)
    for path in (f"people/{cast.head.pk}/", "people/", "people/?q=limin"):
        assert address in reader.get(f"/organization/{path}").content.decode()
    assert address in client_for(cast.head).get("/access/groups/").content.decode()


def test_employees_see_a_photo_and_customers_and_strangers_do_not(cast: Cast, client_for: SignIn) -> None:
    set_photo(cast.head, content=picture(), actor=cast.head)
    address = photo_address(cast.head)
    shown = client_for(cast.operator).get(address)
    assert shown.status_code == 200
    assert opened(b"".join(shown.streaming_content)).size == (256, 256)
    assert shown["Content-Type"] == "image/webp"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Cache-Control"].startswith("private, max-age=")
    assert client_for(cast.customer).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    for other in (address.replace(str(cast.head.pk), str(cast.deputy.pk)), address.replace("photo/", "photo/0")):
        assert client_for(cast.operator).get(other).status_code == 404


def test_a_photo_is_kept_by_its_person_and_the_keepers_and_by_nobody_else(cast: Cast, client_for: SignIn) -> None:
    grant_capability("organization.manage", rule=AudienceRule.of([f"user:{cast.salesperson.pk}"]), actor=cast.admin)
    address = f"/organization/people/{cast.head.pk}/photo/"
    assert client_for(cast.operator).post(address, {"picture": upload()}).status_code == 403
    assert client_for(cast.operator).post(f"{address}removal/").status_code == 403
    assert client_for(cast.head).get(address).status_code == 200
    assert client_for(cast.head).post(address, {"picture": upload()}).status_code == 302
    assert Profile.objects.get(person=cast.head).photo.name
    assert client_for(User.objects.get(pk=cast.salesperson.pk)).post(f"{address}removal/").status_code == 302
    assert not Profile.objects.get(person=cast.head).photo.name
    assert [row.actor_id for row in AuditRecord.objects.filter(verb="card.changed").order_by("id")] == [cast.head.pk, cast.salesperson.pk]


def test_a_file_that_lies_is_refused_at_the_form_and_the_photo_stays(cast: Cast, client_for: SignIn, media: Path) -> None:
    set_photo(cast.head, content=picture(), actor=cast.head)
    before = Profile.objects.get(person=cast.head).photo.name
    answer = client_for(cast.head).post(f"/organization/people/{cast.head.pk}/photo/", {"picture": upload(b"<html>")})
    assert answer.status_code == 422
    assert Profile.objects.get(person=cast.head).photo.name == before
    assert len(files(media)) == 1


def test_the_file_of_a_photo_that_was_exchanged_is_deleted(cast: Cast, media: Path) -> None:
    set_photo(cast.head, content=picture(), actor=cast.head)
    first = files(media)
    set_photo(cast.head, content=picture(color="blue"), actor=cast.head)
    drain()
    assert len(files(media)) == 1
    assert files(media) != first
    remove_photo(cast.head, actor=cast.head)
    drain()
    assert files(media) == []


def photo_address(person: User) -> str:
    name = Path(Profile.objects.get(person=person).photo.name).stem
    return f"/organization/people/{person.pk}/photo/{name}/"


def upload(content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", picture() if content is None else content, content_type="image/jpeg")


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.webp"))
