"""What a customer sees of what is theirs. Each takes the customer, from the sign-in, never a key from an address; what is asked for by its key is looked for
among theirs alone, so that another's is as if it were not.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404

from crm.customers.models import Customer
from crm.extranet.models import Account, Invitation, SignIn
from crm.extranet.tokens import thing_key
from crm.marketing.models import MarketNote
from crm.orders.models import CreditAccount, Order, OrderLine, Payment, Receivable
from crm.service.models import Objection, Request
from crm.surveys.models import Invitation as SurveyInvitation
from crm.surveys.models import Survey
from portal.attachments.models import Attachment

MOST = 200


def orders_of(customer: Customer) -> QuerySet[Order]:
    return Order.objects.filter(customer__root=customer.root_id)


def receivables_of(customer: Customer) -> QuerySet[Receivable]:
    return Receivable.objects.filter(account__customer__root=customer.root_id)


def payments_of(customer: Customer) -> QuerySet[Payment]:
    return Payment.objects.filter(account__customer__root=customer.root_id)


def credit_of(customer: Customer) -> CreditAccount:
    return CreditAccount.objects.filter(customer=customer.root_id).first() or CreditAccount(customer_id=customer.root_id)


def requests_of(customer: Customer) -> QuerySet[Request]:
    return Request.objects.filter(customer__root=customer.root_id)


def objections_of(customer: Customer) -> QuerySet[Objection]:
    return Objection.objects.filter(customer__root=customer.root_id)


def news_of(customer: Customer) -> QuerySet[MarketNote]:
    """What their own people sent in; what is noted about them inside stays there."""
    return MarketNote.objects.filter(customer__root=customer.root_id, is_from_outside=True)


def delivered_lines_of(customer: Customer) -> QuerySet[OrderLine]:
    rows = OrderLine.objects.filter(order__customer__root=customer.root_id, delivered__gt=0)
    return rows.select_related("product", "order").order_by("-order__placed_at", "pk")


def surveys_of(customer: Customer) -> QuerySet[SurveyInvitation]:
    """What the customer was asked, once it is published; the newest first."""
    rows = SurveyInvitation.objects.filter(customer__root=customer.root_id).exclude(survey__state=Survey.State.DRAFT)
    return rows.select_related("survey", "customer").order_by("-survey__starts_on", "-survey_id")


def surveys_waiting_for(customer: Customer, day: date) -> QuerySet[SurveyInvitation]:
    open_now = surveys_of(customer).filter(is_spent=False, survey__state=Survey.State.RUNNING)
    return open_now.filter(survey__starts_on__lte=day, survey__closes_on__gt=day)


def people_of(customer: Customer) -> QuerySet[Account]:
    return Account.objects.active().of_firm(customer).order_by("-is_first", "created_at")


def invitations_of(customer: Customer) -> QuerySet[Invitation]:
    return Invitation.objects.filter(customer__root=customer.root_id, used_at__isnull=True, ended_at__isnull=True)


def sign_ins_of(account: Account) -> QuerySet[SignIn]:
    return SignIn.objects.filter(account=account, ended_at__isnull=True)


def files_of(customer: Customer, things: Sequence[Any]) -> QuerySet[Attachment]:
    """What people of the customer themselves sent with these complaints or news, of one kind. What is hung there inside stays inside."""
    return _sent(customer, type(things[0]), [one.pk for one in things]) if things else Attachment.objects.none()


def find_file(customer: Customer, pk: UUID) -> Attachment | None:
    """The file, where it is of a complaint of theirs, or of news, and was sent by them."""
    for model, rows in ((Objection, objections_of(customer)), (MarketNote, news_of(customer))):
        found = _sent(customer, model, rows.order_by().values("pk")).filter(pk=pk).first()
        if found is not None:
            return found
    return None


def _sent(customer: Customer, model: type[Model], keys: Any) -> QuerySet[Attachment]:
    kind, own = ContentType.objects.get_for_model(model), Account.objects.of_firm(customer).values("user")
    rows = Attachment.objects.filter(about_type=kind, about_id__in=keys, standing=Attachment.Standing.SHOWN, uploaded_by__in=own)
    return rows.select_related("file")


def by_key(kind: str, rows: QuerySet[Any], key: str) -> Any:
    """The one of these rows for which the key stands; 404 where none does. A customer has few."""
    found = next((pk for pk in rows.order_by("-pk").values_list("pk", flat=True)[: 5 * MOST] if thing_key(kind, pk) == key), None)
    return get_object_or_404(rows, pk=found)
