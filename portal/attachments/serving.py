"""Answering with content: ranges, headers that make it harmless (S20), and a proxy where there is one. In bounded memory."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header, parse_etags, quote_etag

from portal.attachments.kinds import OCTETS, Kind
from portal.attachments.models import StoredFile
from portal.attachments.storage import content_storage

PIECE = 65536
HARMLESS = "sandbox; default-src 'none'"
ACCEL_PREFIX = "/files-content/"
SHOWN_INLINE = {
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
    "audio/wav",
    "audio/x-wav",
    "video/mp4",
    "video/webm",
    "video/ogg",
}
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def serve_file(request: HttpRequest, file: StoredFile, name: str, *, as_download: bool) -> HttpResponseBase:
    """The content itself. Markup is only ever a download, of no type that a browser would draw."""
    media_type = OCTETS if file.kind in (Kind.MARKUP, Kind.PROGRAM) else file.media_type
    is_download = as_download or media_type not in SHOWN_INLINE
    etag = quote_etag(file.sha256)
    sender = settings.ENVIRONMENT.files_sent_by
    storage = content_storage()
    if sender != "portal" and isinstance(storage, FileSystemStorage):
        Path(storage.path(file.storage_name)).stat()  # what is not there is told by a sentence, as where we send it ourselves
        response: HttpResponseBase = HttpResponse()
        if sender == "nginx":
            response["X-Accel-Redirect"] = ACCEL_PREFIX + file.storage_name
        else:
            response["X-Sendfile"] = storage.path(file.storage_name)
        return _harmless(response, media_type, name, etag, is_download=is_download)
    return _harmless(_answer(request, storage.open(file.storage_name), file.size, etag), media_type, name, etag, is_download=is_download)


def serve_rendition(request: HttpRequest, content: IO[bytes], etag: str) -> HttpResponseBase:
    """A small picture of ours."""
    with content:
        body = content.read()
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _harmless(HttpResponseNotModified(), "image/webp", "", etag, is_download=False)
    return _harmless(HttpResponse(body), "image/webp", "", etag, is_download=False)


def serve_text(pages: Iterator[str]) -> HttpResponseBase:
    """The pages of a text, one after the other; it may be longer than memory is for."""
    response = StreamingHttpResponse(f"{page}\n\n" for page in pages)
    _harmless(response, "text/plain; charset=utf-8", "", "", is_download=False)
    return response


def _answer(request: HttpRequest, content: IO[bytes], size: int, etag: str) -> HttpResponseBase:
    """200, 206, 304 or 416 (RFC 9110). Several ranges at once are answered by the whole, which it allows."""
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        content.close()
        return HttpResponseNotModified()
    start, end = 0, size
    asked = RANGE.fullmatch(request.headers.get("Range", "").strip()) if request.headers.get("If-Range", etag) == etag else None
    is_part = asked is not None and asked[0] != "bytes=-"
    if asked is not None and is_part:
        start = int(asked[1]) if asked[1] else max(size - int(asked[2]), 0)
        end = min(int(asked[2]) + 1, size) if asked[1] and asked[2] else size
        if start >= end:
            content.close()
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # the length and the range are of the content as it is; nobody is to compress it
    response = StreamingHttpResponse(_pieces(content, start, end), status=206 if is_part else 200)
    response._resource_closers.append(content.close)  # type: ignore[attr-defined]
    response["Content-Length"] = str(end - start)
    if is_part:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _pieces(content: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    content.seek(start)
    left = end - start
    while left > 0 and (piece := content.read(min(PIECE, left))):
        left -= len(piece)
        yield piece


def _harmless(response: Any, media_type: str, name: str, etag: str, *, is_download: bool) -> Any:
    response["Content-Type"] = media_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = HARMLESS
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if etag:
        response["ETag"] = etag
    if name:
        response["Accept-Ranges"] = "bytes"
        response["Content-Disposition"] = content_disposition_header(is_download, name) or "attachment"
    patch_vary_headers(response, ("Cookie",))
    return response
