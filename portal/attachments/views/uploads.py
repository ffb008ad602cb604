"""Uploading from a page: small files in one request, large ones in parts. Answers are JSON, refusals `{"error": sentence}`."""

import re
from base64 import b64decode
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from portal.access.policies import get_permitted
from portal.attachments.errors import AttachmentError, UploadLostError
from portal.attachments.kinds import RENDERED_PICTURES
from portal.attachments.models import Attachment, Upload
from portal.attachments.services import copy_file, disk_full_sentence, drop_loose_file, receive_file
from portal.attachments.uploads import LARGEST_PART, add_part, cancel_upload, finish_upload, finished_upload, start_upload
from portal.runtime.outages import is_disk_full

DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")
JsonView = Callable[..., HttpResponseBase]


def in_json(view: JsonView) -> JsonView:
    """A session that has ended is 401 with the way to sign in, and what a service refuses is its sentence."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            sentence = _("Your session has ended. Sign in again in another window; the upload then goes on where it stopped.")
            return JsonResponse({"error": sentence, "sign_in": reverse("account_login")}, status=401)
        try:
            return view(request, *args, **kwargs)
        except AttachmentError as error:
            return JsonResponse({"error": str(error), "anew": isinstance(error, UploadLostError)}, status=error.status)
        except Upload.DoesNotExist as error:
            raise Http404 from error
        except Attachment.DoesNotExist:  # after a restore, or a day later
            return JsonResponse({"error": _("This upload is not known any more. Send the file anew."), "anew": True}, status=404)
        except (OSError, OperationalError) as error:
            if not is_disk_full(error):
                raise
            return JsonResponse({"error": disk_full_sentence()}, status=507)

    return answer


@method_decorator(in_json, name="dispatch")
class UploadCreate(View):
    """POST: a file in the first field that has one; or, with `Upload-Length`, the announcement of one that comes in parts."""

    is_personal = True

    def post(self, request: Any) -> HttpResponse:
        if not request.user.is_employee:
            raise Http404
        if "Upload-Length" in request.headers:
            length = request.headers["Upload-Length"]
            name = request.POST.get("name", "")
            upload = start_upload(actor=request.user, name=name, size=int(length) if length.isdecimal() and len(length) < 16 else 0)
            url = reverse("attachments:upload_detail", args=[upload.pk])
            return JsonResponse({"url": url, "part": LARGEST_PART}, status=201, headers={"Location": url, "Upload-Offset": "0"})
        sent: Any = next(iter(request.FILES.values()), None)
        if sent is None:
            return JsonResponse({"error": _("No file came with this.")}, status=422)
        return JsonResponse(described(receive_file(actor=request.user, name=sent.name or "", content=sent)), status=201)


@method_decorator(in_json, name="dispatch")
class UploadDetail(View):
    """One's own upload in parts: HEAD asks how far it is, PATCH sends on from there, DELETE gives it up.

    The last PATCH says the sha256 of the whole in `Repr-Digest` (RFC 9530). An answer with `anew` means that the upload is over, and that
    the file may be sent once more.
    """

    is_personal = True

    def head(self, request: Any, pk: UUID) -> HttpResponse:
        return self.get(request, pk)

    def get(self, request: Any, pk: UUID) -> HttpResponse:
        upload = Upload.objects.filter(pk=pk, uploader=request.user).first()
        if upload is None:
            return JsonResponse(described(finished_upload(upload_id=pk, actor=request.user)))
        return JsonResponse({"offset": upload.received, "size": upload.size, "name": upload.name}, headers=_offset(upload) | {"Cache-Control": "no-store"})

    def patch(self, request: Any, pk: UUID) -> HttpResponse:
        announced = Upload.objects.filter(pk=pk, uploader=request.user).first()
        if announced is None:
            return JsonResponse(described(finished_upload(upload_id=pk, actor=request.user)))
        offset = request.headers.get("Upload-Offset", "")
        if not offset.isdecimal() or len(offset) > 15:
            return JsonResponse({"error": _("The upload does not say where this part begins.")}, status=400)
        part = request.read(LARGEST_PART + 1)
        digest = DIGEST.fullmatch(request.headers.get("Repr-Digest", ""))
        if digest is None and int(offset) + len(part) == announced.size:
            return JsonResponse({"error": _("The upload does not say what the whole file is like. Reload the page and send it again.")}, status=400)
        try:
            upload = add_part(upload_id=pk, actor=request.user, offset=int(offset), part=part)
            if upload.received < upload.size:
                return HttpResponse(status=204, headers=_offset(upload))
            sha256 = b64decode(digest[1]).hex() if digest else ""
            return JsonResponse(described(finish_upload(upload_id=pk, actor=request.user, sha256=sha256)), headers=_offset(upload))
        except Upload.DoesNotExist:  # it was being finished meanwhile
            return JsonResponse(described(finished_upload(upload_id=pk, actor=request.user)))

    def delete(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        cancel_upload(upload_id=pk, actor=request.user)
        return HttpResponse(status=204)


@method_decorator(in_json, name="dispatch")
class FileCopy(View):
    """POST: a file that hangs elsewhere, as one's own loose one, to be hung on what is being written."""

    is_personal = True

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        rows = Attachment.objects.filter(pk=pk).select_related("file")
        attachment = get_permitted(Attachment, user=request.user, rows=rows, pk=pk)
        if not attachment.file.is_open:
            return JsonResponse({"error": _("This file is still being checked, or is infected. Choose another.")}, status=409)
        return JsonResponse(described(copy_file(actor=request.user, attachment=attachment)), status=201)


@method_decorator(in_json, name="dispatch")
class LooseFileRemoval(View):
    """POST: take back a file that hangs on nothing yet."""

    is_personal = True

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        rows = Attachment.objects.filter(pk=pk)
        drop_loose_file(actor=request.user, attachment=get_permitted(Attachment, user=request.user, rows=rows, pk=pk))
        return HttpResponse(status=204)


def described(attachment: Attachment) -> dict[str, Any]:
    """What a page needs to show the file in its form; `url` is the picture's for pictures, else the file's."""
    is_picture = attachment.file.media_type in RENDERED_PICTURES
    return {
        "id": str(attachment.pk),
        "name": attachment.name,
        "size": attachment.file.size,
        "kind": attachment.file.kind,
        "url": reverse("attachments:picture" if is_picture else "attachments:file", args=[attachment.pk]),
        "row": render_to_string("attachments/_chosen.html", {"attachment": attachment, "name": ""}),
    }


def _offset(upload: Upload) -> dict[str, str]:
    return {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.size)}
