"""The way to the cluster: whom to ask, how long to wait, and what its complaints mean."""

import contextlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from elastic_transport import ObjectApiResponse
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch, TransportError

from portal.search.engines.base import NO_INDEX, EngineAwayError, IndexMissingError

logger = logging.getLogger(__name__)

# Seconds for a question. Where there are several addresses a second one is asked.
PATIENCE, PATIENCE_WITH_EACH = 2.0, 1.5
PATIENCE_WHEN_WRITING = 60.0
MISSING = "index_not_found_exception"
T = TypeVar("T", bound=ObjectApiResponse[Any])


@dataclass(frozen=True, slots=True)
class Addresses:
    """https://user:password@host:9200, one or several of the same cluster; `certificate` is the file of the authority that signs for them."""

    urls: Sequence[str]
    certificate: str = ""


def connect(addresses: Addresses) -> Elasticsearch:
    """A client for asking; nothing is sent yet."""
    has_several = len(addresses.urls) > 1
    return Elasticsearch(
        list(addresses.urls),
        request_timeout=PATIENCE_WITH_EACH if has_several else PATIENCE,
        max_retries=1 if has_several else 0,
        retry_on_timeout=has_several,
        ca_certs=addresses.certificate or DEFAULT,
    )


def for_writing(client: Elasticsearch, addresses: Addresses) -> Elasticsearch:
    """The same, patient: another address is tried where one is away, but what was refused for now is said again by `writing.send` alone, slower each time."""
    return client.options(request_timeout=PATIENCE_WHEN_WRITING, max_retries=len(addresses.urls) - 1, retry_on_timeout=False, retry_on_status=())


@contextlib.contextmanager
def failures() -> Iterator[None]:
    """What cluster and network complain of, as the two errors of engines. No message has the password: addresses are given without it."""
    try:
        yield
    except ApiError as error:
        if _says_missing(error):
            raise IndexMissingError(NO_INDEX) from error
        if error.status_code in (400, 401, 403):
            logger.error("the cluster refuses: %s", error)
        raise EngineAwayError(f"the cluster answers {error.status_code}: {error.message}") from error
    except TransportError as error:
        raise EngineAwayError(f"the cluster does not answer: {error}") from error


def checking(answer: T, *ignored: int) -> Sequence[str]:
    """The names in an answer; none where the answer is that there are none."""
    return [] if answer.meta.status in ignored else list(answer.body)


def _says_missing(error: ApiError) -> bool:
    """Elasticsearch itself knows of no such index, or of no cursor in it; not some other server that knows no such page."""
    body = error.body if error.status_code == 404 and isinstance(error.body, dict) else {}
    return body.get("found") is False or (isinstance(body.get("error"), dict) and body["error"].get("type") == MISSING)
