{
    "name": "Territory Planning",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Who to visit, how often and where: your accounts on a map, "
    "and the visits that pay, from your own orders and meetings",
    "author": "The territory_planning maintainers, Odoo Community Association (OCA)",
    "license": "LGPL-3",
    "depends": [
        "sale_crm",
        "sale_margin",
        "base_geolocalize",
        "calendar",
    ],
    "external_dependencies": {
        "python": ["numpy", "scipy", "shapely"],
    },
    "data": [
        "security/ir.model.access.csv",
        "security/territory_security.xml",
        "data/ir_cron_data.xml",
        "views/territory_account_views.xml",
        "views/territory_visit_answer_views.xml",
        "views/territory_region_views.xml",
        "views/territory_plan_views.xml",
        "views/territory_plan_sizing_views.xml",
        "views/territory_run_views.xml",
        "views/territory_map_views.xml",
        "views/crm_team_views.xml",
        "views/crm_team_member_views.xml",
        "views/res_partner_views.xml",
        "views/res_config_settings_views.xml",
        "views/territory_menus.xml",
        "views/territory_map_menus.xml",
    ],
    "demo": [
        "demo/demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "territory_planning/static/src/account_response/**/*",
            "territory_planning/static/src/run_service/**/*",
        ],
        "web.assets_backend_lazy": [
            "territory_planning/static/src/territory_map/**/*",
        ],
        "territory_planning.map_lib": [
            "territory_planning/static/lib/leaflet/leaflet.css",
            "territory_planning/static/lib/leaflet/leaflet.js",
            "territory_planning/static/lib/supercluster/supercluster.min.js",
            "territory_planning/static/src/lib_glue/map_lib.js",
        ],
        "territory_planning.draw_lib": [
            "territory_planning/static/lib/terra-draw/terra-draw.umd.js",
            "territory_planning/static/lib/terra-draw/terra-draw-leaflet-adapter.umd.js",
            "territory_planning/static/src/lib_glue/draw_lib.js",
        ],
        "web.assets_unit_tests": [
            "territory_planning/static/tests/*.js",
        ],
        "web.assets_tests": [
            "territory_planning/static/tests/tours/**/*",
        ],
    },
    "application": True,
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
