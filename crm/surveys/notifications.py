"""What people are told of surveys."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

STARTED = register_kind(
    NotificationKind("surveys.started", _("Surveys that ask me"), _("The survey “%(title)s” asks for your answer until %(day)s."), "list-checks")
)
RESULT = register_kind(NotificationKind("surveys.result", _("Results of surveys"), _("The result of the survey “%(title)s” can be read."), "list-checks"))
MEASURE = register_kind(
    NotificationKind("surveys.measure", _("Measures after surveys"), _("After the survey “%(title)s”: %(text)s, until %(day)s."), "list-checks")
)
MEASURE_DONE = register_kind(
    NotificationKind("surveys.measure_done", _("Measures to be judged"), _("%(person)s has carried out a measure after “%(title)s”. Judge it."), "list-checks")
)
