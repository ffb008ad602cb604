"""What people are told of marketing."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

CAMPAIGN_TASK = register_kind(NotificationKind("marketing.task", _("Tasks of campaigns"), _("%(name)s: %(text)s until %(day)s."), "radio-tower"))
CAMPAIGN_JUDGED = register_kind(NotificationKind("marketing.judged", _("Campaigns judged"), _("The campaign “%(name)s” was judged."), "radio-tower"))
OPINION_ANSWERED = register_kind(
    NotificationKind("marketing.opinion_answered", _("What became of opinions"), _("%(name)s: %(text)s is done. %(outcome)s"), "message-circle-heart")
)
POINT_GIVEN = register_kind(NotificationKind("marketing.point_given", _("Tasks of meetings"), _("%(name)s: %(text)s until %(day)s."), "handshake"))
POINT_JUDGED = register_kind(NotificationKind("marketing.point_judged", _("Points of meetings judged"), _("%(name)s: %(text)s is %(state)s."), "handshake"))
NEWS_SENT = register_kind(
    NotificationKind("marketing.news_sent", _("News of the market to be judged"), _("%(who)s, %(kind)s: %(number)s was sent in."), "chart-candlestick")
)
NEWS_JUDGED = register_kind(NotificationKind("marketing.news_judged", _("My news of the market"), _("Your news %(number)s: %(state)s."), "chart-candlestick"))
