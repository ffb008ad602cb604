"""Reading policies: as they are in force on a day, what changed between two versions, what changed since one confirmed."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from knowledge.comparison import Comparison, Line, clause_of, compare_versions, digest_of
from knowledge.comparison_file import export_comparison
from knowledge.force import coming_of, standing_of, state_on, versions_known
from knowledge.models import Policy, PolicyRepeal, PolicyVersion
from knowledge.models.policies import writers_of_shelf
from knowledge.pairing import Change
from knowledge.policies import reads_policy_version
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.access.words import describe_rule
from portal.attachments.queries import attachments_on
from portal.confirmations.queries import latest_confirmed
from portal.foundation.asking import read_number
from portal.foundation.moments import read_day
from portal.pages.newer import say_newer

RELATED = ("audience", "department", "interpreting_department", "leader", "published_by")


@require_GET
@employee_required
def policy_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A policy as it is in force today, or was on a day (`day`); a version that takes effect later where none is, or where it is asked for (`version`)."""
    try:
        rows = Policy.objects.select_related(*RELATED).annotate(shelf_writers=Subquery(writers_of_shelf(OuterRef("department")).order_by()))
        policy = get_permitted(Policy, user=request.user, rows=rows, pk=pk)
    except Http404:
        return _ask_first(request, pk)
    if not policy.version_number:
        return redirect("knowledge:policy_update", pk=policy.pk)
    today = timezone.localdate()
    day = read_day(request.GET.get("day", "")) or today
    repeal = PolicyRepeal.objects.filter(policy=policy).select_related("replaced_by").first()
    versions = _versions(request.user, policy)
    known = [one for one in versions if getattr(one, "withdrawal", None) is None]
    coming = coming_of(known, today)
    standing = standing_of(known, repeal, day)
    version = _asked(request, known) or standing or (coming[0] if coming and day == today else None)
    withheld = version if version is not None and not version.may_read else None  # type: ignore[attr-defined]
    if withheld is not None:
        others = [standing, *coming[::-1]] if day == today else []
        version = next((one for one in others if one is not None and one.may_read), None)  # type: ignore[attr-defined]
    now = standing if day == today else standing_of(known, repeal, today)
    for one in versions:
        one.is_in_force, one.is_to_come = one is now, one.effective_on > today  # type: ignore[attr-defined]
    context = _context(request, policy, version, day, versions) | {"repeal": repeal, "replacement": _replacement_of(request.user, repeal)}
    named = version or next((one for one in known[::-1] if one.may_read), None)  # type: ignore[attr-defined]
    context |= {"title": named.title if named is not None else policy.title, "coming": coming, "today": today, "is_today": day == today, "withheld": withheld}
    return render(request, "knowledge/policy_detail.html", context)


@require_GET
@employee_required
def policy_newer(request: HttpRequest, pk: int) -> HttpResponse:
    """A line for a page that is open since version `version` was the last that was published."""
    return say_newer(request, get_permitted(Policy, user=request.user, pk=pk))


@require_GET
@employee_required
def policy_comparison(request: HttpRequest, pk: int, before: int, after: int) -> HttpResponseBase:
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
    lines = _lines_of(comparison, shown)
    if request.GET.get("export") in {"xlsx", "csv"}:
        return export_comparison(request.GET["export"], policy, found[before], found[after], lines)
    context = {
        "policy": policy,
        "before": found[before],
        "after": found[after],
        "lines": lines,
        "numbers": comparison.numbers,
        "number_changed": len(comparison.changed),
        "shown": shown,
        "printed_at": timezone.localtime(),
    }
    return render(request, "knowledge/policy_comparison.html", context)


def _lines_of(comparison: Comparison, shown: str) -> list[Line]:
    """All of them, those of one kind, or those that changed."""
    if shown == "all":
        return comparison.lines
    return [line for line in comparison.lines if line.change.value == shown] if shown in set(Change) else comparison.changed


def _ask_first(request: HttpRequest, pk: int) -> HttpResponse:
    """Who finds the title in the register and may not read it is told so, and can ask. For anybody else there is no such policy."""
    policy = get_object_or_404(Policy.objects.select_related("department", "leader", "audience"), pk=pk, is_shown=True, is_listed=True)
    repeal = PolicyRepeal.objects.filter(policy=policy).select_related("replaced_by").first()
    context = {
        "policy": policy,
        "state": state_on(policy, timezone.localdate()),
        "repeal": repeal,
        "replacement": _replacement_of(request.user, repeal),
        "is_closed": True,
        "open_request": policy.requests.filter(person=request.user.pk).first(),
    }
    return render(request, "knowledge/policy_closed.html", context, status=403)


def _replacement_of(user: Any, repeal: PolicyRepeal | None) -> Policy | None:
    """What took the place of what was repealed, where this person may know of that: by reading it, or by its title in the register."""
    other = repeal.replaced_by if repeal is not None else None
    return other if other is not None and ((other.is_shown and other.is_listed) or can(user, "view", other)) else None


def _asked(request: HttpRequest, known: list[PolicyVersion]) -> PolicyVersion | None:
    number = read_number(request.GET, "version")
    return next((one for one in known if one.number == number), None)


def _of(policy: Policy, version: PolicyVersion) -> PolicyVersion:
    version.policy = policy
    return version


def _context(request: HttpRequest, policy: Policy, version: PolicyVersion | None, day: date, versions: list[PolicyVersion]) -> dict[str, Any]:
    user = request.user
    since = _since_confirmed(user, policy, version) if any(one.is_binding for one in versions) else None
    return {
        "policy": policy,
        "version": version,
        "clauses": _marked(version, since) if version is not None else [],
        "day": day,
        "state": state_on(policy, day),
        "since": since,
        "versions": versions,
        "knows": any(one.is_binding for one in versions) and can(user, "report_own", policy),
        "files": list(attachments_on(policy).filter(pk__in=version.file_ids, is_in_text=False)) if version is not None and version.file_ids else [],
        "audience": describe_rule(policy.audience.rule) if policy.audience is not None else "",
        "writes": can(user, "change", policy),
        "grants": can(user, "grant", policy),
        "reviews": can(user, "review", policy),
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
    """All that were published, also what was taken back, each with whether this person may read it. Their text is that of their articles."""
    versions = list(PolicyVersion.objects.filter(policy=policy).select_related("audience", "withdrawal").defer("body").order_by("number"))
    for version in versions:
        version.may_read = reads_policy_version(user, _of(policy, version))  # type: ignore[attr-defined]
    return versions
