"""Measures of selling (R92): referrals, deals, and how many of those that were closed were signed."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from crm.activities.performance import Cut, Performance, Rate, holder_on, register_performance


def register_known_measures() -> None:
    by_owner = {"person": Cut(lambda: F("owner"), "owner"), "department": Cut(lambda: F("department"), "department")}
    by_holder = {
        "person": Cut(lambda: holder_on("portfolio", "noted_on"), "holder"),
        "department": Cut(lambda: F("portfolio__department"), "department"),
    }
    sold: dict[str, Any] = {"list_code": "crm.opportunities", "period": "closed", "cuts": by_owner, "is_result": True}
    register_performance(
        Performance(
            code="referrals",
            label=_("Referrals"),
            list_code="crm.leads",
            period="noted",
            fixed={"source": "referral"},
            cuts=by_holder,
            is_result=True,
            order=60,
        ),
        Performance(code="closed", label=_("Opportunities closed"), order=70, **sold),
        Performance(code="deals", label=_("Deals"), fixed={"state": "won"}, order=71, **sold),
        Rate("signing", _("Signing rate"), "deals", "closed", is_result=True),
    )
