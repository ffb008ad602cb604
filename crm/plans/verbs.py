"""What plans put on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "plan.begun": _("began a plan of sales"),
        "plan.revised": _("began a new version of a plan"),
        "plan.split": _("split a line of a plan"),
        "plan.submitted": _("submitted a plan"),
        "plan.published": _("put a plan into force"),
        "plan.refused": _("did not approve a plan"),
        "plan.explained": _("noted why a plan was not met"),
    }
)
