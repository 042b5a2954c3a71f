from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0002_report_rounds"),
    ]

    operations = [
        migrations.AddField(
            model_name="jobrun",
            name="notes",
            field=models.TextField(blank=True),
        ),
    ]
