"""What the forum puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "forum_board.created": _("made a board of the forum"),
        "forum_board.changed": _("changed a board of the forum"),
        "forum_board.archived": _("archived a board of the forum"),
        "forum_board.unarchived": _("opened an archived board of the forum again"),
        "thread.begun": _("began a thread"),
        "thread.closed": _("closed a thread"),
        "thread.reopened": _("opened a thread again"),
        "thread.pinned": _("pinned a thread"),
        "thread.unpinned": _("unpinned a thread"),
        "thread.moved": _("moved a thread to another board"),
        "thread.hidden": _("hid a thread"),
        "thread.shown": _("showed a hidden thread again"),
        "post.written": _("wrote a post"),
        "post.edited": _("edited a post"),
        "post.withdrawn": _("took a post back"),
        "post.hidden": _("hid a post"),
        "post.restored": _("showed a hidden post again"),
        "post.reported": _("reported a post"),
        "case.closed": _("decided on reports of a post"),
    }
)
