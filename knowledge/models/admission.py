"""Admission, as a task of Wagtail's workflow."""

from django.utils.translation import gettext_lazy as _

from portal.pages.approval import ApprovalTask


class AdmissionTask(ApprovalTask):
    """A keeper of the category admits, but for the one who asks and the one who wrote."""

    description = _("A keeper of the category admits it.")

    class Meta:
        verbose_name = _("admission by a keeper")
