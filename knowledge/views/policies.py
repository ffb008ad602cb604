"""Reading policies: as they are in force on a day, what changed between two versions, what changed since one confirmed."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from knowledge.comparison import Comparison, clause_of, compare_versions, digest_of
from knowledge.force import in_force, state_on, to_come, versions_known
from knowledge.models import Policy, PolicyRepeal, PolicyVersion
from knowledge.pairing import Change
from knowledge.policies import reads_policy_version
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.access.words import describe_rule
from portal.attachments.queries import shown_on
from portal.confirmations.queries import latest_confirmed
from portal.foundation.moments import read_day

RELATED = ("audience", "department", "interpreting_department", "leader", "published_by")


@require_GET
@employee_required
def policy_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A policy as it is in force today, or was on a day (`day`); a version that takes effect later where none is, or where it is asked for (`version`)."""
    try:
        policy = get_permitted(Policy, user=request.user, rows=Policy.objects.select_related(*RELATED), pk=pk)
    except Http404:
        return _ask_first(request, pk)
    if not policy.version_number:
        return redirect("knowledge:policy_update", pk=policy.pk)
    today = timezone.localdate()
    day = read_day(request.GET.get("day", "")) or today
    coming = to_come(policy, today)
    version = _asked(request, policy) or in_force(policy, day) or (coming[0] if coming and day == today else None)
    if version is not None and not reads_policy_version(request.user, _of(policy, version)):
        version = _readable(request.user, policy, coming)
    context = _context(request, policy, version, day) | {"coming": coming, "today": today, "is_today": day == today}
    return render(request, "knowledge/policy_detail.html", context)


@require_GET
@employee_required
def policy_comparison(request: HttpRequest, pk: int, before: int, after: int) -> HttpResponse:
    """The comparison table between two versions, for those who were meant to read both."""
    policy = get_permitted(Policy, user=request.user, rows=Policy.objects.select_related("department"), pk=pk)
    # What was taken back is nobody's text but those in charge's.
    versions = PolicyVersion.objects.filter(policy=policy) if can(request.user, "change", policy) else versions_known().filter(policy=policy)
    found = {row.number: row for row in versions.filter(number__in=[before, after]).select_related("audience")}
    if set(found) != {before, after} or before >= after:
        return redirect(policy)
    if not all(reads_policy_version(request.user, _of(policy, version)) for version in found.values()):
        raise PermissionDenied(_("An earlier version was for fewer people. What is for you is the policy as it stands now."))
    shown = request.GET.get("show", "different")
    comparison = compare_versions(found[before], found[after])
    lines = (
        comparison.lines
        if shown == "all"
        else [line for line in comparison.lines if line.change.value == shown]
        if shown in set(Change)
        else comparison.changed
    )
    context = {
        "policy": policy,
        "before": found[before],
        "after": found[after],
        "lines": lines,
        "numbers": comparison.numbers,
        "number_changed": len(comparison.changed),
        "shown": shown,
        "versions": _versions(request.user, policy),
    }
    return render(request, "knowledge/policy_comparison.html", context)


def _ask_first(request: HttpRequest, pk: int) -> HttpResponse:
    """Who finds the title in the register and may not read it is told so, and can ask. For anybody else there is no such policy."""
    policy = get_object_or_404(Policy.objects.select_related("department", "leader"), pk=pk, is_shown=True, is_listed=True)
    return render(
        request, "knowledge/policy_closed.html", {"policy": policy, "open_request": policy.requests.filter(person=request.user.pk).first()}, status=403
    )


def _asked(request: HttpRequest, policy: Policy) -> PolicyVersion | None:
    number = request.GET.get("version", "")
    return versions_known().filter(policy=policy, number=int(number)).select_related("audience").first() if number.isdecimal() and len(number) < 6 else None


def _readable(user: Any, policy: Policy, coming: list[PolicyVersion]) -> PolicyVersion | None:
    """What was published last, where an earlier version was for fewer people."""
    return next((version for version in coming[::-1] if reads_policy_version(user, _of(policy, version))), None)


def _of(policy: Policy, version: PolicyVersion) -> PolicyVersion:
    version.policy = policy
    return version


def _context(request: HttpRequest, policy: Policy, version: PolicyVersion | None, day: date) -> dict[str, Any]:
    user = request.user
    since = _since_confirmed(user, policy, version)
    repeal = PolicyRepeal.objects.filter(policy=policy).select_related("replaced_by").first()
    replacement = repeal.replaced_by if repeal is not None and repeal.replaced_by is not None and can(user, "view", repeal.replaced_by) else None
    return {
        "policy": policy,
        "version": version,
        "clauses": _marked(version, since) if version is not None else [],
        "day": day,
        "state": state_on(policy, day),
        "since": since,
        "versions": _versions(user, policy),
        "files": [row for row in shown_on(policy) if version is not None and row.pk in version.file_ids] if policy.file_ids else [],
        "audience": describe_rule(policy.audience.rule) if policy.audience is not None else "",
        "repeal": repeal,
        "replacement": replacement,
        "writes": can(user, "change", policy),
        "grants": can(user, "grant", policy),
        "printed_at": timezone.localtime(),
    }


def _since_confirmed(user: Any, policy: Policy, version: PolicyVersion | None) -> dict[str, Any] | None:
    """What has changed since the version that this person confirmed, where that is another one and they may read both."""
    confirmed = latest_confirmed(user, policy)
    if confirmed is None or version is None or confirmed.number >= version.number:
        return None
    earlier = PolicyVersion.objects.filter(policy=policy, number=confirmed.number).select_related("audience").first()
    if earlier is None:
        return None
    if not reads_policy_version(user, _of(policy, earlier)):
        return {"number": confirmed.number, "comparison": None}
    return {"number": confirmed.number, "comparison": compare_versions(earlier, version)}


def _marked(version: PolicyVersion, since: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The parts of a version as they stand on the page, each that changed since one confirmed with its marks."""
    comparison: Comparison | None = since["comparison"] if since is not None else None
    changed = {line.digest: line for line in comparison.changed if line.after is not None} if comparison is not None else {}
    return [{"row": row, "line": changed.get(digest_of(clause_of(row)))} for row in version.clauses.all()]


def _versions(user: Any, policy: Policy) -> list[PolicyVersion]:
    """All that were published, also what was taken back, each with whether this person may read it."""
    versions = list(PolicyVersion.objects.filter(policy=policy).select_related("audience", "withdrawal").defer("body").order_by("number"))
    today = timezone.localdate()
    standing = in_force(policy, today)
    for version in versions:
        version.may_read = reads_policy_version(user, _of(policy, version))  # type: ignore[attr-defined]
        version.is_in_force = standing is not None and version.pk == standing.pk  # type: ignore[attr-defined]
        version.is_to_come = version.effective_on > today  # type: ignore[attr-defined]
    return versions
