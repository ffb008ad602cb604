"""Writing what products cost."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.catalogue.errors import CatalogueError
from crm.catalogue.models import Cost, Product
from crm.catalogue.policies import FOR_COSTS, sees_costs
from portal.audit.services import record


@transaction.atomic
def set_cost(product: Product, *, actor: Any, fen: int, starts_on: date, source: str = "") -> Cost:
    """From a day on. The record says from which day, not how much: it is read by others than those who know costs."""
    if not sees_costs(actor):
        raise CatalogueError(str(FOR_COSTS))
    if fen < 1:
        raise CatalogueError(_("A cost of nought is none. Leave it out where it is not known."))
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    if Cost.objects.filter(product=product, starts_on=starts_on).exists():
        raise CatalogueError(_("From %(day)s a cost was written already. Choose another day.") % {"day": starts_on.isoformat()})
    cost = Cost.objects.create(product=product, fen=fen, starts_on=starts_on, source=source, set_by=actor)
    record(actor, "product.cost_set", product, after={"from": starts_on.isoformat()})
    return cost
