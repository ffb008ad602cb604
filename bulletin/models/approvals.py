"""A second person's approval, as a task of Wagtail's workflow."""

from django.utils.translation import gettext_lazy as _

from portal.pages.approval import ApprovalTask


class SecondPersonTask(ApprovalTask):
    """Any publisher of the department approves, but for the one who asks and the one who wrote."""

    description = _("Another publisher of the department approves.")

    class Meta:
        verbose_name = _("approval by a second person")
