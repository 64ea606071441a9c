from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from ._files import file_answer


class MonthExportController(http.Controller):
    """The month's conversation as a file."""

    @http.route(
        "/territory_planning/month/<int:plan_id>.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def spreadsheet(self, plan_id):
        """Answer with the month as a spreadsheet, under the user's own rights."""
        plan = request.env["territory.plan"].browse(plan_id)
        try:
            content = plan._month_workbook()
        except (AccessError, MissingError) as error:
            # whether it exists is nobody's business who may not see it
            raise request.not_found() from error
        return file_answer(content, plan._month_filename(), "xlsx")
