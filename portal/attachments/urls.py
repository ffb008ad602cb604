from django.urls import path

from portal.attachments.views import files, uploads

app_name = "attachments"

urlpatterns = [
    path("uploads/", uploads.UploadCreate.as_view(), name="upload_create"),
    path("uploads/<uuid:pk>/", uploads.UploadDetail.as_view(), name="upload_detail"),
    path("<uuid:pk>/", files.file, name="file"),
    path("<uuid:pk>/thumbnail/", files.thumbnail, name="thumbnail"),
    path("<uuid:pk>/picture/", files.picture, name="picture"),
    path("<uuid:pk>/pages/<int:number>/", files.page_picture, name="page"),
    path("<uuid:pk>/text/", files.text, name="text"),
    path("<uuid:pk>/preview/", files.preview, name="preview"),
    path("<uuid:pk>/copies/", uploads.FileCopy.as_view(), name="copy_create"),
    path("<uuid:pk>/removal/", uploads.LooseFileRemoval.as_view(), name="loose_removal"),
]
