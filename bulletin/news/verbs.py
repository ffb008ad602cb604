"""What the news desk puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "news.drafted": _("began a news item"),
        "news.deleted": _("deleted a draft of news"),
        "news.scheduled": _("scheduled a news item"),
        "news.unscheduled": _("took a news item off the schedule"),
        "news.published": _("published a news item"),
        "news.corrected": _("corrected a news item"),
        "news.retracted": _("retracted a news item"),
        "news.expired": _("let a news item expire"),
        "news.led": _("made a news item the lead story"),
        "news.unled": _("made a lead story a news item among others"),
        "news_feed.added": _("added a news feed"),
        "news_feed.changed": _("changed a news feed"),
        "news_entry.taken": _("took an entry of a news feed"),
        "news_entry.dropped": _("dropped an entry of a news feed"),
    }
)
