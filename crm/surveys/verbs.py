"""What surveys put on record. An anonymous answer is not put on record at all: a moment and an address would tell whose it was."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "survey.begun": _("began a survey"),
        "survey.changed": _("changed a survey"),
        "survey.drawn": _("changed the questions of a survey"),
        "survey.revised": _("began a new version of a survey"),
        "survey.published": _("published a survey"),
        "survey.ended": _("ended a survey"),
        "survey.answered": _("answered a survey"),
        "survey.sheets_made": _("made sheets of a survey"),
        "survey.sheet_entered": _("entered a sheet of a survey"),
        "survey.result_published": _("published the result of a survey"),
        "survey.evaluated": _("evaluated a survey"),
        "measure.given": _("gave somebody a measure after a survey"),
        "measure.done": _("carried out a measure after a survey"),
        "measure.judged": _("judged a measure after a survey"),
    }
)
