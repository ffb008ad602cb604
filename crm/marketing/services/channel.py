"""What lay on a customer's shelf, and what is done where it runs dry."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.activities.models import Promise, Visit
from crm.activities.services.keeping import agree_on
from crm.activities.services.planning import working_days
from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.marketing.errors import MarketingError
from crm.marketing.models import ChannelStock
from crm.marketing.models.channel import MOST_STOCK
from portal.access.policies import decide
from portal.audit.services import record
from portal.organization.querysets import today

OLDEST = timedelta(days=60)


@transaction.atomic
def note_stock(customer: Customer, *, actor: Any, day: date, stocks: Mapping[Product, tuple[int, int]], visit: Visit | None = None) -> int:
    """`stocks` are what lies there and what they would have, in base units. Noted again for a day, the last one stands."""
    root = Customer.objects.select_related("portfolio").get(kin=customer.pk)
    decision = decide(actor, "change", root)
    if not decision:
        raise MarketingError(str(decision.rule))
    if not today() - OLDEST <= day <= today():
        raise MarketingError(_("%(day)s is not within the last 60 days. Check the day.") % {"day": f"{day:%Y-%m-%d}"})
    if not stocks:
        raise MarketingError(_("Write the stock of at least one product."))
    if any(not 0 <= number <= MOST_STOCK for pair in stocks.values() for number in pair):
        raise MarketingError(_("Stock is a whole number from nought on."))
    rows = [
        ChannelStock(customer=root, product=product, day=day, quantity=quantity, wanted=wanted, visit=visit, noted_by=actor)
        for product, (quantity, wanted) in sorted(stocks.items(), key=lambda one: one[0].pk)
    ]
    ChannelStock.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["customer", "product", "day"], update_fields=["quantity", "wanted", "visit", "noted_by", "noted_at"]
    )
    said = {product.code: list(pair) for product, pair in stocks.items()}
    record(actor, "channel_stock.noted", root, after={"day": day.isoformat(), "stocks": said})
    return len(rows)


@transaction.atomic
def step_in(customer: Customer, *, actor: Any, product: Product) -> Promise:
    """A visit on the next working day, about what has run dry or is sold more slowly."""
    days = working_days(today() + timedelta(days=1), today() + timedelta(days=14))
    day = days[0] if days else today() + timedelta(days=1)
    return agree_on(customer, actor=actor, kind="visit", day=day, subject=_("Stock of %(product)s") % {"product": product.name})
