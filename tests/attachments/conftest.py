"""What the tests of files share."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from portal.accounts.models import User
from portal.attachments.models import Attachment
from portal.attachments.services import receive_file


@pytest.fixture
def receive() -> Callable[[User, str, bytes], Attachment]:
    """Take a file in as somebody's loose one."""
    return lambda actor, name, content: receive_file(actor=actor, name=name, content=io.BytesIO(content))


@pytest.fixture
def limits(settings: Any) -> Callable[..., None]:
    """Change what the plant allows."""

    def change(**values: Any) -> None:
        settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update=values)

    return change
