"""Whether a firm may order today, and if not, the sentence that says why."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from crm.customers.models import Customer
from crm.customers.models.customers import LICENCE_SOON
from portal.organization.querysets import today


@dataclass(frozen=True, slots=True)
class FirmStanding:
    """`hindrance` stands on each page of goods; `remark` is what only needs to be known."""

    day: date
    hindrance: str = ""
    remark: str = ""

    @property
    def may_order(self) -> bool:
        return not self.hindrance


def standing_of_firm(customer: Customer) -> FirmStanding:
    day = today()
    if customer.ended_on is not None and customer.ended_on <= day:
        sentence = _("Your file was closed on %(day)s. You see what there was; to order again, ask your account manager.")
        return FirmStanding(day, hindrance=sentence % {"day": f"{customer.ended_on:%Y-%m-%d}"})
    ends = customer.licence_ends_on
    if ends is None:
        return FirmStanding(day)
    words = {"day": f"{ends:%Y-%m-%d}"}
    if ends < day:
        return FirmStanding(
            day, hindrance=_("Your licence ended on %(day)s. You see everything here, and can order again once the new licence is in your file.") % words
        )
    if (ends - day).days <= LICENCE_SOON:
        return FirmStanding(day, remark=_("Your licence ends on %(day)s. Have it renewed in time, and send it to your account manager.") % words)
    return FirmStanding(day)
