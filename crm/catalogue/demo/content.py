"""Products of the demo plant, three warehouses, price lists with an earlier version, the stock as it came about, and what is planned."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from crm.catalogue.demo.texts import PRODUCTS, SOURCES, WAREHOUSES
from crm.catalogue.models import Brand, Cost, PriceLine, PriceList, PriceVersion, Product, StockEntry, Supply, Warehouse
from portal.access.models import Audience, CapabilityGrant
from portal.access.rules import AudienceRule, department_token, person_token, position_token
from portal.organization.demo import Plant, register_content

Bucket, Kind = StockEntry.Bucket, StockEntry.Kind


def build_catalogue(plant: Plant) -> None:
    """The sales department keeps products and prices, storekeepers the stock; account managers and drivers look up."""
    _grant("catalogue.keep", department_token(plant.departments["SAL"].pk, with_below=False))
    _grant("catalogue.stock", position_token(plant.positions["storekeeper"].pk))
    _grant("catalogue.read", position_token(plant.positions["driver"].pk))
    _grant("catalogue.prices", position_token(plant.positions["account_manager"].pk))
    products = _products()
    warehouses = [Warehouse.objects.create(code=code, name=name) for code, name in WAREHOUSES]
    _prices(plant, products)
    _costs(plant, products)
    _stock(plant, products, warehouses)


def _costs(plant: Plant, products: list[Product]) -> None:
    """Some two thirds of the price, a little more this year; the head of selling knows them."""
    _grant("catalogue.costs", person_token(plant.heads["SAL"].pk))
    rows = []
    for product, (_brand, _name, _form, _tar, yuan) in zip(products, PRODUCTS, strict=True):
        for days, percent in ((400, 62), (60, 65)):
            cost = Cost(product=product, fen=yuan * percent, starts_on=plant.day - timedelta(days=days), source="成本核算表", set_by=plant.heads["SAL"])
            rows.append(cost)
    Cost.objects.bulk_create(rows)


def _grant(capability: str, token: str) -> None:
    CapabilityGrant.objects.create(capability=capability, audience=Audience.objects.for_rule(AudienceRule.of([token])))


def _products() -> list[Product]:
    brands: dict[str, Brand] = {}
    drafts = []
    for place, (brand, name, form, tar, _yuan) in enumerate(PRODUCTS):
        if brand not in brands:
            brands[brand] = Brand.objects.create(name=brand)
        is_cigar = form == "cigar"
        product = Product(
            code=f"{4301000 + place * 7}",
            name=name,
            brand=brands[brand],
            form=form,
            base=Product.Base.PACK if is_cigar else Product.Base.CARTON,
            sticks=5 if is_cigar else 200,
            per_case=40 if is_cigar else 50,
            per_box=0 if is_cigar else 250,
            barcode=f"69010281{place:05}",
            tar=tar,
        )
        product.prepare()
        drafts.append(product)
    return Product.objects.bulk_create(drafts)


def _prices(plant: Plant, products: list[Product]) -> None:
    """One list for everybody, and one for dealers that begins at a 件."""
    changed = plant.day - timedelta(days=27)
    lists = [
        (PriceList.objects.create(name="零售户统一批发价"), 100, 1),
        (PriceList.objects.create(name="经销商价", scope=PriceList.Scope.KIND, scope_value="dealer"), 98, 10),
    ]
    for price_list, percent, least in lists:
        for starts_on, ends_on, paper, change in (
            (changed - timedelta(days=365), changed - timedelta(days=1), "厂价〔上年〕3号", -200),
            (changed, None, "厂价〔本年〕11号", 0),
        ):
            version = PriceVersion.objects.create(price_list=price_list, starts_on=starts_on, ends_on=ends_on, paper=paper)
            lines = []
            for product, (_brand, _name, _form, _tar, yuan) in zip(products, PRODUCTS, strict=True):
                fen = (yuan * 100 + change) * percent // 100
                lines.append(PriceLine(version=version, product=product, min_qty=least, fen=fen, floor=fen * 97 // 100))
            PriceLine.objects.bulk_create(lines)
            PriceVersion.objects.filter(pk=version.pk).update(is_sealed=True)


def _stock(plant: Plant, products: list[Product], warehouses: list[Warehouse]) -> None:
    """Receipts of two months, a few counts, and supplies of the weeks to come; some products are short."""
    random, entries, supplies = plant.random, [], []
    for place, product in enumerate(products):
        for turn, warehouse in enumerate(warehouses):
            is_short = (place + turn) % 11 == 0
            for week in range(1, 4):
                quantity = random.randrange(1, 3) if is_short else product.per_case * random.randrange(4, 40)
                entries.append(_entry(plant, product, warehouse, Bucket.ON_HAND, Kind.RECEIPT, quantity, week * 14, document=f"入库 {week:02}{place:03}"))
            if (place + turn) % 13 == 5:
                entries.append(_entry(plant, product, warehouse, Bucket.ON_HAND, Kind.COUNT, -1, 3, reason="月末盘点，破损一条"))
        warehouse = warehouses[0]
        if place % 2 == 0:
            supply = Supply(
                product=product,
                warehouse=warehouse,
                day=plant.day + timedelta(days=random.randrange(2, 16)),
                quantity=product.per_case * random.randrange(4, 20),
                source=random.choice(SOURCES),
            )
            supplies.append(supply)
            entries.append(_entry(plant, product, warehouse, Bucket.PLANNED, Kind.SUPPLY, supply.quantity, 1, document=supply.source))
    Supply.objects.bulk_create(supplies)
    StockEntry.objects.bulk_create(entries, batch_size=500)


def _entry(
    plant: Plant, product: Product, warehouse: Warehouse, bucket: str, kind: str, quantity: int, days: int, *, document: str = "", reason: str = ""
) -> StockEntry:
    at = timezone.make_aware(datetime.combine(plant.day - timedelta(days=days), time(plant.random.randrange(8, 17), plant.random.randrange(60))))
    what = {"product": product, "warehouse": warehouse, "bucket": bucket, "kind": kind, "quantity": quantity}
    return StockEntry(**what, document=document, reason=reason, at=at)


register_content(72, build_catalogue)
