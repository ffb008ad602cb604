"""People who sign in."""

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.querysets import UserManager
from portal.foundation.names import clean_name, name_initials, name_sort_key, name_starts

EMPLOYEE_NUMBER = RegexValidator(r"^[a-z0-9][a-z0-9._-]{0,31}$", _("An employee number has letters, digits, dots and dashes only."))


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account, signed in by the employee number that was assigned. Never deleted: what they wrote remains theirs."""

    class Kind(models.TextChoices):
        EMPLOYEE = "employee", _("employee")
        CUSTOMER = "customer", _("customer")

    employee_number = models.CharField(_("employee number"), max_length=32, unique=True, validators=[EMPLOYEE_NUMBER])
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    name_pinyin = models.CharField(max_length=200, editable=False, db_index=True)
    name_initials = models.CharField(max_length=40, editable=False)
    name_starts = models.CharField(max_length=1000, editable=False, default="")
    email = models.EmailField(_("email"), blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.EMPLOYEE)
    is_active = models.BooleanField(_("may sign in"), default=True)
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "employee_number"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name_pinyin", "name", "id"]
        constraints = [
            models.CheckConstraint(name="employee_number_in_lower_case", condition=models.Q(employee_number=Lower("employee_number"))),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.spell_name()
        super().save(*args, **kwargs)

    def spell_name(self) -> None:
        """Derive the spellings from the name; bulk writers call this themselves."""
        self.name = clean_name(self.name)
        self.name_pinyin = name_sort_key(self.name)
        self.name_initials = name_initials(self.name)
        self.employee_number = self.employee_number.lower()
        self.name_starts = name_starts(self.name, self.name_en, self.employee_number)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """What Django's and Wagtail's own screens ask; here it is being an administrator."""
        return self.is_superuser

    @property
    def is_employee(self) -> bool:
        return self.kind == self.Kind.EMPLOYEE


class Preferences(models.Model):
    """How one person wants the portal: it follows them to every machine."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("as the system")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", _("comfortable")
        COMPACT = "compact", _("compact")

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="stored_preferences")
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(_("density"), max_length=12, choices=Density, default=Density.COMFORTABLE)
    start_page = models.CharField(_("start page"), max_length=60, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id}"
