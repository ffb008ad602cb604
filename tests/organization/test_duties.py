"""Duties: held from day to day, by their holders and those who stand in, and nobody else."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from portal.access.choices import existing_tokens, find_choices
from portal.access.models import Audience
from portal.access.policies import decide
from portal.access.rules import AudienceRule, duty_token
from portal.access.standings import standing_of
from portal.access.words import explain, label_tokens
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from portal.organization.errors import OrganizationError
from portal.organization.models import Duty, DutyHolding, Employment
from portal.organization.querysets import today
from portal.organization.services.deputyships import appoint_deputy
from portal.organization.services.duties import end_holding, give_duty, save_duty
from portal.organization.services.employments import start_employment
from portal.organization.services.people import dismiss_person, rehire
from tests.papers.models import Paper

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def duty(cast) -> Duty:
    return save_duty(None, actor=cast.admin, code="PRICE", name="价格审核员", name_en="Price reviewer", departments=[cast.quality])


def holds(person: User, duty: Duty, days: int = 0) -> bool:
    with time_machine.travel(timezone.now() + days * DAY, tick=False):
        return duty_token(duty.pk) in standing_of(User.objects.get(pk=person.pk)).token_set


def test_a_duty_is_held_from_its_first_day_to_its_last(cast, duty):
    holding = give_duty(duty, person=cast.inspector, starts_on=today() + 2 * DAY, ends_on=today() + 4 * DAY, actor=cast.admin)
    assert [holds(cast.inspector, duty, days) for days in (0, 1, 2, 4, 5)] == [False, False, True, True, False]
    assert not holds(cast.operator, duty, 2)
    end_holding(holding, last_day=today() + 3 * DAY, actor=cast.admin)
    assert [holds(cast.inspector, duty, days) for days in (3, 4)] == [True, False]
    end_holding(holding, last_day=today() + 9 * DAY, actor=cast.admin)
    assert DutyHolding.objects.get().ends_on == today() + 3 * DAY
    end_holding(holding, last_day=today(), actor=cast.admin)
    assert not DutyHolding.objects.exists()
    assert list(AuditRecord.objects.filter(verb__startswith="duty.").order_by("pk").values_list("verb", flat=True)) == [
        "duty.created", "duty.given", "duty.ended", "duty.withdrawn",
    ]  # fmt: skip


def test_what_cannot_be_is_refused_with_a_sentence_and_by_the_database(cast, duty):
    give_duty(duty, person=cast.inspector, starts_on=today(), ends_on=today() + 5 * DAY, actor=cast.admin)
    for person, first, last in (
        (cast.inspector, today() + 5 * DAY, None),
        (cast.inspector, today() - 5 * DAY, today()),
        (cast.operator, today(), today() - DAY),
        (cast.leaver, today(), None),
        (cast.customer, today(), None),
    ):
        with pytest.raises(OrganizationError):
            give_duty(duty, person=person, starts_on=first, ends_on=last, actor=cast.admin)
    for wrong in ({"starts_on": today() + DAY, "ends_on": None}, {"starts_on": today() + 9 * DAY, "ends_on": today() + 8 * DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyHolding.objects.create(duty=duty, person=cast.inspector, **wrong)
    give_duty(duty, person=cast.inspector, starts_on=today() + 6 * DAY, actor=cast.admin)
    give_duty(duty, person=cast.operator, starts_on=today(), actor=cast.admin)
    with pytest.raises(OrganizationError, match="PRICE"):
        save_duty(None, actor=cast.admin, code="PRICE", name="又一个")


def test_who_stands_in_for_the_primary_post_has_the_duty_while_all_of_it_lasts(cast, duty):
    post = Employment.objects.get(person=cast.workshop_head)
    besides = start_employment(cast.workshop_head, department=cast.sales, position=cast.staff_post, is_primary=False, starts_on=today(), actor=cast.admin)
    appoint_deputy(post, deputy=cast.operator, starts_on=today() + DAY, ends_on=today() + 6 * DAY, actor=cast.admin)
    appoint_deputy(besides, deputy=cast.salesperson, starts_on=today(), actor=cast.admin)
    holding = give_duty(duty, person=cast.workshop_head, starts_on=today() + 2 * DAY, ends_on=today() + 4 * DAY, actor=cast.admin)
    assert [holds(cast.operator, duty, days) for days in (1, 2, 4, 5)] == [False, True, True, False]
    assert not holds(cast.salesperson, duty, 3)
    end_holding(holding, last_day=today() + 3 * DAY, actor=cast.admin)
    assert not holds(cast.operator, duty, 4)


def test_whoever_leaves_holds_it_no_more_also_when_they_come_back(cast, duty):
    give_duty(duty, person=cast.inspector, starts_on=today() - 3 * DAY, actor=cast.admin)
    dismiss_person(cast.inspector, leaves_on=today(), actor=cast.admin)
    assert DutyHolding.objects.get().ends_on == today() - DAY
    rehire(User.objects.get(pk=cast.inspector.pk), department=cast.sales, position=cast.staff_post, starts_on=today(), actor=cast.admin)
    assert not holds(cast.inspector, duty)


def test_an_audience_names_a_duty_and_says_why(cast, duty):
    token = duty_token(duty.pk)
    appoint_deputy(Employment.objects.get(person=cast.workshop_head), deputy=cast.operator, starts_on=today(), actor=cast.admin)
    give_duty(duty, person=cast.workshop_head, starts_on=today(), actor=cast.admin)
    paper = Paper.objects.create(title="报价", audience=Audience.objects.for_rule(AudienceRule.of([token])))
    with translation.override("en"):
        for person, sentence in ((cast.workshop_head, "As Price reviewer since"), (cast.operator, "As deputy of 刘洋, who is"), (cast.inspector, "")):
            asked = User.objects.get(pk=person.pk)
            decision = decide(asked, "view", paper)
            assert bool(decision) is bool(sentence)
            assert sentence in " ".join(explain(asked, "see", paper, decision).reasons)
        assert [label.text for label in label_tokens([token, "duty:999"])] == ["Duty: Price reviewer", "no longer exists"]
    assert existing_tokens([token, "duty:999"]) == {token}
    for words in ("价格", "jiage", "jgshy", "price"):
        assert [(choice.token, choice.count) for choice in find_choices(words) if choice.kind == "duty"] == [(token, 2)], words
    assert [choice for choice in find_choices("分管") if choice.kind == "duty"] == []


def test_keepers_keep_duties_and_see_who_held_what_on_a_day(cast, duty, client_for):
    keeper = client_for(cast.admin)
    listed, update = reverse("organization:duty_list"), reverse("organization:duty_update", args=[duty.pk])
    new = {"name": "分管采购的副厂长", "code": "VP-PUR", "departments": [cast.sales.pk, cast.office.pk], "order": 1}
    assert keeper.post(reverse("organization:duty_create"), new).status_code == 302
    assert set(Duty.objects.get(code="VP-PUR").departments.all()) == {cast.sales, cast.office}
    refused = keeper.post(reverse("organization:duty_create"), new)
    assert (refused.status_code, "VP-PUR" in refused.content.decode()) == (422, True)
    give = reverse("organization:holding_create", args=[duty.pk])
    assert keeper.post(give, {"person": cast.inspector.employee_number, "starts_on": str(today() - 9 * DAY)}).status_code == 302
    page = keeper.get(listed).content.decode()
    assert "王伟" in page
    assert "分管采购的副厂长" in page
    assert "王伟" in keeper.get(update).content.decode()
    holding = DutyHolding.objects.get()
    assert keeper.post(reverse("organization:holding_end", args=[holding.pk]), {"day": str(today())}).status_code == 302
    for days, is_there in ((-10, False), (-9, True), (0, True), (1, False)):
        asked = keeper.get(f"{reverse('organization:holding_list')}?{urlencode({'on': str(today() + days * DAY)})}")
        assert ("王伟" in asked.content.decode()) is is_there, days
    card = reverse("organization:person_detail", args=[cast.inspector.pk])
    assert "价格审核员" in client_for(cast.operator).get(card).content.decode()
    DutyHolding.objects.update(ends_on=today() - DAY)
    assert "价格审核员" not in client_for(cast.operator).get(card).content.decode()
