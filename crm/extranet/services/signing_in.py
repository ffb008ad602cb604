"""Signing in on the customers' site, being signed in, and the end of both."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.extranet.errors import ExtranetError
from crm.extranet.logins import fold_login, masked
from crm.extranet.models import Account, SignIn
from crm.extranet.services.counting import count_attempt, forgive
from crm.extranet.tokens import digest_of, new_token
from portal.audit.services import record

LASTS = timedelta(days=14)  # without use
SEEN_AFTER = timedelta(minutes=10)
OF_ADDRESS, OF_LOGIN = 60, 5
MINUTE, WHILE = timedelta(minutes=1), timedelta(minutes=5)


def sign_in(*, login: str, password: str, address: str, agent: str) -> tuple[str, SignIn]:
    """The token for the browser, and the row. What fails says the same whether there is such an account or not, after the same time."""
    folded = fold_login(login)
    counted = [count_attempt(f"address:{address}", most=OF_ADDRESS, within=MINUTE), count_attempt(f"login:{digest_of(folded)}", most=OF_LOGIN, within=WHILE)]
    account = Account.objects.active().select_related("user").filter(login=folded).first()
    if account is None:
        make_password(password)
    if account is None or not check_password(password, account.password):
        with transaction.atomic():
            record(None, "outsider.sign_in_failed", after={"login": masked(folded)})
        raise ExtranetError(_("The telephone number or address, or the password, is not right."))
    forgive(counted)
    return begin(account, address=address, agent=agent)


@transaction.atomic
def begin(account: Account, *, address: str, agent: str) -> tuple[str, SignIn]:
    """Signed in from now on."""
    token = new_token()
    now = timezone.now()
    made = SignIn.objects.create(account=account, digest=digest_of(token), expires_at=now + LASTS, address=address[:45], agent=agent[:200])
    Account.objects.filter(pk=account.pk).update(seen_at=now)
    record(account.user, "outsider.signed_in", account)
    return token, made


def signed_in_by(token: str) -> SignIn | None:
    """Who has this token, with their firm's file as it stands now; one statement."""
    if not 20 <= len(token) <= 100:
        return None
    rows = SignIn.objects.select_related("account__user", "account__customer__root__portfolio")
    return rows.filter(digest=digest_of(token), ended_at__isnull=True, expires_at__gt=timezone.now(), account__ended_at__isnull=True).first()


def note_seen(held: SignIn) -> None:
    """At most every ten minutes; it lasts so much longer."""
    now = timezone.now()
    if now - held.seen_at >= SEEN_AFTER:
        SignIn.objects.filter(pk=held.pk).update(seen_at=now, expires_at=now + LASTS)
        Account.objects.filter(pk=held.account_id).update(seen_at=now)


@transaction.atomic
def sign_out(held: SignIn) -> None:
    end_rows(SignIn.objects.filter(pk=held.pk))
    record(held.account.user, "outsider.signed_out", held.account)


@transaction.atomic
def end_sign_ins(account: Account, *, actor: Any, but: SignIn | None = None) -> int:
    """Sign them out everywhere, but for one place where that is named; how many ended."""
    rows = SignIn.objects.filter(account=account)
    ended = end_rows(rows.exclude(pk=but.pk) if but is not None else rows)
    if ended:
        record(actor, "outsider.sign_ins_ended", account, after={"ended": ended})
    return ended


def end_rows(rows: QuerySet[SignIn]) -> int:
    return rows.filter(ended_at__isnull=True).update(ended_at=timezone.now())


def forget_old_sign_ins() -> None:
    """Where they ran out half a year ago."""
    SignIn.objects.filter(expires_at__lt=timezone.now() - timedelta(days=180)).delete()
