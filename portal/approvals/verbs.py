"""What papers put on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "paper.begun": _("began a paper"),
        "paper.deleted": _("deleted the draft of a paper"),
        "paper.submitted": _("submitted a paper"),
        "paper.resubmitted": _("submitted a paper again"),
        "paper.approved": _("approved a paper"),
        "paper.refused": _("refused a paper"),
        "paper.returned": _("returned a paper"),
        "paper.finished": _("a paper was finished"),
        "paper.withdrawn": _("withdrew a paper"),
        "paper.taken_back": _("took back an approval of a paper"),
        "paper.void_asked": _("asked to void a paper"),
        "paper.void_declined": _("declined to void a paper"),
        "paper.voided": _("voided a paper"),
        "paper.transferred": _("transferred a paper"),
        "paper.asked": _("asked for an opinion on a paper"),
        "paper.answered": _("gave an opinion on a paper"),
        "paper.signer_added": _("added a signer to a paper"),
        "paper.copied": _("sent copies of a paper"),
        "paper.urged": _("urged those who have a paper"),
        "paper.moved_up": _("a paper was moved to those who can decide"),
        "kind.begun": _("began a kind of paper"),
        "kind.changed": _("changed a kind of paper"),
        "kind.drawn": _("drew at a kind of paper"),
        "kind.discarded": _("discarded the drawing of a kind of paper"),
        "kind.published": _("published a kind of paper"),
    }
)
