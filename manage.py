#!/usr/bin/env python
"""The one command of the portal: `manage.py serve`, `manage.py demo`, `manage.py audit verify`, ..."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
