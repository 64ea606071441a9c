"""The monthly cycle is looked after every day, not only on the first of a month."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    cron = env.ref("territory_planning.cron_month", raise_if_not_found=False)
    if cron and cron.interval_type == "months":
        cron.write({"interval_type": "days", "interval_number": 1})
