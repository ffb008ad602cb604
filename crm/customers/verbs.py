"""What the customers' file puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "portfolio.created": _("made a portfolio of customers"),
        "portfolio.changed": _("changed a portfolio of customers"),
        "portfolio.handed_over": _("handed a portfolio of customers over"),
        "customer.created": _("took up a customer"),
        "customer.changed": _("changed the file of a customer"),
        "customer.moved": _("put a customer into another portfolio"),
        "customer.merged": _("merged two files of a customer"),
        "customer.parted": _("undid a merge of customers"),
        "customer.removed": _("took a customer out with the import that brought them"),
        "customers.taken_out": _("took out what an import of customers had brought"),
        "customers.tiers_decided": _("wrote down a decision on tiers of customers"),
        "customers.tier_described": _("wrote how a tier of customers is cared for"),
        "customer.told_apart": _("said of two customers that they are not the same"),
        "contact.added": _("added somebody at a customer"),
        "contact.changed": _("changed somebody at a customer"),
        "customers.stage_described": _("wrote what is done at customers of a stage of life"),
        "dossier.added": _("added to the dossier of a customer"),
        "dossier.replaced": _("replaced an entry in the dossier of a customer"),
        "dealing.noted": _("noted a dealing with a customer"),
        "dealing.kept": _("kept what was promised to a customer"),
    }
)
