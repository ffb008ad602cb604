"""Products and price lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from crm.catalogue.capabilities import KEEP_PRODUCTS
from crm.catalogue.errors import CatalogueError
from crm.catalogue.models import Brand, PriceLine, PriceList, PriceVersion, Product
from crm.catalogue.policies import FOR_KEEPERS
from portal.access.policies import can
from portal.access.registry import has_capability
from portal.approvals.models import Paper
from portal.attachments.services import hang_files
from portal.audit.services import record, snapshot
from portal.organization.querysets import today
from portal.search.services import touch

WRITTEN = ("code", "name", "form", "base", "sticks", "per_case", "per_box", "barcode", "tar", "remark", "ended_on")
PACKED = ("base", "sticks", "per_case", "per_box")


@dataclass(frozen=True, slots=True)
class DraftPrice:
    """A line of a version to come, in fen of the base unit."""

    product: Product
    min_qty: int
    fen: int
    floor: int


@transaction.atomic
def create_product(*, actor: Any, brand: str, picture_ids: Sequence[UUID] | None = None, **values: Any) -> Product:
    """Take a product up; its brand is made where there is none of that name."""
    _require_keeper(actor)
    product = Product(brand=_brand(brand), **values)
    _check(product)
    product.save()
    if picture_ids:
        hang_files(actor=actor, about=product, shown=picture_ids)
    record(actor, "product.created", product, after=snapshot(product, *WRITTEN))
    touch(Product, [product.pk])
    return product


@transaction.atomic
def change_product(product: Product, *, actor: Any, brand: str, picture_ids: Sequence[UUID] | None = None, **values: Any) -> Product:
    """What it is called and how it is described. Its base unit stays, once something of it was booked in it; its pictures, where none are said."""
    _require_keeper(actor)
    held = Product.objects.select_for_update().get(pk=product.pk)
    before = snapshot(held, *WRITTEN)
    packed = [getattr(held, name) for name in PACKED[:2]]
    for name, value in values.items():
        setattr(held, name, value)
    held.brand = _brand(brand)
    if packed != [getattr(held, name) for name in PACKED[:2]] and held.entries.exists():
        raise CatalogueError(_("The base unit stays: the stock of it was counted in it. Take up a new product instead."))
    _check(held)
    held.save()
    if picture_ids is not None:
        hang_files(actor=actor, about=held, shown=picture_ids)
    record(actor, "product.changed", held, before=before, after=snapshot(held, *WRITTEN))
    touch(Product, [held.pk])
    return held


@transaction.atomic
def create_price_list(*, actor: Any, name: str, scope: str, scope_value: str = "") -> PriceList:
    """A list without prices yet."""
    _require_keeper(actor)
    if PriceList.objects.filter(name=name).exists():
        raise CatalogueError(_("There is a price list %(name)s already.") % {"name": name})
    if (scope == PriceList.Scope.ALL) == bool(scope_value):
        raise CatalogueError(_("Say which tier, kind or customer the list is for; a list for everybody says none."))
    made = PriceList.objects.create(name=name, scope=scope, scope_value=scope_value)
    record(actor, "price_list.created", made, after=snapshot(made, "name", "scope", "scope_value"))
    return made


@transaction.atomic
def issue_prices(price_list: PriceList, *, actor: Any, starts_on: date, paper: str, lines: Sequence[DraftPrice], ends_on: date | None = None) -> PriceVersion:
    """A version with all its lines, from a day on. An open one before it ends the day before; one that would cover the same days is a fault to be said."""
    _require_keeper(actor)
    held = PriceList.objects.select_for_update().get(pk=price_list.pk)
    if starts_on < today():
        raise CatalogueError(_("Prices come into force today or on a later day; what was, stays as it was."))
    if ends_on is not None and ends_on < starts_on:
        raise CatalogueError(_("The last day is before the first. Exchange them."))
    if not paper.strip():
        raise CatalogueError(_("Name the paper by which these prices come into force."))
    decided_by = _decision(actor, paper.strip())
    if not lines:
        raise CatalogueError(_("Write at least one price."))
    _refuse_doubles(lines)
    for version in held.versions.filter(ends_on__isnull=True, starts_on__lt=starts_on):
        version.ends_on = starts_on - timedelta(days=1)
        version.save(update_fields=["ends_on"])
    in_the_way = held.versions.exclude(ends_on__lt=starts_on)
    if ends_on is not None:
        in_the_way = in_the_way.filter(starts_on__lte=ends_on)
    if (other := in_the_way.order_by("starts_on").first()) is not None:
        words = {"day": other.starts_on.isoformat(), "paper": other.paper}
        raise CatalogueError(_("A version from %(day)s (%(paper)s) covers some of these days already. No day has two versions of a list.") % words)
    version = PriceVersion.objects.create(price_list=held, starts_on=starts_on, ends_on=ends_on, paper=paper.strip(), decided_by=decided_by)
    PriceLine.objects.bulk_create(
        [PriceLine(version=version, product=line.product, min_qty=line.min_qty, fen=line.fen, floor=line.floor) for line in lines], batch_size=500
    )
    PriceVersion.objects.filter(pk=version.pk).update(is_sealed=True)
    record(actor, "price_list.issued", held, after={"from": starts_on.isoformat(), "paper": version.paper, "lines": len(lines)})
    return version


def note_prices_taken(price_list: PriceList, version: PriceVersion, *, actor: Any) -> None:
    """A version was taken away as a file."""
    record(actor, "price_list.exported", price_list, after={"from": version.starts_on.isoformat(), "paper": version.paper})


def _refuse_doubles(lines: Sequence[DraftPrice]) -> None:
    seen: set[tuple[int, int]] = set()
    for line in lines:
        key = (line.product.pk, line.min_qty)
        if key in seen:
            raise CatalogueError(_("%(product)s stands twice from the same quantity.") % {"product": line.product.name})
        seen.add(key)
        if line.fen < 1:
            raise CatalogueError(_("%(product)s has a price of nought. Nothing is given away by a price list.") % {"product": line.product.name})
        if line.floor > line.fen:
            raise CatalogueError(_("The lowest price of %(product)s is above its price.") % {"product": line.product.name})


def _decision(actor: Any, number: str) -> Paper | None:
    """The paper of the portal with this number, which has to be approved; None for a document from elsewhere."""
    paper = Paper.objects.filter(number=number).first()
    if paper is None:
        return None
    if paper.state != Paper.State.APPROVED or not can(actor, "view", paper):
        raise CatalogueError(_("The paper %(number)s is not approved, or is not for you. Prices come into force once it is.") % {"number": number})
    return paper


def _brand(name: str) -> Brand:
    return Brand.objects.get_or_create(name=name.strip())[0]


def _check(product: Product) -> None:
    same = Product.objects.filter(code=product.code).exclude(pk=product.pk).first()
    if same is not None:
        raise CatalogueError(_("The number %(code)s belongs to %(name)s already.") % {"code": same.code, "name": same.name})
    if fault := packing_fault(product.per_case, product.per_box):
        raise CatalogueError(fault[1])


def packing_fault(case: int, box: int) -> tuple[str, str] | None:
    """What is wrong with how many base units a case and a box hold: at which field, and a sentence."""
    if 1 in (case, box):
        return "per_case", _("A case or a box holds at least two base units, or nought where it is not packed so.")
    if case and box and (box % case or box <= case):
        return "per_box", _("A box of %(box)s does not hold whole cases of %(case)s. Correct one of them.") % {"box": box, "case": case}
    return None


def _require_keeper(actor: Any) -> None:
    if not has_capability(actor, KEEP_PRODUCTS):
        raise CatalogueError(str(FOR_KEEPERS))
