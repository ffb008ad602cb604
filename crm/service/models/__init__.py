"""Requests with their clocks and log."""

from crm.service.models.requests import Channel, Request, RequestEvent, RequestKind, RequestPause, ResponseRule

__all__ = [
    "Channel", "Request", "RequestEvent", "RequestKind", "RequestPause", "ResponseRule",
]  # fmt: skip
