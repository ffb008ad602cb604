"""A person's bell is theirs alone."""

from portal.live.topics import register_topic

register_topic("bell", lambda user, key: key == str(user.pk))
