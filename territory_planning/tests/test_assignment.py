from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_selection import SelectionCase


class AssignmentCase(SelectionCase):
    def _assign(self, user, accounts, kind, **values):
        wizard = self._wizard(
            "territory.selection.assign", user, accounts, kind=kind, **values
        )
        infos = wizard.action_assign()["infos"]
        assignment = self.env["territory.assignment"].browse(infos["assignment"])
        return assignment.with_user(user), infos

    def _users(self):
        return [partner.user_id for partner in self.partners]


@tagged("post_install", "-at_install")
class TestAssignRep(AssignmentCase):
    """Customers given to a salesperson, and everything put back."""

    def test_undo_is_exact(self):
        before = self._users()
        self.partners[0].active = False
        assignment, infos = self._assign(
            self.leader, self.accounts, "rep", user_id=self.other_rep.id
        )
        self.assertEqual(set(self._users()), {self.other_rep})
        self.assertEqual(set(self.accounts.user_id), {self.other_rep})
        self.assertEqual(infos["changed"], 3, "one was theirs already")
        assignment.action_undo()
        self.assertEqual(self._users(), before)
        self.assertEqual((assignment.restored_count, assignment.kept_count), (3, 0))
        self.assertEqual(assignment.undone_by_id, self.leader)

    def test_what_was_changed_since_is_left_alone_and_listed(self):
        assignment, _infos = self._assign(
            self.leader, self.accounts, "rep", user_id=self.other_rep.id
        )
        self.partners[1].user_id = self.manager
        answer = assignment.undo_from_map()
        self.assertEqual(
            self._users(),
            [self.rep, self.manager, self.other_rep, self.env["res.users"]],
        )
        self.assertEqual(assignment.kept_partner_ids, self.partners[1])
        self.assertEqual(answer["kept"], 1)
        self.assertIn("Beta", answer["message"])

    def test_undo_after_a_customer_is_gone(self):
        assignment, _infos = self._assign(
            self.leader, self.alpha | self.delta, "rep", user_id=self.other_rep.id
        )
        lost = self._customer("Lost", user_id=self.other_rep.id)
        assignment.sudo().before = [*assignment.before, [lost.id, self.rep.id]]
        lost.unlink()
        assignment.action_undo()
        self.assertEqual((assignment.restored_count, assignment.kept_count), (2, 1))

    def test_only_once(self):
        assignment, _infos = self._assign(
            self.leader, self.alpha, "rep", user_id=self.other_rep.id
        )
        assignment.action_undo()
        with self.assertRaisesRegex(UserError, "undone already"):
            assignment.action_undo()

    def test_nobody(self):
        assignment, _infos = self._assign(self.leader, self.alpha, "rep", clear=True)
        self.assertFalse(self.partners[0].user_id)
        assignment.action_undo()
        self.assertEqual(self.partners[0].user_id, self.rep)

    def test_nothing_chosen(self):
        with self.assertRaisesRegex(UserError, "Salesperson.*empty"):
            self._assign(self.leader, self.alpha, "rep")
        with self.assertRaisesRegex(UserError, "No account is selected"):
            self._assign(self.leader, self.alpha.browse(), "rep", clear=True)

    def test_reps_do_not_assign(self):
        with self.assertRaises(AccessError):
            self._assign(self.rep, self.alpha, "rep", user_id=self.other_rep.id)
        self.assertEqual(self.partners[0].user_id, self.rep)

    def test_foreign_accounts_change_nothing(self):
        for user in (self.stranger, self.rep):
            with self.subTest(user.login), self.assertRaises(AccessError) as caught:
                self._assign(user, self.alpha | self.gamma, "rep", clear=True)
            self.assertNotIn("Gamma", str(caught.exception))
        self.assertEqual(self.partners[0].user_id, self.rep)

    def test_only_people_of_the_company(self):
        portal = self._user("portal", "base.group_portal")
        gone = self._user("gone", "sales_team.group_sale_salesman")
        gone.active = False
        for user in (portal, gone):
            with (
                self.subTest(user.login),
                self.assertRaisesRegex(UserError, "internal user"),
            ):
                self._assign(self.leader, self.alpha, "rep", user_id=user.id)

    def test_accounts_of_two_companies(self):
        other = (
            self.env["territory.account"]
            .sudo()
            .create({"company_id": self.sister.id, "partner_id": self.partners[0].id})
        )
        self.leader.company_ids |= self.sister
        with self.assertRaisesRegex(UserError, "several companies"):
            self._assign(self.leader, self.alpha | other, "rep", clear=True)

    def test_nobody_is_mailed_for_each(self):
        before = self.env["mail.message"].search_count(
            [("message_type", "=", "user_notification")]
        )
        self._assign(self.leader, self.accounts, "rep", user_id=self.other_rep.id)
        after = self.env["mail.message"].search_count(
            [("message_type", "=", "user_notification")]
        )
        self.assertEqual(before, after)

    def test_queries_do_not_grow(self):
        def count(accounts, rep):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._assign(self.leader, accounts, "rep", user_id=rep.id)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        more = self.env["res.partner"]
        for number in range(40):
            more |= self._customer(f"More {number}", user_id=False)
        many = (
            self.env["territory.account"]
            .sudo()
            .create(
                [
                    {"company_id": self.company.id, "partner_id": partner.id}
                    for partner in more
                ]
            )
        )
        count(self.accounts, self.other_rep)
        few = count(self.accounts, self.manager)
        self.assertLessEqual(count(many, self.manager), few + 10)


