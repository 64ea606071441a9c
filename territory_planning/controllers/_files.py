"""Answers that are files."""

from odoo.http import content_disposition, request

TYPES = {
    "ics": "text/calendar; charset=utf-8",
    "gpx": "application/gpx+xml",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_answer(content, name, kind):
    """A file to be saved, never kept on the way; ``kind`` is one of ``TYPES``."""
    return request.make_response(
        content,
        [
            ("Content-Type", TYPES[kind]),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
        ],
    )
