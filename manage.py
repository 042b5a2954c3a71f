#!/usr/bin/env python
"""Runs a management command. `./run manage …` runs the same in the environment that `./run` has set up."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpc.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
