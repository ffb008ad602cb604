"""What the forum puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_open_verbs, register_verbs

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
        "forum_board.words_set": _("set the words that moderators look at first"),
        "held_post.held": _("kept a post back for the moderators"),
        "held_post.released": _("let a held post through"),
        "held_post.refused": _("did not let a held post through"),
        "post.released": _("released an anonymous post"),
        "forum_mute.set": _("muted somebody in the forum"),
        "forum_mute.lifted": _("lifted a mute of the forum"),
        "seal_key.made": _("made the key of a side, for sealed authors"),
        "seal_key.shared": _("took a share of a side's key, for sealed authors"),
        "unsealing.asked": _("asked for the author of an anonymous post"),
        "unsealing.agreed": _("agreed to open a sealed author"),
        "unsealing.refused": _("refused to open a sealed author"),
        "unsealing.passed": _("opened half of a seal"),
        "unsealing.opened": _("opened the seal of an anonymous post"),
        "unsealing.seen": _("saw the author of an anonymous post"),
    }
)
register_open_verbs("seal_key.made", "seal_key.shared", "unsealing.asked", "unsealing.passed", "unsealing.opened", "unsealing.seen")
