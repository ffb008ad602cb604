from django.urls import path

from portal.discussion import views

app_name = "discussion"

urlpatterns = [
    path("<int:type_id>-<int:object_id>/", views.thread, name="thread"),
    path("<int:type_id>-<int:object_id>/new/", views.arrivals, name="arrivals"),
    path("<int:type_id>-<int:object_id>/comments/", views.comment_create, name="comment_create"),
    path("<int:type_id>-<int:object_id>/following/", views.following, name="following"),
    path("comments/<int:pk>/", views.comment_detail, name="comment_detail"),
    path("comments/<int:pk>/replies/", views.reply_list, name="reply_list"),
    path("comments/<int:pk>/reply/", views.ReplyCreate.as_view(), name="reply_create"),
    path("comments/<int:pk>/change/", views.CommentUpdate.as_view(), name="comment_update"),
    path("comments/<int:pk>/removal/", views.CommentRemoval.as_view(), name="comment_removal"),
    path("comments/<int:pk>/support/", views.comment_support, name="comment_support"),
]
