"""Countries, their regions and the holidays that the `holidays` package does not know."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Country(models.Model):
    """A host country, by its ISO 3166-1 code. `fiscal_year_starts` is the month in which its fiscal year begins."""

    key = models.CharField(max_length=2, unique=True)
    name_en = models.CharField(max_length=100)
    name_es = models.CharField(max_length=100)
    currency = models.CharField(max_length=3)
    fiscal_year_starts = models.PositiveSmallIntegerField(default=1)
    map_width = models.PositiveIntegerField(null=True)
    map_height = models.PositiveIntegerField(null=True)
    map_land = models.TextField(blank=True)
    map_borders = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fiscal_year_starts__gte=1, fiscal_year_starts__lte=12),
                name="country_fiscal_year_starts_in_a_month",
                violation_error_message=_("The fiscal year starts in a month from 1 to 12."),
            )
        ]

    def __str__(self):
        return self.key


class Region(models.Model):
    """A first-level region, by its ISO 3166-2 code. `ubigeo` is the code of the country's own statistics office.

    `outline` is an SVG path in the integer coordinates of the country's map; empty where no outline is known.
    """

    key = models.CharField(max_length=6, unique=True)
    country = models.ForeignKey(Country, models.PROTECT, related_name="regions")
    name_en = models.CharField(max_length=100)
    name_es = models.CharField(max_length=100)
    ubigeo = models.CharField(max_length=6, blank=True)
    geonames_id = models.PositiveIntegerField(null=True)
    outline = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self):
        return self.key


class Holiday(models.Model):
    """A day without work that the `holidays` package does not list, such as one declared for one year only."""

    country_code = models.CharField(max_length=2)
    day = models.DateField()
    name_en = models.CharField(max_length=100)
    name_es = models.CharField(max_length=100)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["country_code", "day"],
                name="holiday_once_per_day",
                violation_error_message=_("This day is a holiday of that country already."),
            )
        ]

    def __str__(self):
        return f"{self.country_code} {self.day}"
