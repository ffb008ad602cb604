"""The right to a file is the right to the thing that it hangs on, asked anew at every address."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.access.policies import Decision, Policy, models_with_policies, policy_for, register, viewers_of, visible_to
from portal.access.policies import decide as decide_about
from portal.accounts.models import User
from portal.attachments.models import Attachment

Standing = Attachment.Standing


class AttachmentPolicy(Policy[Attachment]):
    """Loose: its uploader. Shown: who may view the thing. Held: who may change the thing."""

    decides_views = True
    actions = {"view": _("see")}

    def decide(self, user: Any, action: str, obj: Attachment) -> Decision:
        if obj.standing == Standing.LOOSE:
            return Decision(obj.uploaded_by_id == user.pk, _("A file that hangs on nothing yet is its uploader's alone."))
        if obj.about is None:
            return Decision(False, _("What this file hung on is gone."))
        about = obj.about
        own = policy_for(type(about)).decide_file(user, about, obj.pk) if _has_policy(type(about)) else None
        return _decide_by_thing(user, obj.standing, about) if own is None else own

    def visible(self, user: Any, rows: QuerySet[Attachment]) -> QuerySet[Attachment]:
        """In SQL for what is shown; what is held is asked by object, so narrow the rows first. What a thing says of single files is for `decide`."""
        plain = rows.order_by()
        seen = Q(standing=Standing.LOOSE, uploaded_by=user)
        for type_id in plain.filter(standing=Standing.SHOWN).values_list("about_type", flat=True).distinct():
            model = ContentType.objects.get_for_id(type_id).model_class()
            if model is not None and _has_policy(model):
                seen |= Q(standing=Standing.SHOWN, about_type=type_id, about_id__in=visible_to(model, user).order_by().values("pk"))
        for type_id, about_id in plain.filter(standing=Standing.HELD).values_list("about_type", "about_id").distinct():
            thing = _thing(type_id, about_id)
            if thing is not None and _decide_by_thing(user, Standing.HELD, thing):
                seen |= Q(standing=Standing.HELD, about_type=type_id, about_id=about_id)
        return rows.filter(seen)

    def named(self, user: Any, rows: QuerySet[Attachment]) -> QuerySet[Attachment]:
        """Without those that are held, or hang on a thing that has a word of its own on each: they are asked by object."""
        apart = [model for model in models_with_policies() if type(policy_for(model)).decide_file is not Policy.decide_file]
        types = [content_type.pk for content_type in ContentType.objects.get_for_models(*apart).values()]
        return self.visible(user, rows.exclude(standing=Standing.HELD).exclude(about_type__in=types))

    def viewers(self, obj: Attachment) -> QuerySet[User]:
        if obj.standing == Standing.LOOSE or obj.about is None:
            return User.objects.active().filter(pk=obj.uploaded_by_id if obj.standing == Standing.LOOSE else None)
        people = viewers_of(obj.about)
        if obj.standing == Standing.SHOWN:
            return people
        return people.filter(pk__in=[person.pk for person in people if _decide_by_thing(person, Standing.HELD, obj.about)])


def _decide_by_thing(user: Any, standing: str, thing: Any) -> Decision:
    if not _has_policy(type(thing)):
        return Decision(False, _("Nobody may do this."))
    decision = decide_about(user, "view", thing)
    if standing == Standing.SHOWN or not decision:
        return decision
    if "change" not in policy_for(type(thing)).actions:
        return Decision(False, _("Nobody may do this."))
    return decide_about(user, "change", thing)


def _has_policy(model: type) -> bool:
    try:
        policy_for(model)
    except LookupError:
        return False
    return True


def _thing(type_id: int, about_id: int | None) -> Any:
    model = ContentType.objects.get_for_id(type_id).model_class()
    return None if model is None else model._default_manager.filter(pk=about_id).first()


register(Attachment, AttachmentPolicy)
