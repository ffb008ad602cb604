"""The editor's addresses: Wagtail's, each guarded."""

from wagtail.admin import urls as editor
from wagtail.utils.urlpatterns import decorate_urlpatterns

from portal.pages.editor import as_editor

urlpatterns = decorate_urlpatterns(list(editor.urlpatterns), as_editor)
