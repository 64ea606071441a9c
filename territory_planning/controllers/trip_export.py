from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from ..models import _trip_files
from ._files import file_answer

REPORT = "territory_planning.report_territory_trip"


class TripExportController(http.Controller):
    """A trip as a file, under the rights of whoever asks."""

    @http.route(
        "/territory_planning/trip/<int:trip_id>.ics",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def calendar(self, trip_id):
        """Answer with the visits for any calendar."""
        trip = self._trip(trip_id)
        # sudo: the id of the database, which every mail of it carries
        parameters = request.env["ir.config_parameter"].sudo()
        content = _trip_files.calendar(trip, parameters.get_param("database.uuid"))
        return self._file(trip, "ics", content)

    @http.route(
        "/territory_planning/trip/<int:trip_id>.gpx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def route(self, trip_id):
        """Answer with the way for a navigation device."""
        trip = self._trip(trip_id)
        content = _trip_files.gpx(trip)
        if content is None:
            return self._sentence(
                request.env._(
                    "No stop of trip “%(trip)s” has a place, so there is no way to "
                    "write down. Fix the addresses under Places to Check.",
                    trip=trip.name,
                )
            )
        return self._file(trip, "gpx", content)

    @http.route(
        "/territory_planning/trip/<int:trip_id>.pdf",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=False,
    )
    def paper(self, trip_id):
        """Answer with the run sheet on paper; as a page where no PDF can be made."""
        trip = self._trip(trip_id)
        report = request.env["ir.actions.report"]
        if report.get_wkhtmltopdf_state() == "install":
            return request.redirect(f"/report/html/{REPORT}/{trip.id}")
        try:
            content, kind = report._render_qweb_pdf(REPORT, trip.ids)
        except UserError as error:
            return self._sentence(str(error))
        if kind != "pdf":
            return request.make_response(content, [("Content-Type", "text/html")])
        return self._file(trip, "pdf", content)

    def _trip(self, trip_id):
        trip = request.env["territory.trip"].browse(trip_id)
        try:
            trip.check_access("read")
            trip.fetch(["name"])
        except (AccessError, MissingError) as error:
            # whether it exists is nobody's business who may not see it
            raise request.not_found() from error
        return trip

    def _file(self, trip, kind, content):
        return file_answer(content, f"{trip.name} {trip.date}.{kind}", kind)

    def _sentence(self, text):
        return request.make_response(
            text, [("Content-Type", "text/plain; charset=utf-8")], status=400
        )
