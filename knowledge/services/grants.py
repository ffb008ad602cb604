"""Who may read a policy by a grant: given by the leader in charge alone, from a day to a day, with a reason; it ends by itself."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge.errors import KnowledgeError
from knowledge.models import Policy, PolicyGrant, PolicyRequest
from knowledge.notifications import ACCESS_ASKED, ACCESS_DECLINED, ACCESS_GRANTED
from portal.access.policies import decide
from portal.access.rules import EVERYONE, person_token
from portal.access.services import refresh_people
from portal.access.sources import DatedToken
from portal.access.standings import people_holding, standing_of
from portal.accounts.models import User
from portal.audit.services import record
from portal.notifications.services import notify, withdraw_all
from portal.organization.models import Department, Employment, Position
from portal.pages.drafts import lock_page
from portal.search.services import touch

LONGEST = timedelta(days=366)


@transaction.atomic
def grant_reading(
    policy: Policy,
    *,
    actor: Any,
    starts_on: date,
    ends_on: date,
    reason: str,
    person: User | None = None,
    position: Position | None = None,
    department: Department | None = None,
) -> PolicyGrant:
    """Let somebody read a policy for a year at most. It never lifts a clearance, and nobody grants to themselves."""
    stored = _held(policy, actor)
    today = timezone.localdate()
    if sum(one is not None for one in (person, position, department)) != 1:
        raise KnowledgeError(_("Say to whom: a person, a position or a department, one of them."))
    if not reason.strip():
        raise KnowledgeError(_("Say why; it goes on record."))
    if ends_on < max(starts_on, today):
        raise KnowledgeError(_("The last day must not lie before the first, nor in the past."))
    if ends_on - starts_on > LONGEST:
        raise KnowledgeError(_("A grant lasts a year at most. Choose an earlier last day."))
    if person is not None:
        _refuse_person(stored, person, actor)
    grant = PolicyGrant.objects.create(
        policy=stored, person=person, position=position, department=department, starts_on=starts_on, ends_on=ends_on, reason=reason.strip()[:300],
        given_by=actor, given_at=timezone.now(),
    )  # fmt: skip
    record(actor, "policy.granted", stored, after={"to": grant.holder_label, "from": str(starts_on), "to_day": str(ends_on)}, reason=reason)
    _refresh(grant)
    if person is not None and starts_on <= today:
        words = {"title": stored.title, "day": ends_on.isoformat()}
        notify(ACCESS_GRANTED, words=words, about=stored, recipients=[person.pk], url=stored.get_absolute_url(), actor=actor, needs=[stored.grant_token])
    return grant


@transaction.atomic
def end_grant(grant: PolicyGrant, *, actor: Any) -> None:
    """End a grant now."""
    held = PolicyGrant.objects.select_for_update().get(pk=grant.pk)
    _held(held.policy, actor)
    if held.ended_at is not None:
        return
    held.ended_at = timezone.now()
    held.save(update_fields=["ended_at"])
    record(actor, "policy.grant_ended", held.policy, before={"to": held.holder_label, "until": str(held.ends_on)})
    _refresh(held)


@transaction.atomic
def ask_to_read(policy: Policy, *, actor: Any, reason: str) -> PolicyRequest:
    """Somebody who finds the title in the register asks the leader in charge. Asked twice it is one request."""
    lock_page(policy)
    stored = Policy.objects.get(pk=policy.pk)
    if decide(actor, "view", stored):
        raise KnowledgeError(_("You may read it already."))
    if not stored.is_listed or not stored.is_shown or not actor.is_employee:
        raise KnowledgeError(_("There is no such policy."))
    if stored.leader_id is None:
        raise KnowledgeError(_("It has no leader in charge who could decide. Ask the department in charge."))
    if not reason.strip():
        raise KnowledgeError(_("Say what you need it for."))
    request, is_new = PolicyRequest.objects.get_or_create(
        policy=stored, person=actor, state=PolicyRequest.State.OPEN, defaults={"reason": reason.strip()[:300], "asked_at": timezone.now()}
    )
    if is_new:
        record(actor, "policy.asked_to_read", stored, reason=reason)
        leaders = list(people_holding(stored.leader_tokens()).values_list("pk", flat=True))
        words = {"person": actor.name, "title": stored.title, "reason": request.reason[:100]}
        notify(ACCESS_ASKED, words=words, about=stored, recipients=leaders, url=stored.grants_url, actor=actor, needs=stored.leader_tokens())
    return request


@transaction.atomic
def answer_request(request: PolicyRequest, *, actor: Any, ends_on: date | None, answer: str = "") -> None:
    """Grant until a day, or decline with a word (`ends_on` None). Of two who answer, one does."""
    held = PolicyRequest.objects.select_for_update().select_related("policy", "person").get(pk=request.pk)
    policy = _held(held.policy, actor)
    if held.state != PolicyRequest.State.OPEN:
        raise KnowledgeError(_("It was answered already; someone else may have been quicker."))
    if ends_on is not None:
        grant_reading(policy, actor=actor, person=held.person, starts_on=timezone.localdate(), ends_on=ends_on, reason=held.reason)
    elif not answer.strip():
        raise KnowledgeError(_("Say why it is declined; whoever asked reads it."))
    held.state = PolicyRequest.State.GRANTED if ends_on is not None else PolicyRequest.State.DECLINED
    held.answer, held.answered_by, held.answered_at = answer.strip()[:300], actor, timezone.now()
    held.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    if not PolicyRequest.objects.filter(policy=policy, state=PolicyRequest.State.OPEN).exists():
        withdraw_all([policy.grants_url], kinds=[ACCESS_ASKED])
    if ends_on is None:
        words = {"title": policy.title, "answer": held.answer}
        notify(ACCESS_DECLINED, words=words, recipients=[held.person_id], url="", actor=actor, needs=[person_token(held.person_id)])


def grants(user_ids: Collection[int], day: date) -> Iterator[DatedToken]:
    """What these people may read by grants of today and later: their own, those of their positions, those of their departments, for as long as both last."""
    open_grants = list(PolicyGrant.objects.filter(ended_at__isnull=True, ends_on__gte=day).select_related("department"))
    if not open_grants:
        return
    excepted = dict(Policy.objects.filter(pk__in={grant.policy_id for grant in open_grants}, audience__isnull=False).values_list("pk", "audience__exclude"))
    wanted = set(user_ids)
    for grant in open_grants:
        if grant.person_id is not None and grant.person_id in wanted:
            yield _token(grant, grant.person_id, grant.starts_on, grant.ends_on, excepted)
    wide = [grant for grant in open_grants if grant.person_id is None]
    if not wide:
        return
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    for post in Employment.objects.filter(lasting, person__in=wanted).select_related("department"):
        for grant in wide:
            if _is_of(post, grant):
                starts_on, ends_on = max(post.starts_on, grant.starts_on), min(post.ends_on or grant.ends_on, grant.ends_on)
                if starts_on <= ends_on:
                    yield _token(grant, post.person_id, starts_on, ends_on, excepted)


def _token(grant: PolicyGrant, person_id: int, starts_on: date, ends_on: date, excepted: Mapping[int, Sequence[str]]) -> DatedToken:
    """Whom the audience of the policy excepts no grant lets in."""
    return DatedToken(int(person_id), f"policy:{grant.policy_id}", starts_on, ends_on, unless=tuple(excepted.get(grant.policy_id, ())))


def renew_grants(policy: Policy) -> None:
    """Whom the audience excepts has changed: the rights of those with a grant follow in this transaction."""
    for grant in PolicyGrant.objects.filter(policy=policy.pk, ended_at__isnull=True, ends_on__gte=timezone.localdate()).select_related("department"):
        _refresh(grant)


def _is_of(post: Employment, grant: PolicyGrant) -> bool:
    if grant.position_id is not None:
        return post.position_id == grant.position_id
    return grant.department is not None and post.department.path.startswith(grant.department.path)


def _refuse_person(policy: Policy, person: User, actor: Any) -> None:
    if person.pk == actor.pk:
        raise KnowledgeError(_("Nobody grants to themselves."))
    if not User.objects.active().employees().filter(pk=person.pk).exists():
        raise KnowledgeError(_("%(person)s does not work here any more. Choose an employee who may sign in.") % {"person": person.name})
    standing = standing_of(person)
    if EVERYONE not in standing.token_set:
        raise KnowledgeError(_("%(person)s holds no post today. Choose somebody who works here now.") % {"person": person.name})
    if policy.audience is not None and standing.level < policy.audience.level:
        words = {"person": person.name, "own": standing.level, "level": policy.audience.level}
        raise KnowledgeError(_("%(person)s is cleared for level %(own)s; the policy asks for %(level)s.") % words)
    if policy.audience is not None and set(policy.audience.rule.exclude) & set(standing.tokens):
        raise KnowledgeError(_("%(person)s is excepted from the readers of this policy.") % {"person": person.name})


def _refresh(grant: PolicyGrant) -> None:
    """Rights follow in this transaction; those of a wide grant of everybody who may be concerned."""
    if grant.person_id is not None:
        refresh_people([grant.person_id])
    else:
        below = Q(department__path__startswith=grant.department.path) if grant.department is not None else Q(position=grant.position_id)
        refresh_people(list(Employment.objects.filter(below).values_list("person", flat=True).distinct()))
    touch(Policy, [grant.policy_id])


def _held(policy: Policy, actor: Any) -> Policy:
    lock_page(policy)
    stored = Policy.objects.get(pk=policy.pk)
    decision = decide(actor, "grant", stored)
    if not decision:
        raise KnowledgeError(str(decision.rule))
    return stored
