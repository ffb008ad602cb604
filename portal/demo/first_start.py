"""An empty database gets a demo plant at the first start, and its sign-ins are shown at each."""

from portal.accounts.models import User
from portal.demo.cast import store_sign_ins, stored_sign_ins
from portal.demo.plant import build_plant
from portal.runtime.first_start import FirstStart, SignInHint, register_first_start


def _fill() -> None:
    store_sign_ins(build_plant())


def _hints() -> list[SignInHint]:
    return [SignInHint(sign_in.employee_number, sign_in.password, sign_in.name, f"{sign_in.role} · {sign_in.role_en}") for sign_in in stored_sign_ins()]


register_first_start(FirstStart(is_empty=lambda: not User.objects.exists(), fill=_fill, sign_ins=_hints))
