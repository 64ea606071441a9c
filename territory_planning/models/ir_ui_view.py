import ast

from lxml import etree

from odoo import fields, models

NUMBERS = ("float", "integer", "monetary")
# Attribute of <territory_map> -> the types its field may have.
FIELDS = {
    "latitude": NUMBERS,
    "longitude": NUMBERS,
    "value": NUMBERS,
    "color": ("many2one", "selection", "boolean"),
    "owner": ("many2one",),
}
# What a <field> of it may be: colours by category, by class of a number, by age.
CHOICES = (*FIELDS["color"], *NUMBERS, "date", "datetime")
REQUIRED = ("latitude", "longitude")
OTHERS = ("__validate__", "card", "class", "doubt", "js_class", "string")
ATTRIBUTES = {*FIELDS, *OTHERS}


class IrUiView(models.Model):
    """The map as a type of view: ``<territory_map latitude="…" longitude="…" …/>``.

    :latitude, longitude: fields that say where a record is
    :color: field that colours the markers at first; ``<field>`` children are the
        other ones to choose from, numbers and dates among them
    :value: number to add up in the status line
    :owner: field with the user a record belongs to: the map opens on one's own
    :doubt: which values of selection fields mean that a place is not known well:
        ``{'field': ['value', …]}``; such a record is drawn hollow
    :card: method that answers what is shown when a record is clicked
    """

    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=[("territory_map", "Territory Map")])

    def _get_view_info(self):
        return {"territory_map": {"icon": "fa fa-map-o"}} | super()._get_view_info()

    def _postprocess_tag_territory_map(self, node, name_manager, node_info):
        # The browser needs the description of these fields, too.
        for attribute in FIELDS:
            if node.get(attribute):
                name_manager.has_field(node, node.get(attribute), node_info)

    def _validate_tag_territory_map(self, node, name_manager, node_info):
        for attribute in FIELDS:
            if node.get(attribute):
                name_manager.has_field(node, node.get(attribute), node_info)
        if not node_info["validate"]:
            return
        unknown = sorted(set(node.attrib) - ATTRIBUTES)
        if unknown:
            self._raise_view_error(
                self.env._(
                    "A territory map has no attribute %(unknown)s. It has: %(known)s.",
                    unknown=", ".join(unknown),
                    known=", ".join(sorted(ATTRIBUTES - {"__validate__"})),
                ),
                node,
            )
        for attribute in REQUIRED:
            if not node.get(attribute):
                self._raise_view_error(
                    self.env._(
                        "A territory map must say in which field the %(attribute)s is.",
                        attribute=attribute,
                    ),
                    node,
                )
        self._validate_territory_map_types(node, name_manager.model)
        self._validate_territory_map_doubt(node, name_manager.model)
        self._validate_territory_map_card(node, name_manager.model)

    def _validate_territory_map_types(self, node, model):
        used = [(node, attribute, node.get(attribute)) for attribute in FIELDS]
        for child in node.iterchildren(tag=etree.Element):
            if child.tag != "field":
                self._raise_view_error(
                    self.env._(
                        "A territory map holds only fields to colour by, not "
                        "<%(tag)s>.",
                        tag=child.tag,
                    ),
                    child,
                )
            used.append((child, "field", child.get("name")))
        for element, attribute, name in used:
            field = model._fields.get(name)
            possible = FIELDS.get(attribute, CHOICES)
            if field and field.type not in possible:
                self._raise_view_error(
                    self.env._(
                        "A territory map cannot take its %(attribute)s from "
                        "“%(field)s”, which is of type %(type)s. Possible: %(types)s.",
                        attribute=attribute,
                        field=name,
                        type=field.type,
                        types=", ".join(possible),
                    ),
                    element,
                )

    def _validate_territory_map_doubt(self, node, model):
        text = node.get("doubt")
        if not text:
            return
        try:
            doubt = dict(ast.literal_eval(text))
        except (ValueError, SyntaxError, TypeError):
            doubt = {"": []}
        for name, keys in doubt.items():
            field = model._fields.get(name)
            known = (
                field.get_values(self.env)
                if field and field.type == "selection"
                else []
            )
            if not isinstance(keys, list) or set(keys) - set(known) or not known:
                self._raise_view_error(
                    self.env._(
                        "The doubt of a territory map names values of selection "
                        "fields, as in {'field': ['value']}; “%(field)s” has none such.",
                        field=name,
                    ),
                    node,
                )

    def _validate_territory_map_card(self, node, model):
        name = node.get("card")
        if name and (name.startswith("_") or not callable(getattr(model, name, None))):
            self._raise_view_error(
                self.env._(
                    "The card of a territory map comes from a method that the web "
                    "client may call; %(model)s has none named “%(name)s”.",
                    model=model._name,
                    name=name,
                ),
                node,
            )
