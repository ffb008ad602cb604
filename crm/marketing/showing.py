"""What a campaign cost and brought, in words and charts."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.catalogue.units import say_yuan
from crm.marketing.comparing import LEAST, Comparison
from crm.marketing.figures import Brought, brought_by
from crm.marketing.models import Campaign
from crm.marketing.services.campaigns import spent_for
from crm.sales.models import Expense
from portal.access.policies import visible_to
from portal.foundation.charts import Series, bar_chart, gauge_chart


def spending_of(campaign: Campaign, user: Any) -> dict[str, Any]:
    """Each expense that counts, with its sum; an address only where the reader may see it."""
    rows = list(spent_for(campaign).select_related("expense__person"))
    seen = set(visible_to(Expense, user).filter(pk__in=[row.expense_id for row in rows]).values_list("pk", flat=True))
    total = sum(row.expense.fen for row in rows)
    shown = [(row, say_yuan(row.expense.fen), row.expense.get_absolute_url() if row.expense_id in seen else "") for row in rows]
    left = campaign.budget - total
    return {"rows": shown, "sum": total, "said": say_yuan(total), "left": say_yuan(left), "is_over": left < 0}


def said_brought(campaign: Campaign, user: Any, spent: int) -> dict[str, Any]:
    brought = brought_by(campaign, user)
    address = reverse("crm:campaign_sales")
    names = {"targets": _("Targets"), "held": _("Held out")}
    rows = [
        (names[group], brought.numbers[group], [(one, f"{address}?{one.query}", say_yuan(one.fen), _each(one.each)) for one in figures.values()])
        for group, figures in brought.figures.items()
    ]
    return {
        "brought": brought,
        "rows": rows,
        "sentence": said_comparison(brought.comparison),
        "aim_chart": gauge_chart(_("Sold to the targets, of the aim"), [_("sold")], [brought.sold], [campaign.quantity]),
        "chart": _chart(brought),
        "per_order": say_yuan(spent // brought.orders) if spent and brought.orders else "",
        "before": campaign.before(),
        "during": campaign.during(),
    }


def _each(value: float | None) -> str:
    return "–" if value is None else f"{value:,.2f}"


def _chart(brought: Brought) -> str:
    labels = [pgettext("of a campaign", "Before"), pgettext("of a campaign", "During")]
    means = {name: [round(one.each, 2) if one.each is not None else None for one in figures.values()] for name, figures in brought.figures.items()}
    if all(value is None for values in means.values() for value in values):
        return ""
    return bar_chart(_("Ordered by each customer, on average"), labels, [Series(_("Targets"), means["targets"]), Series(_("Held out"), means["held"])])


def said_comparison(one: Comparison) -> str:
    if one.verdict == "few" or one.effect is None or one.low is None or one.high is None:
        return _("Too few to say: at least %(least)s customers are needed in each group.") % {"least": LEAST}
    numbers = {name: f"{round(value, 2) + 0:+,.2f}" for name, value in (("effect", one.effect), ("low", one.low), ("high", one.high))}
    if one.verdict == "chance":
        return _("No difference that could not be chance: %(effect)s for each customer, and it may lie anywhere between %(low)s and %(high)s.") % numbers
    if one.verdict == "less":
        return (
            _("The targets ordered less than those held out would let one expect: %(effect)s each; with 95 in 100 certainty between %(low)s and %(high)s.")
            % numbers
        )
    return (
        _("The targets ordered more than those held out would let one expect: %(effect)s each; with 95 in 100 certainty between %(low)s and %(high)s.")
        % numbers
    )
