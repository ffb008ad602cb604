"""What the catalogue puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "product.created": _("took up a product"),
        "product.changed": _("changed a product"),
        "product.cost_set": _("wrote what a product costs"),
        "price_list.created": _("made a price list"),
        "price_list.issued": _("put a version of a price list into force"),
        "price_list.exported": _("took a price list away as a file"),
        "stock.booked": _("booked stock"),
        "supply.planned": _("planned a supply"),
        "supply.ended": _("ended a planned supply"),
    }
)
