"""Invitations to the customers' site, the accounts that come of them, and their end."""

from datetime import timedelta
from secrets import token_hex
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.customers.models import Customer
from crm.customers.outsiders import acts_for
from crm.extranet.errors import ExtranetError
from crm.extranet.logins import fold_login, masked, read_login
from crm.extranet.models import Account, Invitation, SignIn
from crm.extranet.models.accounts import new_key
from crm.extranet.notifications import JOINED
from crm.extranet.policies import NOT_YOURS, may_keep_people_of
from crm.extranet.services.counting import count_attempt
from crm.extranet.services.signing_in import end_rows
from crm.extranet.tokens import digest_of, invitation_token
from portal.accounts.models import User
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify

VALID_FOR = timedelta(days=7)
MOST_PEOPLE = 20
TRIES, TRIED_WITHIN = 5, timedelta(hours=1)


@transaction.atomic
def invite(*, actor: Any, customer: Customer, name: str, login: str, is_first: bool = False) -> Invitation:
    """A link for somebody of a customer. By whoever writes the file, or the firm's first person, who makes nobody else the first."""
    root = lock_row(Customer.objects.select_related("portfolio"), customer.root_id, no_key=True)
    outside = acts_for(actor, root)
    if not may_keep_people_of(actor, root):
        raise ExtranetError(str(NOT_YOURS))
    if root.ended_on is not None:
        raise ExtranetError(_("The customer is closed. Nobody of them is invited."))
    try:
        folded = read_login(login)
    except ValueError as error:
        raise ExtranetError(str(error)) from error
    if Account.objects.active().filter(login=folded).exists():
        raise ExtranetError(_("Somebody signs in with this number or address already. Use another one."))
    if Account.objects.active().of_firm(root).count() >= MOST_PEOPLE:
        raise ExtranetError(_("A firm has %(most)s people at most. Take somebody out first.") % {"most": MOST_PEOPLE})
    Invitation.objects.filter(customer__root=root.pk, login=folded, used_at__isnull=True, ended_at__isnull=True).update(ended_at=timezone.now())
    made = _make(root, actor, name.strip(), folded, is_first=is_first and not outside)
    record(actor, "outsider.invited", made, after={"customer": root.name, "login": masked(folded), "is_first": made.is_first})
    return made


@transaction.atomic
def invite_anew(account: Account, *, actor: Any) -> Invitation:
    """A link with which somebody sets a new password. What they had before goes on until it is used."""
    root = account.customer.root
    if not may_keep_people_of(actor, root):
        raise ExtranetError(str(NOT_YOURS))
    if account.ended_at is not None:
        raise ExtranetError(_("This account was ended. Invite them again."))
    Invitation.objects.filter(account=account, used_at__isnull=True, ended_at__isnull=True).update(ended_at=timezone.now())
    made = _make(root, actor, account.name, account.login, account=account)
    record(actor, "outsider.reset", account)
    return made


def _make(root: Customer, actor: Any, name: str, login: str, **values: Any) -> Invitation:
    nonce, now = new_key(), timezone.now()
    return Invitation.objects.create(
        customer=root, name=name, login=login, made_by=actor, made_at=now, expires_at=now + VALID_FOR, nonce=nonce, digest=digest_of(invitation_token(nonce)),
        **values,
    )  # fmt: skip


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, actor: Any) -> None:
    held = lock_row(Invitation.objects.select_related("customer__root__portfolio"), invitation.pk, no_key=True)
    if not may_keep_people_of(actor, held.customer.root):
        raise ExtranetError(str(NOT_YOURS))
    if held.used_at is None and held.ended_at is None:
        held.ended_at = timezone.now()
        held.save(update_fields=["ended_at"])
        record(actor, "outsider.invitation_withdrawn", held)


def find_invitation(token: str) -> Invitation:
    """The invitation of a link. Refuses with a sentence what is unknown, used, taken back or too old."""
    found = Invitation.objects.select_related("customer__root__portfolio", "account__user", "made_by").filter(digest=digest_of(token[:100])).first()
    if found is None or found.ended_at is not None:
        raise ExtranetError(_("This link does not hold any more. Ask whoever invited you for another one."))
    if found.used_at is not None:
        raise ExtranetError(_("This link was used already: it works once. Sign in, or ask whoever invited you for another one."))
    if found.expires_at <= timezone.now():
        raise ExtranetError(_("This link was valid for a week. Ask whoever invited you for another one."))
    return found


