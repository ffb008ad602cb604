"""Amounts of a plan, read and said: yuan for money, base units for quantities."""

from typing import Any

from django.utils.translation import gettext as _

from crm.catalogue.models import Product
from crm.catalogue.units import read_fen, say_yuan
from crm.plans.errors import PlansError
from crm.plans.models import Plan
from crm.plans.models.plans import MOST, Measure


def read_amount(plan: Plan, text: str) -> int:
    """Nothing is nought. Refuses what is no whole yuan or unit, and what is too much, with a sentence."""
    plain = text.strip().replace(",", "").replace("，", "")
    if not plain:
        return 0
    try:
        found = read_fen(plain)
    except ValueError as error:
        raise PlansError(str(error)) from error
    if found % 100:
        raise PlansError(_("“%(text)s” is no whole number. A plan is split in whole yuan, or in whole units.") % {"text": text.strip()[:20]})
    found = found // 100 * plan.step
    if found > MOST:
        raise PlansError(_("“%(text)s” is too much for a plan. Check the number.") % {"text": text.strip()[:20]})
    return found


def say_amount(plan: Plan, amount: int) -> str:
    return say_number(plan, amount) if plan.measure != Measure.QUANTITY else f"{amount:,} {unit_of(plan)}"


def say_number(plan: Plan, amount: int) -> str:
    """Whole yuan without places; what was sold has them."""
    if plan.measure == Measure.QUANTITY:
        return f"{amount:,}"
    said = say_yuan(amount)
    return said.removesuffix(".00")


def plain_number(plan: Plan, amount: int) -> Any:
    """As it stands in a field and in a file."""
    return amount if plan.measure == Measure.QUANTITY else amount // 100 if amount % 100 == 0 else amount / 100


def products_of(plan: Plan) -> list[Product]:
    if plan.product is not None:
        return [plan.product]
    return list(plan.brand.products.all()) if plan.brand is not None else []


def unit_of(plan: Plan) -> str:
    if plan.measure != Measure.QUANTITY:
        return _("yuan")
    products = products_of(plan)
    return products[0].packing.unit_said(products[0].base, 2) if products else ""
