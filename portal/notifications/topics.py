"""A person's bell is theirs alone."""

from portal.live.topics import register_topic
from portal.notifications.models import Notification

register_topic("bell", lambda user, key: key == str(user.pk), lambda user, key: Notification.objects.newest_for(user), is_of_person=True)