def accept(invitation: Invitation, *, login: str, password: str) -> Account:
    """The account, with the password that was chosen. The number or address is asked for, so that a link that was passed on opens nothing."""
    count_attempt(f"invitation:{invitation.pk}", most=TRIES, within=TRIED_WITHIN)
    if fold_login(login) != invitation.login:
        raise ExtranetError(_("This invitation is for another number or address. Write the one that you were invited with."))
    with transaction.atomic():
        held = lock_row(Invitation.objects.select_related("customer__root", "account__user", "made_by"), invitation.pk, no_key=True)
        if not held.is_open:
            raise ExtranetError(_("This link was used already: it works once. Sign in, or ask whoever invited you for another one."))
        account = _renewed(held, password) if held.account is not None else _made(held, password)
        held.used_at = timezone.now()
        held.save(update_fields=["used_at"])
        return account


def _made(held: Invitation, password: str) -> Account:
    if Account.objects.active().filter(login=held.login).exists():
        raise ExtranetError(_("Somebody signs in with this number or address already. Use another one."))
    user = User(employee_number=f"kh-{token_hex(6)}", name=held.name, kind=User.Kind.CUSTOMER, is_active=False)
    check_new_password(password, user, held.login)
    user.set_unusable_password()
    user.save()
    root = held.customer.root
    account = Account.objects.create(customer=root, user=user, name=held.name, login=held.login, password=make_password(password), is_first=held.is_first)
    record(user, "outsider.accepted", account, after={"customer": root.name, "invited_by": held.made_by.name})
    if held.made_by.is_employee:
        words = {"name": account.name, "customer": root.name}
        notify(JOINED, words=words, about=root, recipients=[held.made_by_id], at_its_page=True, actor=user)
    return account


def _renewed(held: Invitation, password: str) -> Account:
    account = held.account
    assert account is not None
    if account.ended_at is not None:
        raise ExtranetError(_("This link does not hold any more. Ask whoever invited you for another one."))
    check_new_password(password, account.user, account.login)
    account.password = make_password(password)
    account.save(update_fields=["password"])
    end_rows(SignIn.objects.filter(account=account))
    record(account.user, "outsider.password_changed", account)
    return account


@transaction.atomic
def change_own_password(account: Account, *, old: str, new: str, keep: SignIn) -> None:
    """Their other sign-ins end with the old one."""
    count_attempt(f"password:{account.pk}", most=TRIES, within=TRIED_WITHIN)
    held = lock_row(Account.objects.select_related("user"), account.pk, no_key=True)
    if not check_password(old, held.password):
        raise ExtranetError(_("The current password is not right."))
    check_new_password(new, held.user, held.login)
    held.password = make_password(new)
    held.save(update_fields=["password"])
    end_rows(SignIn.objects.filter(account=held).exclude(pk=keep.pk))
    record(held.user, "outsider.password_changed", held)


def check_new_password(password: str, user: User, login: str) -> None:
    """The rules of the house, and not the number itself."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ExtranetError(" ".join(error.messages)) from error
    if fold_login(password) == login:
        raise ExtranetError(_("The password is the number or address itself. Choose another one."))


@transaction.atomic
def end_account(account: Account, *, actor: Any) -> Account:
    """They sign in nowhere any more, from the next page on. What they wrote stays."""
    held = lock_row(Account.objects.select_related("user", "customer__root__portfolio"), account.pk, no_key=True)
    if not may_keep_people_of(actor, held.customer.root):
        raise ExtranetError(str(NOT_YOURS))
    if actor.pk == held.user_id:
        raise ExtranetError(_("Nobody takes themselves out. Ask your account manager."))
    if held.ended_at is None:
        held.ended_at, held.ended_by = timezone.now(), actor
        held.save(update_fields=["ended_at", "ended_by"])
        end_rows(SignIn.objects.filter(account=held))
        Invitation.objects.filter(account=held, used_at__isnull=True, ended_at__isnull=True).update(ended_at=held.ended_at)
        record(actor, "outsider.ended", held, after={"customer": held.customer.root.name})
    return held


@transaction.atomic
def make_first(account: Account, *, actor: Any) -> Account:
    """They keep the firm's people from now on, and who did so before no more. Said inside alone."""
    held = lock_row(Account.objects.select_related("user", "customer__root__portfolio"), account.pk, no_key=True)
    if not actor.is_employee or not may_keep_people_of(actor, held.customer.root):
        raise ExtranetError(str(NOT_YOURS))
    Account.objects.active().of_firm(held.customer.root).exclude(pk=held.pk).update(is_first=False)
    held.is_first = True
    held.save(update_fields=["is_first"])
    record(actor, "outsider.made_first", held)
    return held
