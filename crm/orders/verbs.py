"""What orders put on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_open_verbs, register_verbs

register_verbs(
    {
        "order.confirmed": _("took an order"),
        "order.changed": _("changed an order"),
        "order.cancelled": _("cancelled an order"),
        "order.delivered": _("delivered of an order"),
        "order.returned": _("took back of an order"),
        "account.changed": _("set limit and terms of a customer"),
        "account.bounds": _("set from when a tier's debts are yellow and red"),
        "payment.booked": _("booked a payment"),
        "payment.bounced": _("took back a payment"),
        "release.asked": _("asked for the release of an order"),
        "release.approved": _("released an order"),
        "release.refused": _("did not release an order"),
        "credit.noted": _("booked a credit note"),
        "cap.set": _("set a cap for a customer"),
    }
)
register_open_verbs("account.bounds")
