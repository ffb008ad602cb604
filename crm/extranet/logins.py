"""What an outsider signs in with: a telephone number or an e-mail address, in one form however it is typed (S32)."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from crm.customers.identifiers import folded, read_phone

LONGEST = 120


def fold_login(text: str) -> str:
    """As it is stored; what is neither a number nor an address stays as it is, and fits no account."""
    plain = folded(text).lower()[:LONGEST]
    if "@" in plain:
        return plain
    try:
        return read_phone(plain).normal
    except ValueError:
        return plain


def read_login(text: str) -> str:
    """The same for somebody who is invited. Raises ValueError with a sentence."""
    plain = folded(text).lower()
    if "@" not in plain:
        return read_phone(plain).normal
    try:
        validate_email(plain)
    except ValidationError:
        raise ValueError(_("Write a telephone number or an e-mail address.")) from None
    if len(plain) > LONGEST:
        raise ValueError(_("Write a telephone number or an e-mail address."))
    return plain


def masked(login: str) -> str:
    """138****6620, s***@shop.cn: enough to know one's own."""
    name, at, domain = login.partition("@")
    if at:
        return f"{name[:1]}***@{domain}"
    return f"{login[:3]}****{login[-4:]}" if len(login) > 8 else f"****{login[-2:]}"
