"""What the organization puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "department.opened": _("opened a department"),
        "department.changed": _("changed a department"),
        "department.moved": _("moved a department"),
        "department.closed": _("closed a department"),
        "department.reopened": _("reopened a department"),
        "position.created": _("created a position"),
        "position.changed": _("changed a position"),
        "person.enrolled": _("enrolled a person"),
        "person.changed": _("changed a person's name or number"),
        "person.dismissed": _("dismissed a person"),
        "person.left": _("left the plant"),
        "passwords.issued": _("issued first passwords"),
        "person.rehired": _("took a person back"),
        "card.changed": _("changed a card"),
        "employment.started": _("started an employment"),
        "employment.ended": _("ended an employment"),
        "employment.moved": _("moved a person"),
        "employment.corrected": _("corrected an employment"),
        "employment.continued": _("continued an employment"),
        "employment.withdrawn": _("withdrew an employment"),
        "deputy.appointed": _("appointed a deputy"),
        "deputy.ended": _("ended a deputyship"),
        "deputy.withdrawn": _("withdrew a deputyship"),
        "duty.created": _("created a duty"),
        "duty.changed": _("changed a duty"),
        "duty.given": _("gave a duty"),
        "duty.ended": _("ended the holding of a duty"),
        "duty.withdrawn": _("withdrew a duty"),
        "absence.recorded": _("noted an absence"),
        "absence.withdrawn": _("withdrew an absence"),
        # What imports of the roster were called before portal.imports.
        "roster.uploaded": _("uploaded a roster"),
        "roster.exported": _("took the roster away"),
        "roster.names_mapped": _("said what names in a roster mean"),
        "roster.confirmed": _("confirmed a roster"),
        "roster.imported": _("imported a roster"),
        "roster.failed": _("failed to import a roster"),
    }
)
