"""Who may do what with a record of each model: the table the tests hold the rules to.

A row names a model; its columns are people, each looking at one record that is the
rep's own in the company Nordwerk:

``owner``
    the rep it belongs to (*Sales / User: Own Documents*)
``colleague``
    another rep of the company, the same group
``leader``
    *Sales / User: All Documents*
``manager``
    *Sales / Administrator*
``system``
    an administrator of the database who is in no group of Sales
``stranger``
    *Sales / Administrator* of another company, with no access to this one
``clerk``
    an internal user in no group of Sales

A cell lists what is allowed: ``r`` read, ``w`` write, ``c`` create, ``u`` unlink; a dot
stands for nothing at all.
"""

ROLES = ("owner", "colleague", "leader", "manager", "system", "stranger", "clerk")

TABLE = """
territory.account            r     .     rw    rw    .     .     .
territory.assignment         r     .     r     r     .     .     .
territory.backtest           .     .     r     ru    .     .     .
territory.backtest.figure    .     .     r     r     .     .     .
territory.backtest.point     .     .     r     r     .     .     .
territory.geocode.cache      .     .     .     .     ru    .     .
territory.geocode.throttle   .     .     .     .     r     .     .
territory.geocode.try        .     .     .     .     rwcu  .     .
territory.plan               r     r     r     rwcu  .     .     .
territory.plan.accuracy      r     .     r     r     .     .     .
territory.plan.change        r     .     r     r     .     .     .
territory.plan.effect        .     .     r     r     .     .     .
territory.plan.entry         r     .     rw    rw    .     .     .
territory.plan.line          r     .     rw    rw    .     .     .
territory.plan.region        r     .     r     rw    .     .     .
territory.plan.reopen        .     .     .     rwc   .     rwc   .
territory.plan.rep           r     .     r     r     .     .     .
territory.plan.sizing        .     .     r     r     .     .     .
territory.postcode           r     r     r     r     ru    r     .
territory.postcode.import    .     .     .     .     rwcu  .     .
territory.price.issue        r     .     rw    rw    .     .     .
territory.region             r     r     rwcu  rwcu  .     .     .
territory.region.revision    .     .     r     r     .     .     .
territory.run                .     .     r     rwu   .     .     .
territory.scenario           .     .     r     rwcu  .     .     .
territory.scenario.move      .     .     r     r     .     .     .
territory.scenario.rep       .     .     r     rwcu  .     .     .
territory.selection.activity rwc   rwc   rwc   rwc   .     rwc   .
territory.selection.assign   rwc   rwc   rwc   rwc   .     rwc   .
territory.selection.trip     rwc   rwc   rwc   rwc   .     rwc   .
territory.travel.cache       .     .     .     .     ru    .     .
territory.travel.try         .     .     .     .     rwcu  .     .
territory.trip               rwcu  .     rwcu  rwcu  .     .     .
territory.trip.day           rwcu  .     rwcu  rwcu  .     .     .
territory.trip.entry         r     .     r     r     .     .     .
territory.trip.stop          rwcu  .     rwcu  rwcu  .     .     .
territory.trip.week          r     .     r     r     .     .     .
territory.visit.answer       rwc   .     r     ru    .     .     .
territory.visit.effect       r     r     r     r     .     .     .
territory.white.cell         r     .     r     r     .     .     .
territory.white.space        r     r     r     r     .     .     .
"""


def access_table():
    """The table as ``{model: {role: set of operations}}``."""
    rows = {}
    for line in TABLE.strip().splitlines():
        model, *cells = line.split()
        if len(cells) != len(ROLES):
            raise ValueError(f"{model}: one cell for each of {', '.join(ROLES)}")
        rows[model] = {
            role: set(cell) - {"."} for role, cell in zip(ROLES, cells, strict=True)
        }
    return rows
