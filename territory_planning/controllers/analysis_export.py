from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from ._files import file_answer


class AnalysisExportController(http.Controller):
    """The month's allocation as a file."""

    @http.route(
        "/territory_planning/analysis/<int:plan_id>.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def spreadsheet(self, plan_id):
        """Answer with the plan as a spreadsheet, under the user's own rights."""
        plan = request.env["territory.plan"].browse(plan_id)
        try:
            content = plan._analysis_workbook()
        except (AccessError, MissingError) as error:
            # whether it exists is nobody's business who may not see it
            raise request.not_found() from error
        return file_answer(content, plan._analysis_filename(), "xlsx")
