"""What imports put on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "import.uploaded": _("uploaded a file to import"),
        "import.exported": _("took a file for importing away"),
        "import.names_mapped": _("said what names in a file mean"),
        "import.confirmed": _("confirmed an import"),
        "import.applied": _("carried out an import"),
        "import.overtaken": _("was overtaken with an import"),
        "import.failed": _("failed to import a file"),
    }
)
