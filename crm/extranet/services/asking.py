"""Asking and complaining by themselves, with pictures. What comes in is checked as every file of the portal is."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from crm.extranet.errors import ExtranetError
from crm.extranet.models import Account
from crm.marketing.models import MarketNote
from crm.marketing.services.information import send_news
from crm.orders.models import OrderLine
from crm.service.models import Objection, Request
from crm.service.services.keeping import who_answers_for
from crm.service.services.objections import note_objection
from crm.service.services.requests import note_request
from portal.accounts.models import User
from portal.attachments.errors import AttachmentError
from portal.attachments.kinds import Kind
from portal.attachments.models import Attachment
from portal.attachments.services import drop_loose_file, receive_file

LARGEST_MB, MOST_FILES = 20, 6
TAKEN = {Kind.PICTURE, Kind.VIDEO}


@transaction.atomic
def ask_as(account: Account, *, kind: str, text: str) -> Request:
    """A question, with its clock, for whoever answers for the customer."""
    return note_request(actor=account.user, kind=kind, channel="page", text=text, customer=account.customer.root, owner=_owner(account))


@transaction.atomic
def complain_as(
    account: Account, *, fault: str, text: str, line: OrderLine | None = None, quantity: int | None = None, files: Sequence[UUID] = ()
) -> Objection:
    """About goods it is an objection to quality, of so much of what was delivered; else a complaint."""
    kind = Objection.Kind.QUALITY if line is not None else Objection.Kind.COMPLAINT
    return note_objection(
        actor=account.user, customer=account.customer.root, kind=kind, fault=fault, text=text, channel="page", line=line, quantity=quantity, file_ids=files,
        owner=_owner(account),
    )  # fmt: skip


def send_news_as(account: Account, *, kind: str, text: str, place: str = "", files: Sequence[UUID] = ()) -> MarketNote:
    """News of the market, for those in marketing to approve."""
    return send_news(actor=account.user, kind=kind, text=text, place=place, customer=account.customer.root, file_ids=files)


def take_files(account: Account, files: Sequence[Any]) -> list[Attachment]:
    """Pictures and films. All of them, or none: what is too large or of another kind refuses the rest with a sentence."""
    if len(files) > MOST_FILES:
        raise ExtranetError(_("No more than %(most)s pictures or films at once.") % {"most": MOST_FILES})
    for file in files:
        if file.size > LARGEST_MB * 10**6:
            raise ExtranetError(_("“%(name)s” is larger than %(most)s MB. Make it smaller, or send a picture of it.") % {"name": file.name, "most": LARGEST_MB})
    taken: list[Attachment] = []
    try:
        for file in files:
            taken.append(receive_file(actor=account.user, name=file.name, content=file))
            if taken[-1].file.kind not in TAKEN:
                raise ExtranetError(_("“%(name)s” is neither a picture nor a film.") % {"name": file.name})
    except (AttachmentError, ExtranetError) as error:
        for one in taken:
            drop_loose_file(actor=account.user, attachment=one)
        raise ExtranetError(str(error)) from error
    return taken


def _owner(account: Account) -> User:
    found = who_answers_for(account.customer)
    if found is None:
        raise ExtranetError(_("Nobody answers for your firm at the moment. Call us, please; the number stands on your last delivery note."))
    return found
