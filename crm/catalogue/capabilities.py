"""Rights of the catalogue that belong to no single product."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

READ_PRODUCTS = register_capability("catalogue.read", _("Look up products"), _("See products, their packing and where they are in stock."))
SEE_PRICES = register_capability("catalogue.prices", _("See prices of products"), _("See which price is in force for whom, and since when."))
SEE_COSTS = register_capability("catalogue.costs", _("See and write costs"), _("See and write what products cost the plant, and see what orders earned."))
KEEP_PRODUCTS = register_capability("catalogue.keep", _("Keep products and price lists"), _("Write products, and price lists with the day they hold from."))
KEEP_STOCK = register_capability("catalogue.stock", _("Keep the stock"), _("Book receipts, issues, counts and transfers, and what is planned to come in."))
