import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='cell',
            name='cell_only_while_editable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='financialreport',
            name='financialreport_only_while_editable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='section',
            name='section_only_while_editable',
        ),
        migrations.AddField(
            model_name='returnitem',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='transition',
            name='contents',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='transition',
            name='due_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='returnitem',
            name='created_at',
            field=models.DateTimeField(),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cell',
            trigger=pgtrigger.compiler.Trigger(name='cell_only_while_editable', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT FROM activities_reportversion\n                WHERE id IN (OLD.version_id, NEW.version_id) AND state NOT IN ('draft', 'returned')\n            ) THEN\n                RAISE EXCEPTION 'the contents of a report are frozen once it is submitted';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='f8e0267d3f7b71e54b635a8602eb26cf4e54dc6b', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_cell_only_while_editable_77d75', table='activities_cell', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='financialreport',
            trigger=pgtrigger.compiler.Trigger(name='financialreport_only_while_editable', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT FROM activities_reportversion\n                WHERE id IN (OLD.version_id, NEW.version_id) AND state NOT IN ('draft', 'returned')\n            ) THEN\n                RAISE EXCEPTION 'the contents of a report are frozen once it is submitted';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='2ce6bf45130cefca240a7fcac71c88232979d198', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_financialreport_only_while_editable_12456', table='activities_financialreport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportversion',
            trigger=pgtrigger.compiler.Trigger(name='report_version_starts_as_a_draft', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."state" = \'draft\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='84cb6901abb19a4d54cc3a2c245534aec388e50e', operation='INSERT', pgid='pgtrigger_report_version_starts_as_a_draft_aca8d', table='activities_reportversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='returnitem',
            trigger=pgtrigger.compiler.Trigger(name='returnitem_only_while_editable', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT FROM activities_reportversion\n                WHERE id IN (OLD.version_id, NEW.version_id) AND state NOT IN ('draft', 'returned')\n            ) THEN\n                RAISE EXCEPTION 'the contents of a report are frozen once it is submitted';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='68f78869b7ab126f0a65ab2df47e27aeca15c03e', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_returnitem_only_while_editable_0fd32', table='activities_returnitem', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='returnitem',
            trigger=pgtrigger.compiler.Trigger(name='returnitem_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='820b8ff1d1e19ac34c4e889c3bcf8c511baf3c87', operation='DELETE', pgid='pgtrigger_returnitem_no_delete_47a39', table='activities_returnitem', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='returnitem',
            trigger=pgtrigger.compiler.Trigger(name='returnitem_question_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."version_id" IS DISTINCT FROM (NEW."version_id") OR OLD."section_key" IS DISTINCT FROM (NEW."section_key") OR OLD."field" IS DISTINCT FROM (NEW."field") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."round" IS DISTINCT FROM (NEW."round") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='806114d641a22e51cb206a1e7f2dce3a6a22be48', operation='UPDATE', pgid='pgtrigger_returnitem_question_stays_dafef', table='activities_returnitem', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='section',
            trigger=pgtrigger.compiler.Trigger(name='section_only_while_editable', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT FROM activities_reportversion\n                WHERE id IN (OLD.version_id, NEW.version_id) AND state NOT IN ('draft', 'returned')\n            ) THEN\n                RAISE EXCEPTION 'the contents of a report are frozen once it is submitted';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='f8e2ddd513f78f75a1fbe0e4a9e4e80555572618', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_section_only_while_editable_7b0ea', table='activities_section', when='BEFORE')),
        ),
    ]
