"""What happens after commit."""

from collections.abc import Sequence

from portal.imports.running import run_import
from portal.imports.services import RUN
from portal.outbox.registry import Payload, handler


@handler(RUN)
def carry_out_imports(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        run_import(payload["import_id"])
