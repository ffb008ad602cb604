"""The composer of anonymous posts: a form of its own below the named one, sent to the same address, with a form of plain words and still pictures."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.forms import MaskForm
from forum.masks import own_masks
from forum.models import Board, Post, Thread
from forum.sealing.labels import mask_label
from forum.services.masked import post_masked
from forum.words import held_words_in
from portal.attachments.unnamed import draw_anew
from portal.foundation.errors import PortalError
from portal.foundation.once import FIELD, key_in, new_key
from portal.organization.models import Department
from portal.organization.querysets import today

VOICE = "mask"


def is_masked(request: HttpRequest) -> bool:
    return request.POST.get("voice") == VOICE


def composer(request: Any, board: Board, thread: Thread | None, form: MaskForm | None = None) -> dict[str, Any]:
    """What the page needs for it; nothing where the board takes no anonymous posts, or somebody views as another."""
    if not board.allows_anonymous or request.view_as:
        return {}
    worn = sorted(own_masks(request.user, thread)) if thread is not None else []
    return {
        "mask_form": form or MaskForm(begins=thread is None),
        "mask_key_field": FIELD,
        "mask_key": (form and key_in(request)) or new_key(),
        "own_words": json.dumps(own_words(request.user), ensure_ascii=False),
        "worn": mask_label(worn[-1]) if worn else "",
    }


def send(request: Any, board: Board, thread: Thread | None, quoted: Post | None) -> MaskForm | None:
    """Take it in; the form with what was wrong, and with what was typed, where it was refused."""
    form = MaskForm(request.POST, request.FILES, begins=thread is None)
    if not form.is_valid():
        return form
    values = form.cleaned_data
    try:
        at = post_masked(
            actor=request.user,
            board=board,
            thread=thread,
            title=values.get("title", ""),
            words=values["words"],
            pictures=[draw_anew(file) for file in values["pictures"]],
            quoted=quoted,
            key=key_in(request) or UUID(new_key()),
        )
    except PortalError as error:
        form.add_error("words", str(error))
        return form
    if held_words_in(board, values.get("title", ""), values["words"]):
        messages.info(request, _("The moderators look at your post first, because of a word in it. It appears where they let it through, without your name."))
        return None
    messages.success(request, _("Your post will stand here from about %(time)s on, without your name.") % {"time": f"{timezone.localtime(at):%H:%M}"})
    return None


def own_words(user: Any) -> list[str]:
    """What in a text would say who wrote it, for the page to look for while it is typed: name, number, telephones, room, department."""
    departments = Department.objects.filter(employments__in=user.employments.on(today()).primary()).values_list("name", "name_en")
    profile = getattr(user, "profile", None)
    cards = [profile.mobile, profile.phone, profile.room] if profile is not None else []
    words = [user.name, user.name_en, user.name_pinyin, user.employee_number, *cards, *(name for names in departments for name in names)]
    return sorted({word.strip() for word in words if word and len(word.strip()) > 1})
