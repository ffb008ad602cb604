"""Mail that goes out after commit."""

from collections.abc import Sequence

from portal.accounts.models import User
from portal.accounts.services import mail_password_reset
from portal.outbox.registry import Payload, handler


@handler("password_reset.mail")
def send_password_reset(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        person = User.objects.active().filter(pk=payload["user_id"]).exclude(email="").first()
        if person is not None:
            mail_password_reset(person)
