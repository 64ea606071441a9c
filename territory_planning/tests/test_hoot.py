import os

from odoo.tests import HttpCase, no_retry, tagged

from odoo.addons.web.tests.test_js import unit_test_error_checker

#: HOOT_SUITE=@territory_planning/codec runs one file while one works on it.
SUITE = os.environ.get("HOOT_SUITE", "@territory_planning")


def job_id(name):
    """The id Hoot gives to a suite: a hash of its name."""
    value = 0
    for char in name:
        value = ((value << 5) - value + ord(char)) & 0xFFFFFFFF
    return f"{value:08x}"


class HootCase(HttpCase):
    preset = ""

    def _run_suite(self):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset={self.preset}&timeout=15000"
            f"&id={job_id(SUITE)}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )


@tagged("post_install", "-at_install")
class TestHootDesktop(HootCase):
    preset = "desktop"

    @no_retry
    def test_hoot(self):
        self._run_suite()


@tagged("post_install", "-at_install")
class TestHootMobile(HootCase):
    preset = "mobile"
    browser_size = "390x844"
    touch_enabled = True

    @no_retry
    def test_hoot(self):
        self._run_suite()
