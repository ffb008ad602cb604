"""Addresses of the forum."""

from django.urls import path

from forum.lists import CaseList, CeremonyList, HeldList, MuteList
from forum.views import boards, holding, moderation, reading, unsealing, writing
from portal.access.view_as import personal
from portal.lists.pages import ListPage

app_name = "forum"
urlpatterns = [
    path("", reading.front, name="front"),
    path("reading/", reading.all_read, name="all_read"),
    path("bookmarks/", reading.bookmarks, name="bookmarks"),
    path("boards/", boards.board_list, name="board_list"),
    path("boards/new/", boards.BoardCreate.as_view(), name="board_create"),
    path("boards/<int:pk>/", reading.board, name="board"),
    path("boards/<int:pk>/change/", boards.BoardUpdate.as_view(), name="board_update"),
    path("boards/<int:pk>/archiving/", boards.BoardArchiving.as_view(), name="board_archiving"),
    path("boards/<int:pk>/words/", holding.BoardWords.as_view(), name="board_words"),
    path("boards/<int:pk>/threads/new/", writing.ThreadCreate.as_view(), name="thread_create"),
    path("boards/<int:pk>/people/", writing.people, name="people"),
    path("boards/<int:pk>/draft/", writing.thread_draft, name="thread_draft"),
    path("threads/<int:pk>/", reading.thread, name="thread"),
    path("threads/<int:pk>/print/", reading.thread_print, name="thread_print"),
    path("threads/<int:pk>/arrivals/", reading.arrivals, name="arrivals"),
    path("threads/<int:pk>/reading/", reading.reading, name="reading"),
    path("threads/<int:pk>/following/", reading.following, name="following"),
    path("threads/<int:pk>/draft/", writing.reply_draft, name="reply_draft"),
    path("threads/<int:pk>/reply/", writing.reply, name="reply"),
    path("threads/<int:pk>/closing/", moderation.ThreadClosing.as_view(), name="thread_closing"),
    path("threads/<int:pk>/pinning/", moderation.ThreadPinning.as_view(), name="thread_pinning"),
    path("threads/<int:pk>/move/", moderation.ThreadMove.as_view(), name="thread_move"),
    path("threads/<int:pk>/hiding/", moderation.ThreadHiding.as_view(), name="thread_hiding"),
    path("posts/<int:pk>/", reading.post, name="post"),
    path("posts/<int:pk>/history/", reading.history, name="history"),
    path("posts/<int:pk>/change/", writing.PostUpdate.as_view(), name="post_update"),
    path("posts/<int:pk>/withdrawal/", writing.PostWithdrawal.as_view(), name="post_withdrawal"),
    path("posts/<int:pk>/support/", writing.PostSupport.as_view(), name="post_support"),
    path("posts/<int:pk>/bookmark/", writing.PostBookmark.as_view(), name="post_bookmark"),
    path("posts/<int:pk>/report/", moderation.PostReport.as_view(), name="post_report"),
    path("posts/<int:pk>/hiding/", moderation.PostHiding.as_view(), name="post_hiding"),
    path("posts/<int:pk>/restoring/", moderation.PostRestoring.as_view(), name="post_restoring"),
    path("posts/<int:pk>/muting/", moderation.PostMuting.as_view(), name="post_muting"),
    path("posts/<int:pk>/unsealing/", unsealing.UnsealingCreate.as_view(), name="post_unsealing"),
    path("anonymity/", unsealing.anonymity, name="anonymity"),
    path("unsealings/", ListPage.of(CeremonyList), name="ceremony_list"),
    path("unsealings/key/", personal(unsealing.SealKey.as_view()), name="seal_key"),
    path("unsealings/<int:pk>/", personal(unsealing.CeremonyPage.as_view()), name="ceremony"),
    path("held/", ListPage.of(HeldList), name="held_list"),
    path("held/<int:pk>/", holding.HeldPostPage.as_view(), name="held_post"),
    path("mutes/", ListPage.of(MuteList), name="mute_list"),
    path("cases/", ListPage.of(CaseList), name="case_list"),
    path("cases/<int:pk>/", moderation.CaseDecision.as_view(), name="case"),
]
