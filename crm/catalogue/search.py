"""Products by name, pinyin, number and bar code, for those who may look them up. No price is in any index."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Product
from portal.search.sources import Draft, Kind, Source, register_kind, register_source, taking_part_in


def _products() -> QuerySet[Product]:
    return Product.objects.select_related("brand")


def _drafts(products: QuerySet[Product]) -> Iterator[tuple[int, Draft]]:
    for product in products:
        numbers = " ".join(part for part in (product.code, product.barcode, product.brand.name) if part)
        yield (
            product.pk,
            Draft(
                kind="product",
                title=product.name,
                url=product.get_absolute_url(),
                rule=None,
                taking_part=taking_part_in(product),
                names=(product.name,),
                text=[(None, numbers)],
                number=product.code,
            ),
        )


register_kind(Kind("product", _("product"), _("Products"), "package", order=72))
register_source(Source("products", Product, _products, _drafts))
