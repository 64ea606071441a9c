"""What is left to do by hand when the module goes."""


def post_init_hook(env):
    """Gather the facts at once, so that the first look at the map is not empty."""
    env["territory.account"]._cron_refresh()
    env["territory.account"]._cron_geocode()


def uninstall_hook(env):
    """Take the map out of the actions that offer it.

    Odoo deletes our own actions itself; an action of somebody else's to which
    the map was added would otherwise fail on a view type nobody knows.
    """
    actions = env["ir.actions.act_window"].search(
        [("view_mode", "like", "territory_map")]
    )
    for action in actions:
        modes = [m for m in action.view_mode.split(",") if m != "territory_map"]
        action.view_mode = ",".join(modes) or "list,form"
    actions.filtered(
        lambda action: action.mobile_view_mode == "territory_map"
    ).mobile_view_mode = "kanban"
