"""The verdict of the gate in words for the customer themselves. What the plant says among its own stays there."""

from django.utils.translation import gettext as _

from crm.orders.judging import Finding, Verdict

SENTENCES = {
    "no_price": lambda: _("%(product)s cannot be ordered by you at present: it has no price for you."),
    "not_sold": lambda: _("%(product)s is no longer sold."),
    "overdue": lambda: _("%(sum)s yuan are overdue since %(day)s. Please pay them first; then you can order again."),
    "credit_fewer": lambda: _("This is %(short)s yuan more than your credit allows. With %(fewer)s fewer of %(product)s it passes."),
    "credit_short": lambda: _("This is %(short)s yuan more than your credit allows. Order less, or pay something first."),
    "credit_none": lambda: _("Your credit is used up. Please pay something first, or ask your account manager."),
    "date_later": lambda: _("%(product)s: all of it can be there on %(day)s. By %(wanted)s it is %(free)s."),
    "date_fewer": lambda: _("%(product)s: %(free)s can be promised. Order %(fewer)s fewer."),
    "date_none": lambda: _("%(product)s is not available at the moment."),
    "date_past": lambda: _("This day has passed. Choose today or later."),
    "cap": lambda: _("%(product)s: you may have %(left)s in this period. Order %(fewer)s fewer."),
    "licence": lambda: _("Your licence ended on %(day)s. Nothing may be sold to you until it is renewed."),
    "closed": lambda: _("Your file was closed on %(day)s. Ask your account manager."),
}


def said_to_customer(finding: Finding) -> str:
    return SENTENCES[finding.code]() % finding.values


def all_said(verdict: Verdict) -> list[str]:
    return list(dict.fromkeys(said_to_customer(one) for one in verdict.findings))
