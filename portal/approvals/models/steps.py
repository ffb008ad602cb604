"""Steps as they were opened, the tasks in them, and the votes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.approvals.models.papers import Content, Paper
from portal.foundation.language import is_chinese
from portal.organization.models import Employment


class Step(models.Model):
    """One opening of a step of the route, with its name as it read. A paper has one open step at most.

    `resumes` is the step that asked for it and to which the paper comes straight back; `because` are the values that chose the branch.
    """

    class Kind(models.TextChoices):
        APPROVE = "approve", _("approve")
        TELL = "tell", _("tell")
        REVISE = "revise", _("revise")

    class Asks(models.TextChoices):
        """What it is called to whoever is asked; all but the filling in are decided alike."""

        APPROVE = "approve", pgettext_lazy("asked of a step", "decide")
        FILL = "fill", pgettext_lazy("asked of a step", "fill in")
        ACKNOWLEDGE = "acknowledge", pgettext_lazy("asked of a step", "acknowledge")
        REPLY = "reply", pgettext_lazy("asked of a step", "reply")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        PASSED = "passed", _("passed")
        RETURNED = "returned", _("returned")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        SUPERSEDED = "superseded", _("to be done again")

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="steps")
    round = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    asks = models.CharField(max_length=12, choices=Asks, default=Asks.APPROVE)
    label_in = models.JSONField()
    modes = models.JSONField(default=list)  # of each group: any, all, in_order
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    because = models.JSONField(default=list)
    resumes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    due = models.JSONField(default=dict)
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["due_at"], name="step_open_due", condition=Q(state="open"))]
        constraints = [
            models.UniqueConstraint(fields=["paper"], name="one_open_step", condition=Q(state="open")),
            models.UniqueConstraint(fields=["id", "paper"], name="step_of_paper"),
            models.CheckConstraint(
                name="step_closed_has_its_time", condition=Q(state="open", closed_at__isnull=True) | ~Q(state="open", closed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.key}"

    @property
    def label(self) -> str:
        return self.label_in.get("zh" if is_chinese() else "en") or self.label_in.get("zh", "")


class Task(models.Model):
    """What is asked of a seat within a step.

    A step has groups, a group slots, a slot one or several seats of which any one will do. Signers that were added stand before or after
    in the slot; whoever is asked for an opinion decides nothing.
    """

    class Place(models.TextChoices):
        CORE = "core", _("decides")
        BEFORE = "before", _("signs before")
        AFTER = "after", _("signs after")
        OPINION = "opinion", _("is asked")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        WAITING = "waiting", _("not yet")
        DONE = "done", _("done")
        COUNTED = "counted", _("decided before")
        TRANSFERRED = "transferred", _("transferred")
        NOT_NEEDED = "not_needed", _("not needed")
        VOID = "void", _("moved on")

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="tasks")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="tasks")
    group = models.PositiveSmallIntegerField(default=0)
    slot = models.PositiveSmallIntegerField(default=0)
    seat = models.CharField(max_length=80)
    place = models.CharField(max_length=8, choices=Place, default=Place.CORE)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    because = models.JSONField(default=list)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    counts = models.ForeignKey("Vote", null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["group", "slot", "pk"]
        indexes = [models.Index(fields=["seat"], name="task_open_seat", condition=Q(state="open"))]
        constraints = [
            models.UniqueConstraint(fields=["step", "seat"], name="one_open_task_of_a_seat", condition=Q(state="open")),
            models.UniqueConstraint(fields=["id", "step"], name="task_of_step"),
            models.CheckConstraint(name="task_open_has_its_time", condition=~Q(state="open") | Q(opened_at__isnull=False, closed_at__isnull=True)),
            models.CheckConstraint(
                name="task_counts_a_vote", condition=Q(state="counted", counts__isnull=False) | ~Q(state="counted") & Q(counts__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat} of step {self.step_id}"


class Vote(models.Model):
    """What a person decided about one content, in which post, and for whom if as a deputy. Never changed, one for a task."""

    class Decision(models.TextChoices):
        APPROVE = "approve", pgettext_lazy("decision", "approved")
        REFUSE = "refuse", pgettext_lazy("decision", "refused")
        RETURN = "return", pgettext_lazy("decision", "returned")
        OPINION = "opinion", _("gave an opinion")
        REVISE = "revise", _("submitted again")

    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="vote")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="votes")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="votes")
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    principal = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    employment = models.ForeignKey(Employment, null=True, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision)
    opinion = models.TextField(blank=True)
    request_key = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["person", "-paper"], name="vote_person")]
        constraints = [
            models.UniqueConstraint(fields=["person", "request_key"], name="vote_sent_once"),
            models.CheckConstraint(name="vote_principal_is_another", condition=Q(principal__isnull=True) | ~Q(principal=F("person"))),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.decision} {self.paper_id}"
