"""Going back to where a person came from, and nowhere else (S33)."""

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def back_to(request: HttpRequest, target: str, *, otherwise: str) -> HttpResponseRedirect:
    """To `target` where it is a path of this site, as forms say in `next`; else to the address `otherwise`."""
    is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if is_ours else otherwise)
