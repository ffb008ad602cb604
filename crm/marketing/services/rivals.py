"""What is known of rivals: makers and products by those who work in marketing, facts by whoever sells."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.marketing.errors import MarketingError
from crm.marketing.models import RivalFact, RivalMaker, RivalProduct
from crm.marketing.policies import FOR_MARKETING, keeps_marketing
from portal.access.policies import decide
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.organization.querysets import today

MOST_NAMES = 10


@transaction.atomic
def note_rival(*, actor: Any, name: str, other_names: list[str], region: str = "") -> RivalMaker:
    if not keeps_marketing(actor):
        raise MarketingError(str(FOR_MARKETING))
    made = RivalMaker()
    _write(made, name, other_names, region)
    record(actor, "rival.noted", made, after={"name": made.name})
    return made


@transaction.atomic
def change_rival(rival: RivalMaker, *, actor: Any, name: str, other_names: list[str], region: str = "") -> RivalMaker:
    held = _lock(rival, actor, "change")
    before = {"name": held.name, "other_names": held.other_names}
    _write(held, name, other_names, region)
    record(actor, "rival.changed", held, before=before, after={"name": held.name, "other_names": held.other_names})
    return held


@transaction.atomic
def note_rival_product(rival: RivalMaker, *, actor: Any, name: str, price_class: str = "") -> RivalProduct:
    held = _lock(rival, actor, "change")
    if held.products.filter(name=name.strip()).exists():
        raise MarketingError(_("“%(name)s” is among its products already.") % {"name": name.strip()})
    made = RivalProduct.objects.create(maker=held, name=name.strip(), price_class=price_class)
    record(actor, "rival_product.noted", held, after={"product": made.name, "class": made.price_class})
    return made


@transaction.atomic
def note_fact(
    rival: RivalMaker, *, actor: Any, kind: str, text: str, learnt_on: date, product: RivalProduct | None = None, source: str = ""
) -> RivalFact:  # fmt: skip
    held = _lock(rival, actor, "add")
    if learnt_on > today():
        raise MarketingError(_("%(day)s is still to come. Write the day on which it was learnt.") % {"day": f"{learnt_on:%Y-%m-%d}"})
    if product is not None and product.maker_id != held.pk:
        raise MarketingError(_("“%(name)s” is of another rival.") % {"name": product.name})
    made = RivalFact.objects.create(maker=held, product=product, kind=kind, text=text.strip(), source=source.strip(), learnt_on=learnt_on, author=actor)
    record(actor, "rival_fact.noted", held, after={"kind": made.kind, "text": made.text})
    return made


def _write(held: RivalMaker, name: str, other_names: list[str], region: str) -> None:
    """One word leads to one rival."""
    held.name, held.region = name.strip(), region.strip()
    names = list(dict.fromkeys(word for word in other_names if word != held.name))
    if len(names) > MOST_NAMES:
        raise MarketingError(_("No more than %(number)s other names.") % {"number": MOST_NAMES})
    held.other_names = "、".join(names)[:300]
    wanted = set(held.names)
    for other in RivalMaker.objects.exclude(pk=held.pk):
        if taken := wanted.intersection(other.names):
            raise MarketingError(_("“%(name)s” is a name of %(rival)s already.") % {"name": sorted(taken)[0], "rival": other.name})
    held.save()


def _lock(rival: RivalMaker, actor: Any, action: str) -> RivalMaker:
    held = lock_row(RivalMaker.objects.all(), rival.pk, no_key=True)
    decision = decide(actor, action, held)
    if not decision:
        raise MarketingError(str(decision.rule))
    return held