@tagged("post_install", "-at_install")
class TestAssignRegion(AssignmentCase):
    """A region chosen by hand wins over the rules until it is cleared."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.special = cls.env["territory.region"].create(
            {"name": "Special", "company_id": cls.company.id}
        )

    def _place(self):
        self.env["territory.region"]._assign(self.company)

    def test_wins_over_the_rules(self):
        self._assign(
            self.leader, self.alpha | self.gamma, "region", region_id=self.special.id
        )
        self.assertEqual(self.alpha.region_id, self.special, "at once")
        self._place()
        self.assertEqual((self.alpha | self.gamma).region_id, self.special)
        self.assertEqual(self.beta.region_id, self.region)
        self._refresh()
        self.assertEqual(self.alpha.region_manual_id, self.special)

    def test_cleared_is_automatic_again(self):
        self._assign(self.leader, self.alpha, "region", region_id=self.special.id)
        self._assign(self.leader, self.alpha, "region", clear=True)
        self._place()
        self.assertEqual(self.alpha.region_id, self.region)

    def test_a_region_that_ended_gives_way(self):
        self._assign(self.leader, self.alpha, "region", region_id=self.special.id)
        self.special.date_end = "2001-01-01"
        self._place()
        self.assertEqual(self.alpha.region_id, self.region)
        self.special.date_end = False
        self._place()
        self.assertEqual(self.alpha.region_id, self.special)

    def test_undo_is_exact(self):
        self.beta.with_user(self.leader).region_manual_id = self.special
        third = self.env["territory.region"].create(
            {"name": "Third", "company_id": self.company.id}
        )
        accounts = self.alpha | self.beta | self.gamma
        before = [(a.region_manual_id, a.region_id) for a in accounts]
        assignment, _infos = self._assign(
            self.leader, accounts, "region", region_id=third.id
        )
        self.assertEqual(accounts.region_id, third)
        assignment.action_undo()
        self.assertEqual([(a.region_manual_id, a.region_id) for a in accounts], before)
        self._place()
        self.assertEqual([(a.region_manual_id, a.region_id) for a in accounts], before)

    def test_changed_since(self):
        assignment, _infos = self._assign(
            self.leader, self.alpha | self.beta, "region", region_id=self.special.id
        )
        self.alpha.with_user(self.leader).region_manual_id = self.region
        assignment.action_undo()
        self.assertEqual(self.alpha.region_manual_id, self.region)
        self.assertFalse(self.beta.region_manual_id)
        self.assertEqual(assignment.kept_partner_ids, self.partners[0])

    def test_another_companys_region(self):
        foreign = self.env["territory.region"].create(
            {"name": "Abroad", "company_id": self.sister.id}
        )
        self.leader.company_ids |= self.sister
        with self.assertRaisesRegex(UserError, "belongs to Sister"):
            self._assign(self.leader, self.alpha, "region", region_id=foreign.id)

    def test_reps_do_not_assign(self):
        with self.assertRaises(AccessError):
            self._assign(self.rep, self.alpha, "region", region_id=self.special.id)
        with self.assertRaises(AccessError):
            self.alpha.with_user(self.rep).region_manual_id = self.special
        self.assertFalse(self.alpha.region_manual_id)


@tagged("post_install", "-at_install")
class TestTags(AssignmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.red, cls.blue = cls.env["res.partner.category"].create(
            [{"name": "Red"}, {"name": "Blue"}]
        )
        cls.partners[0].category_id = cls.red

    def test_undo_takes_only_what_was_given(self):
        tags = self.red | self.blue
        own = self.alpha | self.beta
        assignment, _infos = self._assign(self.rep, own, "tag", tag_ids=tags.ids)
        self.assertEqual(self.partners[0].category_id, tags)
        self.assertEqual(self.partners[1].category_id, tags)
        assignment.action_undo()
        self.assertEqual(self.partners[0].category_id, self.red, "had it before")
        self.assertFalse(self.partners[1].category_id)

    def test_taken_away_since(self):
        assignment, _infos = self._assign(
            self.leader, self.accounts, "tag", tag_ids=self.blue.ids
        )
        self.partners[2].category_id = self.red
        assignment.action_undo()
        self.assertEqual(self.partners[2].category_id, self.red)
        self.assertEqual(assignment.kept_partner_ids, self.partners[2])
        self.assertEqual(assignment.restored_count, 3)

    def test_others_do_not_see_or_undo_it(self):
        assignment, _infos = self._assign(
            self.rep, self.alpha, "tag", tag_ids=self.blue.ids
        )
        for user in (self.other_rep, self.stranger):
            with self.subTest(user.login):
                self.assertFalse(self._as(user, "territory.assignment").search([]))
                with self.assertRaises(AccessError):
                    self._as(user, "territory.assignment").browse(
                        assignment.id
                    ).undo_from_map()
        self._as(self.leader, "territory.assignment").browse(
            assignment.id
        ).undo_from_map()
        self.assertEqual(self.partners[0].category_id, self.red)

    def test_assignments_cannot_be_forged(self):
        with self.assertRaises(AccessError):
            self._as(self.manager, "territory.assignment").create(
                {
                    "kind": "rep",
                    "company_id": self.company.id,
                    "user_id": self.manager.id,
                    "date": "2026-01-01",
                    "before": [[1, 1]],
                }
            )
        assignment, _infos = self._assign(
            self.rep, self.alpha, "tag", tag_ids=self.blue.ids
        )
        with self.assertRaises(AccessError):
            assignment.before = []
