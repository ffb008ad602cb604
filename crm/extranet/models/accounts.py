"""Who of a customer may sign in on the customers' site.

What they do there stands under a person of the kind `customer` who can sign in nowhere else: no password, not active. The sign-in itself is the `Account`.
"""

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.customers.models import Customer
from crm.extranet.logins import LONGEST


def new_key() -> str:
    """What stands in an address instead of a number."""
    return secrets.token_hex(12)


class AccountQuerySet(models.QuerySet["Account"]):
    def active(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def of_firm(self, customer: Customer) -> Self:
        """Those of a file and of all that were merged into it."""
        return self.filter(customer__root=customer.root_id)


class Account(models.Model):
    """`customer` is the file for which it was made; whose they are today is its root. The firm's first person keeps the others."""

    key = models.CharField(max_length=24, unique=True, default=new_key, editable=False)
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="accounts")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="extranet_account")
    name = models.CharField(_("name"), max_length=60)
    login = models.CharField(_("telephone or e-mail"), max_length=LONGEST)
    password = models.CharField(max_length=200)
    is_first = models.BooleanField(_("keeps the firm's people"), default=False)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of an outsider", "account")
        verbose_name_plural = pgettext_lazy("of outsiders", "accounts")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["customer"], name="account_of_customer"), models.Index(fields=["-created_at", "-id"], name="account_newest")]
        constraints = [models.UniqueConstraint(fields=["login"], condition=Q(ended_at__isnull=True), name="one_account_for_a_login")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("crm:outsider_detail", args=[self.pk])


class Invitation(models.Model):
    """A link that makes an account, or gives `account` a new password, once. The link follows from `nonce` and the secret key; only its digest is kept."""

    key = models.CharField(max_length=24, unique=True, default=new_key, editable=False)
    nonce = models.CharField(max_length=24, default=new_key, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="invitations")
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations")
    name = models.CharField(_("name"), max_length=60)
    login = models.CharField(_("telephone or e-mail"), max_length=LONGEST)
    is_first = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("invited by"), on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("of an outsider", "invitation")
        verbose_name_plural = pgettext_lazy("of outsiders", "invitations")
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["customer", "-made_at"], name="invitation_of_customer")]
        constraints = [models.CheckConstraint(name="invitation_expires", condition=Q(expires_at__gt=F("made_at")))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("crm:outsider_invitation", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.ended_at is None and self.expires_at > timezone.now()


class SignIn(models.Model):
    """Where somebody is signed in. The browser has the token, the row its digest; once the row is ended the next page asks to sign in."""

    key = models.CharField(max_length=24, unique=True, default=new_key, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="sign_ins")
    digest = models.CharField(max_length=64, unique=True)
    began_at = models.DateTimeField(_("since"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    expires_at = models.DateTimeField()
    address = models.CharField(_("address"), max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("of an outsider", "sign-in")
        verbose_name_plural = pgettext_lazy("of outsiders", "sign-ins")
        ordering = ["-seen_at", "-id"]
        indexes = [
            models.Index(fields=["account"], name="sign_in_open", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["expires_at"], name="sign_in_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.began_at:%Y-%m-%d}"


class Attempt(models.Model):
    """Something tried that is counted: by address and by account. In the database, so that the limit holds for all processes and without a cache."""

    key = models.CharField(max_length=90)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="attempt_by_key"), models.Index(fields=["at"], name="attempt_by_time")]

    def __str__(self) -> str:
        return self.key
